// Restores of the console: planned, shown, confirmed, run as shown.
using BootConsole.Appliance.Commands;
using BootConsole.Appliance.Screens;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Disks.Finding;
using BootConsole.Disks.Growing;
using BootConsole.Jobs;
using BootConsole.Stores;

namespace BootConsole.Appliance.Workbench;

/// <summary>Plans and runs restores. The plan that was shown last is the one that is run, and only with what each target says of itself.</summary>
internal sealed class RestoreBench(Services services, StoreBench store)
{
    private readonly List<(RestorePlan Plan, DiskInfo Target)> _plans = [];
    private RestoreOrder? _planned;

    internal async Task<JobPlan> PlanAsync(RestoreOrder order, JobProgress progress, CancellationToken cancel)
    {
        _plans.Clear();
        _planned = null;
        var image = await store.OpenImageAsync(order.Image.Id, cancel);
        var inventory = await new DiskFinder(services.Programs).FindAsync(DiskSurvey.Surroundings(store.Store!.LocalFolder), cancel);
        var selector = new DiskSelector(inventory);
        var context = services.MakeJobContext() with { Progress = progress };
        foreach (var (disk, row) in order.Pairs)
        {
            var target = selector.Resolve(row.Info.CanonicalPath, DiskPurpose.Restore, row.Info.IsImageFile ? row.Info.SectorBytes : null);
            BackupBench.RequireSame(row.Info, target);
            _plans.Add((await new RestorePlanner(context).PlanAsync(image, disk, (target, () => OpenDisk.ForReading(target)), order.Options, cancel), target));
        }

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
        var context = services.MakeJobContext() with { Progress = progress };
        List<IWritableDisk> disks = [];
        try
        {
            // All targets are taken before the first is written: when the second is refused, the first must not be lost already.
            foreach (var (_, target) in _plans) disks.Add(OpenDisk.ForWriting(target));
            List<string> lines = [];
            foreach (var ((plan, target), disk) in _plans.Zip(disks))
            {
                var result = await new RestoreJob(context, store.Store as IDeleteStore, new FileSystemGrower(services.Programs)).RunAsync(plan, disk, () => OpenDisk.ForReading(target), cancel);
                lines.AddRange([RestoreWords.Ending(plan, result), .. result.Warnings, .. BootEntries.RestoreHere(plan, () => OpenDisk.ForReading(target))]);
            }

            return new WorkEnd(_plans.Any(plan => plan.Plan.Lost.Count > 0) ? WorkOutcome.DoneWithLoss : WorkOutcome.Done, lines, null);
        }
        finally
        {
            foreach (var disk in disks) disk.Dispose();
            _plans.Clear();
        }
    }
}
