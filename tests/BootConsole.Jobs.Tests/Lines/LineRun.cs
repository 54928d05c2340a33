// Jobs at a real sshd whose line or server fails: going on within one run, or by the same command again, until it is done.
using System.Diagnostics;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;
using BootConsole.Stores.Directories;
using BootConsole.Stores.Sftp;
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests.Lines;

/// <summary>One server, one disk and an earlier image of it; what a seed leaves open is drawn from <see cref="Random"/>.</summary>
internal sealed class LineRun : IAsyncDisposable
{
    private const int Chunk = SampleDisk.ChunkBytes, MostAttempts = 30;

    // A passing test never depends on it.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly JobRoom _room = new() { SegmentBytes = 4 * Chunk, StallLimit = TimeSpan.FromDays(1) };
    private readonly byte[] _earlierContent;
    private ImageId _earlier = null!;
    private long _sent;

    private LineRun(PrivateSshd server, int seed)
    {
        (Server, Seed, Random) = (server, seed, new Random(seed));
        _earlierContent = RandomBytes.Of(seed, 48 * Chunk);
        _earlierContent.AsSpan(0, 2 * 512).Clear();
        Disk = new TestDisk(_earlierContent.ToArray());
    }

    internal PrivateSshd Server { get; }

    internal Random Random { get; }

    internal int Seed { get; }

    /// <summary>The disk as it is now.</summary>
    internal TestDisk Disk { get; }

    /// <summary>Reads of the disk that an undisturbed backup makes.</summary>
    internal int Reads { get; private set; }

    /// <summary>Bytes that an undisturbed backup sends, and the length of its longest segment.</summary>
    internal (long Sent, long SegmentBytes) Undisturbed { get; private set; }

    /// <summary>Starts a server with an image of the disk, and changes the disk.</summary>
    internal static async Task<LineRun> StartAsync(int seed)
    {
        var run = new LineRun(await PrivateSshd.StartAsync(), seed);
        run._room.Store = DirectoryStore.Open(run.Server.StoreFolder, StoreAccess.Write);
        if (seed % 2 == 0) await run._room.EncryptAsync();
        run._earlier = (await run._room.BackupAsync([run.Plan()])).Image;
        run._room.Kind = seed % 3 == 0 ? ImageKind.Full : ImageKind.Incremental;
        RandomBytes.Of(seed + 1, 26 * Chunk).CopyTo(run.Disk.Bytes, run.Random.Next(2, 20) * Chunk);
        await run.MeasureAsync();
        return run;
    }

    /// <summary>Repeats the same backup until it is done.</summary>
    /// <param name="port">The server's, or that of a proxy before it.</param>
    /// <param name="repair">Called whenever the connection was lost, before it is tried again.</param>
    internal Task<BackupResult> BackupAsync(int port, Func<Task> repair) => RepeatAsync(port, repair, (room, progress) => room.BackupAsync([Plan()], 0, progress));

    /// <summary>Repeats the same verification, then the same restore, until both are done.</summary>
    internal async Task RestoreAsync(int port, TestDisk target, Func<Task> repair)
    {
        await RepeatAsync(port, repair, (room, _) => room.VerifyAsync(_earlier));
        await RepeatAsync(port, repair, (room, _) => room.RestoreAsync(_earlier, target, 0, new RestoreOptions { OnlyDifferences = true }));
    }

    /// <summary>Holds the store against what it must have now, reading its folder directly.</summary>
    /// <param name="result">The image that was made.</param>
    /// <param name="cuts">How often the line was cut.</param>
    internal async Task CheckAsync(BackupResult result, int cuts)
    {
        _room.Store = DirectoryStore.Open(Server.StoreFolder, StoreAccess.Write);
        Assert.Equal(Disk.Bytes, await _room.ReadAsync(result.Image));
        Assert.Equal(_earlierContent, await _room.ReadAsync(_earlier));
        foreach (var listing in await ImageList.ReadAsync(_room.Store, default))
        {
            var files = Directory.EnumerateFileSystemEntries(Path.Combine(Server.StoreFolder, "images", listing.Id.Text)).Select(path => Path.GetFileName(path)!).ToList();
            // The answer to a commit may be lost: then the first image is whole, and the command repeated makes another.
            Assert.True(listing.State == "done", $"{listing.Id} is {listing.State} ({listing.Reason}) beside {result.Image}: {string.Join(", ", files)}");
            await _room.VerifyAsync(listing.Id);
            await _room.VerifyKeylessAsync(listing.Id);
        }

        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(Server.StoreFolder, "images", result.Image.Text), "*.part", SearchOption.AllDirectories), _ => true);
        var again = Math.Max(0, _sent - Undisturbed.Sent);
        Assert.True(again <= 2 * cuts * Undisturbed.SegmentBytes, $"{cuts} cuts: {again} bytes were sent again, a segment has {Undisturbed.SegmentBytes}");
        if (cuts > 0) FaultTally.NoteCuts(cuts, again, Undisturbed.SegmentBytes);
    }

    /// <summary>Fails unless a disk holds what the earlier image has, and the store nothing new.</summary>
    internal async Task CheckEarlierAsync(TestDisk target)
    {
        _room.Store = DirectoryStore.Open(Server.StoreFolder, StoreAccess.Write);
        Assert.Equal(_earlierContent, target.Bytes);
        Assert.Equal([_earlier], (await ImageList.ReadAsync(_room.Store, default)).Select(listing => listing.Id));
        await _room.VerifyAsync(_earlier);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private DiskPlan Plan() => SampleDisk.PlanOf(Disk, RangeSet.Of(new ByteRange(0, Disk.Bytes.Length)));

    private async Task<T> RepeatAsync<T>(int port, Func<Task> repair, Func<JobRoom, JobProgress, Task<T>> work)
    {
        List<JobIdentity> gone = [_room.Processes.Self];
        for (var attempt = 1; ; attempt++)
        {
            var progress = new JobProgress();
            var processes = new FakeProcesses { Self = new JobIdentity("this-pc", "boot-1", 5000 + attempt, 100) };
            processes.Gone.UnionWith(gone);
            try
            {
                return await AttemptAsync(port, _room.With(processes), progress, repair, work);
            }
            catch (TransportFault loss) when (loss.MayPass && attempt < MostAttempts)
            {
                // Before there is something to go on with, a lost line ends the command.
                gone.Add(processes.Self);
                await repair();
            }
            finally
            {
                _sent += progress[Stage.Send].Bytes;
            }
        }
    }

    private async Task<T> AttemptAsync<T>(int port, JobRoom room, JobProgress progress, Func<Task> repair, Func<JobRoom, JobProgress, Task<T>> work)
    {
        var settings = Server.SettingsThrough(port) with { KeepAliveSeconds = 1 };
        await using var store = await RenewableStore.OpenAsync(
            async token => await SftpStore.OpenAsync(Server.AddressThrough(port), settings, StoreAccess.Write, IfMissing.Refuse, token),
            new RetryPolicy { Clock = room.Clock, Report = progress.Report },
            default);
        room.Store = store;
        var running = Task.Run(() => work(room, progress));
        var (waits, started) = (false, Stopwatch.GetTimestamp());
        while (!running.IsCompleted)
        {
            if (Stopwatch.GetElapsedTime(started) > Limit) throw new TimeoutException($"seed {Seed} does not end: {progress.Activity}\n{Server.Log}");
            await Task.WhenAny(running, Task.Delay(10));
            foreach (var _ in progress.TakeEvents().Where(line => line.Contains("trying again", StringComparison.Ordinal)))
            {
                await repair();
                waits = true;
            }

            // Time stands still until somebody waits; from then on it runs a hundred times as fast as outside.
            if (waits && !running.IsCompleted) room.Clock.Move(TimeSpan.FromSeconds(1));
        }

        return await running;
    }

    // The same in memory, where nothing disturbs it.
    private async Task MeasureAsync()
    {
        var room = new JobRoom { SegmentBytes = _room.SegmentBytes };
        var now = Disk.Bytes.ToArray();
        _earlierContent.CopyTo(Disk.Bytes, 0);
        await room.BackupAsync([Plan()]);
        now.CopyTo(Disk.Bytes, 0);
        room.Kind = _room.Kind;
        var progress = new JobProgress();
        var plan = Plan();
        var before = Disk.Calls.Count;
        var result = await room.BackupAsync([plan], 0, progress);
        Reads = Disk.Calls.Count - before;
        Undisturbed = (progress[Stage.Send].Bytes, result.Manifest.Disks[0].Segments.Max(segment => segment.Length));
    }
}
