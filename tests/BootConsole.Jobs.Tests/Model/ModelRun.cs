// A random history of one store, step by step beside what it must come to: the same seed draws the same steps.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Jobs.Tests.Model;

/// <summary>
/// Backups of every kind, cuts, power cuts, lost lines, deletions and prunings, one after another and at once. The steps are drawn before they run; which operation a number hits may differ
/// from run to run, for some of a job's operations are concurrent and its tokens are random.
/// </summary>
internal sealed class ModelRun
{
    // About as many as a short one has: nearly every number drawn strikes.
    private const int BackupOperations = 150, RemovalOperations = 60;

    private static readonly TimeSpan UntilDead = Lease.DeadAfter + TimeSpan.FromMinutes(1);

    private readonly Random _random;
    private readonly FakeClock _clock = new();
    private readonly MemoryMedium _medium;
    private readonly List<ModelDisk> _disks;
    private readonly List<KeySet?> _keys;
    private readonly HashSet<JobIdentity> _gone = [];
    private readonly Dictionary<ImageId, ModelImage> _images = [], _lost = [];
    private readonly HashSet<ImageId> _deleted = [], _mayBeRemoved = [], _unheard = [];
    private readonly ModelIntruder _intruder;
    private readonly List<string> _log = [];
    private ModelWish? _cutOff;
    private bool _powerFailed;
    private int _processes;

    internal ModelRun(int seed)
    {
        (Seed, _random) = (seed, new Random(seed));
        _medium = new MemoryMedium { Clock = _clock };
        _disks = [.. Enumerable.Range(1, _random.Next(1, 3)).Select(number => new ModelDisk($"S{number}", _random))];
        _intruder = new ModelIntruder(_medium, _clock, _mayBeRemoved);
        _keys = [null, null, KeySet.MakeRandom(), KeySet.MakeRandom()];
    }

    internal int Seed { get; }

    /// <summary>Cuts that struck so far.</summary>
    internal int Cuts { get; private set; }

    /// <summary>The steps so far, a line each.</summary>
    internal string Log => string.Join('\n', _log.Select((line, index) => $"{index + 1,4} {line}"));

    /// <summary>Takes steps, checks the store after each, and at the end removes everything.</summary>
    internal async Task RunAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            await StepAsync();
            await new ModelCheck(Room(), _images, _deleted).RunAsync(_random.Next());
        }

        await EndAsync();
        foreach (var keys in _keys) keys?.Dispose();
    }

    private Task StepAsync() => _random.Next(100) switch
    {
        < 22 => ChangeAsync(),
        < 58 => BackupAsync(DrawWish(), ModelTrouble.Draw(_random, BackupOperations, isBackup: true)),
        < 72 => BackupAsync(_cutOff ?? DrawWish(), _random.Next(2) == 0 ? ModelTrouble.None : ModelTrouble.Draw(_random, BackupOperations, isBackup: true)),
        < 84 => DeleteAsync(_random.Next(1000), _random.Next(2) == 0 ? ModelTrouble.None : ModelTrouble.Draw(_random, RemovalOperations, isBackup: false)),
        < 90 => PruneAsync(_random.Next(1000), _random.Next(2) == 0 ? ModelTrouble.None : ModelTrouble.Draw(_random, RemovalOperations, isBackup: false)),
        < 97 => RestoreAsync(),
        < 99 => WaitAsync(TimeSpan.FromHours(_random.Next(1, 40))),
        _ => SetClockAsync(TimeSpan.FromDays(3652 * _random.Next(-1, 2))),
    };

    private Task ChangeAsync()
    {
        var disk = _random.Next(_disks.Count);
        _log.Add($"disk {disk} changes: {_disks[disk].Change(_random)}");
        return Task.CompletedTask;
    }

    private Task WaitAsync(TimeSpan time)
    {
        _log.Add($"{time.TotalMinutes} minutes pass");
        _clock.Move(time);
        return Task.CompletedTask;
    }

    private Task SetClockAsync(TimeSpan ahead)
    {
        _log.Add($"the clock is {ahead.TotalDays} days ahead");
        _clock.WallAhead = ahead;
        return Task.CompletedTask;
    }

    private ModelWish DrawWish()
    {
        ImageKind[] kinds = [ImageKind.Full, ImageKind.Incremental, ImageKind.Incremental, ImageKind.Incremental, ImageKind.Differential, ImageKind.Copy];
        IReadOnlyList<int> disks = _random.Next(3) == 0 ? [.. Enumerable.Range(0, _disks.Count)] : [_random.Next(_disks.Count)];
        return new ModelWish(disks, kinds[_random.Next(kinds.Length)], _keys[_random.Next(_keys.Count)], _random.Next(5) == 0 ? (byte)0xE5 : (byte)0);
    }

    private async Task BackupAsync(ModelWish wish, ModelTrouble trouble)
    {
        _log.Add($"{wish}{trouble}");
        var made = new ModelImage([.. wish.Disks.Select(disk => (_disks[disk].Padded(wish.Pad), _disks[disk].Used))], wish.Keys);
        await PublishKeysAsync(wish.Keys);
        _clock.Move(TimeSpan.FromSeconds(1));
        var room = Room();
        var progress = new JobProgress();
        var store = await OpenAsync(trouble, progress);
        var context = room.Context(progress);
        var options = JobRoom.Options with { Pad = wish.Pad, Kind = wish.Kind, Keys = wish.Keys, SegmentByRate = [new SegmentRate(null, 4 * SampleDisk.ChunkBytes)] };
        Cut(trouble);
        BackupResult? result = null;
        var end = await EndOfAsync(async () => result = await new BackupJob(context, store).RunAsync([.. wish.Disks.Select(disk => _disks[disk].Plan())], options, default), progress);
        Settle(room, trouble);
        _log[^1] += result is null ? $": {end?.GetType().Name} {end?.Message}" : $": {result.Image} {result.Manifest.Kind}";
        _cutOff = result is null ? wish : null;
        if (result is not null && result.Manifest.Kind != wish.Kind && (wish.Kind is ImageKind.Full or ImageKind.Copy || result.Manifest.Kind != ImageKind.Full)) throw new InvalidOperationException($"a {wish.Kind} backup made a {result.Manifest.Kind} image");
        if (result is not null) TakeIn(result.Manifest, result.Image, made);
        else if (!trouble.IsAny) throw new InvalidOperationException("a backup that nothing disturbed has failed", end);
        else if (end is not Fault || (trouble.StepInAt == 0 && end is not TransportFault)) throw new InvalidOperationException("a disturbed backup ended in a fault that its trouble does not explain", end);
        else await TakeInUnheardAsync(made);
        await ForgetRemovedAsync(isHeard: false);
    }

    // The answer to the commit was lost: then the image is there, and of this moment.
    private async Task TakeInUnheardAsync(ModelImage made)
    {
        await BringBackAsync();
        var unheard = (await ListAsync()).Where(listing => listing.State == "done" && !_images.ContainsKey(listing.Id)).ToList();
        if (unheard.Count > 1) throw new InvalidOperationException($"one backup made several images: {string.Join(' ', unheard.Select(listing => listing.Id))}");
        foreach (var listing in unheard)
        {
            _log[^1] += $", and yet {listing.Id}";
            TakeIn(listing.Manifest!, listing.Id, made);
            _unheard.Add(listing.Id);
        }
    }

    private void TakeIn(Manifest manifest, ImageId id, ModelImage image)
    {
        // Whoever builds on an image makes sure of it first.
        _unheard.RemoveWhere(unheard => unheard.Text == manifest.Parent);
        if (_images.ContainsKey(id) || _deleted.Contains(id)) throw new InvalidOperationException($"{id} was made a second time");
        _images[id] = image;
    }

    private async Task DeleteAsync(int choice, ModelTrouble trouble)
    {
        var all = await ListAsync();
        if (all.Count == 0) return;
        var id = all[choice % all.Count].Id;
        _log.Add($"delete {id} ({all[choice % all.Count].State}){trouble}");
        await RemoveAsync([id], removal => removal.DeleteAsync(id, default), trouble);
        if (!trouble.IsAny && (await ListAsync()).Any(listing => listing.Id == id)) throw new InvalidOperationException($"{id} was deleted and is listed");
    }

    private async Task PruneAsync(int choice, ModelTrouble trouble)
    {
        var ids = await _intruder.PlanPruneAsync(choice);
        _log.Add($"prune ({choice}) {string.Join(' ', ids)}{trouble}");
        await RemoveAsync(ids, async removal =>
        {
            // Of several, one in use keeps no other from going: those are gone when it is tried again.
            var left = (await ListAsync()).Select(listing => listing.Id).Intersect(ids).ToList();
            if ((await removal.DeleteAllAsync(left, default)).Images.FirstOrDefault(image => image.Refusal is not null) is { } refused) throw refused.Refusal!;
        }, trouble);
        if (!trouble.IsAny && (await ListAsync()).Any(listing => ids.Contains(listing.Id))) throw new InvalidOperationException("a pruned image is listed");
    }

    // A lease of a job that died elsewhere, or that a power cut made unreadable, holds things up until it is old, and no longer.
    private async Task RemoveAsync(IReadOnlyList<ImageId> ids, Func<ImageRemoval, Task> work, ModelTrouble trouble)
    {
        for (var attempt = 1; ; attempt++)
        {
            var room = Room();
            _mayBeRemoved.UnionWith(ids);
            Cut(trouble);
            var end = await Record.ExceptionAsync(() => work(new ImageRemoval(room.Store, room.Processes)));
            Settle(room, trouble);
            if (end is not null) _log[^1] += $": {end.GetType().Name} {end.Message}";
            await ForgetRemovedAsync(isHeard: end is null);
            if (end is null || (end is TransportFault && trouble.CutAt > 0)) return;
            if (end is not RefusedFault || attempt == 2) throw new InvalidOperationException("a removal has failed", end);
            await WaitAsync(UntilDead);
        }
    }

    private async Task RestoreAsync()
    {
        if (_images.Count == 0) return;
        var (choice, other, isDelta) = (_random.Next(1000), _random.Next(1000), _random.Next(2) == 0);
        var ids = _images.Keys.OrderBy(id => id.Text, StringComparer.Ordinal).ToList();
        var (id, image) = (ids[choice % ids.Count], _images[ids[choice % ids.Count]]);
        var disk = other % image.Disks.Count;
        var older = _images[ids[other % ids.Count]];
        _log.Add($"restore disk {disk} of {id}{(isDelta ? " where it differs" : "")} over {ids[other % ids.Count]}");
        var (bytes, used) = image.Disks[disk];
        var old = RandomBytes.Of(other, bytes.Length);
        var before = older.Disks[0].Bytes;
        before.AsSpan(0, Math.Min(before.Length, old.Length)).CopyTo(old);
        var (target, room) = (new TestDisk(old), Room());
        room.Keys = image.Keys;
        await room.RestoreAsync(id, target, disk, new RestoreOptions { OnlyDifferences = isDelta });
        foreach (var range in used.Ranges)
            if (!target.Bytes.AsSpan((int)range.Start, (int)range.Length).SequenceEqual(bytes.AsSpan((int)range.Start, (int)range.Length))) throw new InvalidOperationException($"{range} of the target is not what the image has");
    }

    private async Task EndAsync()
    {
        _log.Add("everything is deleted");
        _clock.Move(UntilDead);
        foreach (var listing in await ListAsync()) await RemoveAsync([listing.Id], removal => removal.DeleteAsync(listing.Id, default), ModelTrouble.None);
        await RemoveAsync([], removal => removal.SweepAsync(default), ModelTrouble.None);
        var left = _medium.Files().Where(file => file.Text.StartsWith("images/", StringComparison.Ordinal)).ToList();
        if (left.Count > 0) throw new InvalidOperationException($"left when everything was deleted: {string.Join(' ', left)}");
    }

    // Whatever is not listed any more, and may be removed: by a deletion that was cut, by somebody who stepped in.
    private async Task ForgetRemovedAsync(bool isHeard)
    {
        await BringBackAsync();
        var done = (await ListAsync()).Where(listing => listing.State == "done").Select(listing => listing.Id).ToHashSet();
        foreach (var id in _images.Keys.Where(id => !done.Contains(id)).ToList())
        {
            if (!isHeard) _lost[id] = _images[id];
            _images.Remove(id);
            var isRemoved = _mayBeRemoved.Remove(id);
            if (isRemoved) _deleted.Add(id);
            // Nobody was told that it is done: until something is built on it, the power may take its name, and the same backup goes on with it.
            else if (!_powerFailed || !_unheard.Remove(id)) throw new InvalidOperationException($"{id} is not listed any more, and nobody removed it");
        }

        _powerFailed = false;
        _mayBeRemoved.Clear();
    }

    // Nobody was told that they are gone: the power may take the new name of such a manifest, and then they are there again, and whole.
    private async Task BringBackAsync()
    {
        if (!_powerFailed) return;
        foreach (var listing in await ListAsync())
        {
            if (listing.State != "done" || _images.ContainsKey(listing.Id) || !_lost.Remove(listing.Id, out var image)) continue;
            _images[listing.Id] = image;
            _deleted.Remove(listing.Id);
        }
    }

    private async Task<IDeleteStore> OpenAsync(ModelTrouble trouble, JobProgress progress)
    {
        if (trouble.StepInAt > 0)
        {
            var other = Room();
            return new WatchedStore(await OpenLineAsync(trouble, progress)) { Before = (number, _) => StepIn(number) };

            void StepIn(int number)
            {
                if (number == trouble.StepInAt) Task.Run(() => _intruder.StepInAsync(other, trouble.StepInChoice)).GetAwaiter().GetResult();
            }
        }

        return await OpenLineAsync(trouble, progress);
    }

    private async Task<IDeleteStore> OpenLineAsync(ModelTrouble trouble, JobProgress progress)
    {
        if (!trouble.LineComesBack || trouble.StepInAt > 0) return _medium.Open();
        var opened = 0;
        return await RenewableStore.OpenAsync(
            _ =>
            {
                if (++opened == 2)
                {
                    Cuts++;
                    _medium.Plan = null;
                    if (trouble.IsPowerCut) CutPower(trouble);
                }

                return Task.FromResult<IDeleteStore>(_medium.Open());
            },
            new RetryPolicy { Clock = _clock, Report = progress.Report },
            default);
    }

    private void Cut(ModelTrouble trouble) => _medium.Plan = trouble.CutAt > 0 ? FaultPlan.Cut(trouble.CutAt, trouble.Moment) : null;

    // The job is over: the line is back, and its process gone.
    private void Settle(JobRoom room, ModelTrouble trouble)
    {
        var struck = _medium.Plan is not null && _medium.Operations >= trouble.CutAt;
        if (struck) Cuts++;
        _medium.Plan = null;
        if (struck && trouble.IsPowerCut) CutPower(trouble);
        else _medium.Cut();
        if (!struck || !trouble.IsElsewhere) _gone.Add(room.Processes.Self);
    }

    private void CutPower(ModelTrouble trouble)
    {
        _powerFailed = true;
        _medium.Crash(trouble.CrashSeed);
    }

    private async Task PublishKeysAsync(KeySet? keys)
    {
        if (keys is null || (await KeyWraps.ListAsync(_medium.Open(), keys.Id, default)).Count > 0) return;
        using var recipient = new PasswordRecipient("open sesame"u8.ToArray(), logN: 1);
        await KeyWraps.PublishAsync(_medium.Open(), keys, [recipient], null, default);
    }

    // Time stands still unless the job says that it waits.
    private async Task<Exception?> EndOfAsync(Func<Task> work, JobProgress progress)
    {
        var running = Task.Run(work);
        var waits = false;
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(2));
            waits |= progress.TakeEvents().Any(line => line.Contains("waiting", StringComparison.Ordinal) || line.Contains("trying again", StringComparison.Ordinal));
            if (waits && !running.IsCompleted) _clock.Move(TimeSpan.FromSeconds(1));
        }

        return await Record.ExceptionAsync(() => running);
    }

    private Task<IReadOnlyList<ImageListing>> ListAsync() => ImageList.ReadAsync(_medium.Open(), default);

    private JobRoom Room()
    {
        var processes = new FakeProcesses { Self = new JobIdentity("this-pc", "boot-1", ++_processes, 100) };
        processes.Gone.UnionWith(_gone);
        return new JobRoom(_medium) { Clock = _clock, Processes = processes, StallLimit = TimeSpan.FromDays(1) };
    }
}
