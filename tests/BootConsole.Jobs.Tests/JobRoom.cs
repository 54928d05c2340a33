// The surroundings of a job in a test: a store in memory or elsewhere, a clock, and the jobs in one line each.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Jobs.Tests;

/// <summary>One store and what is needed to work with it. Images begun later have later ids.</summary>
internal sealed class JobRoom
{
    internal JobRoom() : this(new MemoryMedium()) { }

    internal JobRoom(MemoryMedium medium) => (Medium, Store) = (medium, medium.Open());

    internal MemoryMedium Medium { get; }

    internal IDeleteStore Store { get; set; }

    internal FakeClock Clock { get; init; } = new();

    internal FakeProcesses Processes { get; init; } = new();

    /// <summary>The same room, as another process sees it.</summary>
    internal JobRoom With(FakeProcesses processes) => new(Medium) { Store = Store, Processes = processes, Clock = Clock, Keys = Keys, Kind = Kind, SegmentBytes = SegmentBytes, StallLimit = StallLimit };

    /// <summary>The kind of the images that are made.</summary>
    internal ImageKind Kind { get; set; } = ImageKind.Full;

    /// <summary>Stored bytes at which a segment is closed.</summary>
    internal long SegmentBytes { get; init; } = 200_000;

    /// <summary>For how long nothing may move.</summary>
    internal TimeSpan StallLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The keys of images; null for images that are not encrypted.</summary>
    internal KeySet? Keys { get; set; }

    internal static BackupOptions Options { get; } = new() { Pc = new PcRecord { Name = "office-pc", Firmware = "uefi" }, Program = "tests" };

    internal JobContext Context(JobProgress? progress = null) =>
        new() { MakeTransform = level => new ZstdTransform(level), Processes = Processes, Clock = Clock, Progress = progress ?? new JobProgress(), StallLimit = StallLimit };

    internal Task<BackupResult> BackupAsync(SampleDisk disk, byte pad = 0, CancellationToken cancel = default) => BackupAsync([disk.Plan()], pad, null, cancel);

    internal Task<BackupResult> BackupAsync(IReadOnlyList<DiskPlan> plans, byte pad = 0, JobProgress? progress = null, CancellationToken cancel = default)
    {
        Clock.Move(TimeSpan.FromSeconds(1));
        return new BackupJob(Context(progress), Store).RunAsync(plans, Options with { Pad = pad, SegmentByRate = [new SegmentRate(null, SegmentBytes)], Keys = Keys, Kind = Kind }, cancel);
    }

    internal Task<VerifyResult> VerifyAsync(ImageId id) => new VerifyJob(Context(), Store).RunAsync(id, Keys, default);

    internal Task<VerifyResult> VerifyKeylessAsync(ImageId id) => new VerifyJob(Context(), Store).RunKeylessAsync(id, default);

    internal async Task<RestorePlan> PlanAsync(ImageId id, DiskInfo target, int disk = 0, RestoreOptions? options = null, Func<IDisk>? open = null) =>
        await new RestorePlanner(Context()).PlanAsync(await OpenAsync(id), disk, (target, open), options ?? new RestoreOptions(), default);

    /// <summary>Opens an image, unlocked.</summary>
    internal async Task<ImageReader> OpenAsync(ImageId id)
    {
        var image = await ImageReader.OpenAsync(Store, id, default);
        if (Keys is not null) await image.UnlockAsync(Keys, needsMac: true, default);
        return image;
    }

    internal async Task<RestoreResult> RestoreAsync(ImageId id, TestDisk target, int disk = 0, RestoreOptions? options = null, CancellationToken cancel = default) =>
        await new RestoreJob(Context(), Store).RunAsync(await PlanAsync(id, target.Info, disk, options, target.Again), target, target.Again, cancel);

    /// <summary>Makes a key set and publishes it, wrapped by a password; images are encrypted from then on.</summary>
    internal async Task<KeySet> EncryptAsync(string password = "open sesame")
    {
        Keys = KeySet.MakeRandom();
        using var recipient = new PasswordRecipient(System.Text.Encoding.UTF8.GetBytes(password), logN: 1);
        await KeyWraps.PublishAsync(Store, Keys, [recipient], null, default);
        return Keys;
    }

    /// <summary>What a disk of an image decodes to.</summary>
    internal async Task<byte[]> ReadAsync(ImageId id, int disk = 0)
    {
        var image = await OpenAsync(id);
        var record = image.Manifest.Disks[disk];
        var target = new TestDisk(new byte[record.Size], record.SectorBytes);
        await new ExportJob(Context()).RunAsync(image, disk, target, default);
        return target.Bytes;
    }

    /// <summary>Files of the store that are no part of a finished image.</summary>
    internal IReadOnlyList<string> Leftovers(params ImageId[] finished) =>
        [.. Medium.Files().Select(file => file.Text).Where(file => file.EndsWith(".part", StringComparison.Ordinal) || !finished.Any(id => file.StartsWith($"images/{id}/", StringComparison.Ordinal)))];
}
