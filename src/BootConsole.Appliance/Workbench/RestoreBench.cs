// Restores of the console: planned, shown, confirmed, run as shown.
using BootConsole.Appliance.Commands;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Disks.Finding;
using BootConsole.Disks.Growing;
using BootConsole.Host;
using BootConsole.Jobs;
using BootConsole.Stores;

namespace BootConsole.Appliance.Workbench;

/// <summary>Plans and runs restores. The plan that was shown last is the one that is run, and only with what each target says of itself.</summary>
internal sealed class RestoreBench(Services services, StoreBench store)
{
    // Buffers of one restore, with room to spare (MemoryBudget); more disks at once than these share one line to the store for nothing.
    private const long BytesOfJob = 128L << 20;
    private const int MostAtOnce = 8;

    private readonly List<(RestorePlan Plan, DiskInfo Target)> _plans = [];
    private readonly Lock _firmware = new();
    private RestoreOrder? _planned;
    private IDeleteStore? _leases;
    private volatile SharedProgress? _shared;

    /// <summary>The progress of each disk, where the last job wrote several at once, until <see cref="ForgetShared"/>; null otherwise.</summary>
    internal SharedProgress? Shared => _shared;

    /// <summary>Another job begins.</summary>
    internal void ForgetShared() => _shared = null;

    internal async Task<JobPlan> PlanAsync(RestoreOrder order, JobProgress progress, CancellationToken cancel)
    {
        _plans.Clear();
        _planned = null;
        var image = await store.OpenImageAsync(order.Image, cancel);
        var inventory = await new DiskFinder(services.Programs).FindAsync(DiskSurvey.Surroundings(store.Store!.LocalFolder), cancel);
        var selector = new DiskSelector(inventory);
        var context = services.MakeJobContext() with { Progress = progress };
        foreach (var (disk, row) in order.Pairs)
        {
            var target = selector.Resolve(row.Info.CanonicalPath, DiskPurpose.Restore, row.Info.IsImageFile ? DiskChoice.BlankFileSectors(row.Info.CanonicalPath, image.Manifest.Disks[disk]) ?? row.Info.SectorBytes : null);
            BackupBench.RequireSame(row.Info, target);
            _plans.Add((await new RestorePlanner(context).PlanAsync(image, disk, (target, () => OpenDisk.ForReading(target)), order.Options, cancel), target));
        }

        // A published image is read where nobody of this PC writes.
        _leases = store.SourceOf(order.Image) as IDeleteStore;
        DiskChoice.RequireDifferent(inventory, [.. _plans.Select(plan => plan.Target)]);
        _planned = order;
        return new JobPlan([.. _plans.SelectMany(plan => plan.Plan.Sentences)], [.. _plans.Select(plan => (plan.Target.CanonicalPath, plan.Target.OverwriteToken))]);
    }

    internal async Task<WorkEnd> RunAsync(RestoreOrder order, IReadOnlyList<string> tokens, JobProgress progress, CancellationToken cancel)
    {
        if (!ReferenceEquals(_planned, order)) throw new RefusedFault("this restore was not planned");
        _planned = null;
        // The screen has compared them; so has the one who writes.
        if (!tokens.SequenceEqual(_plans.Select(plan => plan.Target.OverwriteToken))) throw new RefusedFault("overwriting was not confirmed") { Expected = string.Join(", ", _plans.Select(plan => plan.Target.OverwriteToken)) };
        List<IWritableDisk> disks = [];
        try
        {
            // All targets are taken before the first is written: when the second is refused, the first must not be lost already.
            foreach (var (_, target) in _plans) disks.Add(OpenDisk.ForWriting(target));
            if (_plans.Count > 1) return await RunAllAsync(disks, progress, cancel);
            var lines = await RunOneAsync(_plans[0], disks[0], progress, cancel);
            return new WorkEnd(_plans[0].Plan.Lost.Count > 0 ? WorkOutcome.DoneWithLoss : WorkOutcome.Done, lines, null);
        }
        finally
        {
            foreach (var disk in disks) disk.Dispose();
            _plans.Clear();
        }
    }

    private async Task<IReadOnlyList<string>> RunOneAsync((RestorePlan Plan, DiskInfo Target) planned, IWritableDisk disk, JobProgress progress, CancellationToken cancel)
    {
        var context = services.MakeJobContext() with { Progress = progress };
        var result = await new RestoreJob(context, _leases, new FileSystemGrower(services.Programs)).RunAsync(planned.Plan, disk, () => OpenDisk.ForReading(planned.Target), cancel);
        var fallback = await FallbackLoader.EnsureAsync(services.Programs, planned.Plan, disk, () => OpenDisk.ForReading(planned.Target));
        // The firmware has one list for all disks.
        lock (_firmware) return [RestoreWords.Ending(planned.Plan, result), .. result.Warnings, .. fallback, .. BootEntries.RestoreHere(planned.Plan, () => OpenDisk.ForReading(planned.Target))];
    }

    // Side by side, as many as the memory carries; a disk that fails does not stop the others.
    private async Task<WorkEnd> RunAllAsync(List<IWritableDisk> disks, JobProgress whole, CancellationToken cancel)
    {
        var shared = new SharedProgress(services.Clock);
        var parts = _plans.Select(planned => shared.Add(planned.Target.CanonicalPath)).ToList();
        _shared = shared;
        // A person may have been quicker.
        if (whole.IsPaused) shared.Pause(true);
        var ends = new DiskEnd[disks.Count];
        var atOnce = (int)Math.Clamp(MachineMemory.AvailableBytes() / BytesOfJob, 1, MostAtOnce);
        await Parallel.ForAsync(0, disks.Count, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (number, _) =>
        {
            ends[number] = await TryOneAsync(_plans[number], disks[number], parts[number], cancel);
            shared.End(parts[number], ends[number].Report is null);
        });
        return Sum(ends);
    }

    private async Task<DiskEnd> TryOneAsync((RestorePlan Plan, DiskInfo Target) planned, IWritableDisk disk, JobProgress progress, CancellationToken cancel)
    {
        try
        {
            cancel.ThrowIfCancellationRequested();
            return new DiskEnd(planned.Target.CanonicalPath, await RunOneAsync(planned, disk, progress, cancel), planned.Plan.Lost.Count > 0, null, ExitCode.Done);
        }
#pragma warning disable CA1031 // Each disk is a job of its own: what ends it becomes words on the screen, and the others go on.
        catch (Exception end)
#pragma warning restore CA1031
        {
            var code = ExitCodes.Of(end, hasWritten: true, cancel.IsCancellationRequested);
            var report = FaultReport.Of(end, code, RestoreWords.Safe);
            return new DiskEnd(planned.Target.CanonicalPath, [$"{planned.Target.CanonicalPath} is NOT restored: {report.What}"], false, report, code);
        }
    }

    private static WorkEnd Sum(DiskEnd[] ends)
    {
        List<string> lines = [.. ends.SelectMany(end => end.Lines)];
        var lost = ends.Where(end => end.Report is not null).ToList();
        if (lost.Count == 0) return new WorkEnd(ends.Any(end => end.HasLosses) ? WorkOutcome.DoneWithLoss : WorkOutcome.Done, lines, null);
        var isCancelled = lost.All(end => end.Code == ExitCode.Cancelled);
        var what = $"{lost.Count} of {ends.Length} disks are not restored: {string.Join(", ", lost.Select(end => end.Disk))}.";
        return new WorkEnd(isCancelled ? WorkOutcome.Cancelled : WorkOutcome.Failed, lines, new FaultReport(what, RestoreWords.Safe, lost.First(end => isCancelled || end.Code != ExitCode.Cancelled).Report!.Remedy));
    }

    private sealed record DiskEnd(string Disk, IReadOnlyList<string> Lines, bool HasLosses, FaultReport? Report, ExitCode Code);
}
