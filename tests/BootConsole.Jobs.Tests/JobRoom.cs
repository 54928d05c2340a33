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

    internal FakeClock Clock { get; } = new();

    internal FakeProcesses Processes { get; } = new();

    /// <summary>Stored bytes at which a segment is closed.</summary>
    internal long SegmentBytes { get; init; } = 200_000;

    internal static BackupOptions Options { get; } = new() { Pc = new PcRecord { Name = "office-pc", Firmware = "uefi" }, Program = "tests" };

    internal JobContext Context(JobProgress? progress = null) =>
        new() { MakeTransform = level => new ZstdTransform(level), Processes = Processes, Clock = Clock, Progress = progress ?? new JobProgress() };

    internal Task<BackupResult> BackupAsync(SampleDisk disk, byte pad = 0, CancellationToken cancel = default) => BackupAsync([disk.Plan()], pad, null, cancel);

    internal Task<BackupResult> BackupAsync(IReadOnlyList<DiskPlan> plans, byte pad = 0, JobProgress? progress = null, CancellationToken cancel = default)
    {
        Clock.Move(TimeSpan.FromSeconds(1));
        return new BackupJob(Context(progress), Store).RunAsync(plans, Options with { Pad = pad, SegmentByRate = [new SegmentRate(null, SegmentBytes)] }, cancel);
    }

    internal Task<VerifyResult> VerifyAsync(ImageId id) => new VerifyJob(Context(), Store).RunAsync(id, default);

    internal Task<VerifyResult> VerifyKeylessAsync(ImageId id) => new VerifyJob(Context(), Store).RunKeylessAsync(id, default);

    internal async Task<RestorePlan> PlanAsync(ImageId id, DiskInfo target, int disk = 0) =>
        await new RestorePlanner(Context()).PlanAsync(await ImageReader.OpenAsync(Store, id, default), disk, target, default);

    internal async Task<RestoreResult> RestoreAsync(ImageId id, TestDisk target, int disk = 0, CancellationToken cancel = default) =>
        await new RestoreJob(Context(), Store).RunAsync(await PlanAsync(id, target.Info, disk), target, target.Again, cancel);

    /// <summary>Files of the store that are no part of a finished image.</summary>
    internal IReadOnlyList<string> Leftovers(params ImageId[] finished) =>
        [.. Medium.Files().Select(file => file.Text).Where(file => file.EndsWith(".part", StringComparison.Ordinal) || !finished.Any(id => file.StartsWith($"images/{id}/", StringComparison.Ordinal)))];
}
