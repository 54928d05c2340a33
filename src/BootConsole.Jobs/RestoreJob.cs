// A restore from first to last: compare if wanted, zero the old tables, write the data, read it back, write the new tables.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Growing;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Jobs;

/// <summary>How a restore ended.</summary>
public sealed record RestoreResult
{
    /// <summary>Bytes of the target that were compared with the image; 0 when everything was written.</summary>
    public required long ComparedBytes { get; init; }

    /// <summary>Stored bytes fetched from the store for writing.</summary>
    public required long FetchedBytes { get; init; }

    /// <summary>Bytes written or zeroed, tables not counted.</summary>
    public required long WrittenBytes { get; init; }

    /// <summary>Unused bytes that the device was told to discard.</summary>
    public required long DiscardedBytes { get; init; }

    /// <summary>Time of the comparison and of the data pass, tables included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Time of the read-back pass.</summary>
    public required TimeSpan ReadBackElapsed { get; init; }

    /// <summary>What did not work but does no harm, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>Runs confirmed restores.</summary>
/// <param name="context">The surroundings.</param>
/// <param name="leaseStore">The store, when a lease can be taken in it; null for a read-only one.</param>
/// <param name="grower">Grows file systems; needed for plans with a growth.</param>
public sealed class RestoreJob(JobContext context, IDeleteStore? leaseStore, FileSystemGrower? grower = null)
{
    /// <summary>Restores one disk as planned.</summary>
    /// <param name="plan">The plan that the person confirmed.</param>
    /// <param name="target">The target, open for writing.</param>
    /// <param name="openAgain">Opens the target anew for reading, past every cache.</param>
    /// <param name="cancel">Ends the job; the target is then without tables and cannot boot into a mixture.</param>
    public async Task<RestoreResult> RunAsync(RestorePlan plan, IWritableDisk target, Func<IDisk> openAgain, CancellationToken cancel)
    {
        await using var lease = await TryTakeLeaseAsync(plan.Image.Id, cancel);
        await plan.Image.CheckPresenceAsync(cancel);
        RequireSamePartitions(plan, openAgain);
        var started = context.Clock.GetTimestamp();
        var tables = new HeldTables(plan.Shape);
        var (differences, comparedBytes) = plan.Options.OnlyDifferences ? await CompareAsync(plan, openAgain, tables, cancel) : (null, 0);
        var written = new WrittenRanges(plan, differences);
        EraseTables(plan, target);
        var data = await WriteDataAsync(plan, written, tables, target, cancel);
        var (discardedBytes, discardTrouble) = plan.Options.Unused == UnusedSpace.Discard ? UnusedDiscard.Run(data.Unused.Union(plan.Shape.Beyond), target, context.Progress, cancel) : (0, "");
        context.Progress.Begin($"flushing {target.Info.Path}", 0);
        target.Flush();
        var dataElapsed = context.Clock.GetElapsedTime(started);
        var readBackStarted = context.Clock.GetTimestamp();
        using (var again = openAgain())
        using (var readBack = new ReadBackFlow(plan, written, again, data.Cut, context))
        {
            await Watchdog.RunAsync(context, readBack.RunAsync, cancel);
        }

        var readBackElapsed = context.Clock.GetElapsedTime(readBackStarted);
        var tablesStarted = context.Clock.GetTimestamp();
        WriteTables(plan, target, tables);
        using (var again = openAgain()) CheckTables(plan.Shape, again, tables);
        List<string> warnings = discardTrouble.Length > 0 ? [discardTrouble] : [];
        if (plan.Partitions.Count == 0 && !target.TryRereadPartitions() && !target.Info.IsImageFile) warnings.Add("The kernel did not read the new partition table; it will at the next boot.");
        if (plan.Growth is not null && await GrowAsync(plan, target) is { Length: > 0 } growTrouble) warnings.Add(growTrouble);
        return new RestoreResult
        {
            ComparedBytes = comparedBytes,
            FetchedBytes = data.FetchedBytes,
            WrittenBytes = data.WrittenBytes,
            DiscardedBytes = discardedBytes,
            Elapsed = dataElapsed + context.Clock.GetElapsedTime(tablesStarted),
            ReadBackElapsed = readBackElapsed,
            Warnings = warnings,
        };
    }

    // Asked again now that nobody else can change the target.
    private static void RequireSamePartitions(RestorePlan plan, Func<IDisk> openAgain)
    {
        if (plan.Partitions.Count == 0) return;
        using var disk = openAgain();
        PartitionChoice.RequireSame(plan.Layout, plan.Partitions, disk);
    }

    // Before the first write: a fault or a cancel meanwhile leaves the target as it was. Read anew, past the cache: what is equal here is not read back later.
    private async Task<(Differences? Found, long ComparedBytes)> CompareAsync(RestorePlan plan, Func<IDisk> openAgain, HeldTables tables, CancellationToken cancel)
    {
        using var disk = openAgain();
        using var comparison = new TargetComparison(plan, disk, tables, context);
        await Watchdog.RunAsync(context, comparison.RunAsync, cancel);
        var found = comparison.Found;
        context.Progress.Report($"{ByteSize.Format(comparison.ComparedBytes)} compared; {ByteSize.Format(found.Chunks.TotalBytes)} differ and are fetched, {ByteSize.Format(found.Empty.TotalBytes)} are to be zeroed or padded");
        return (found, comparison.ComparedBytes);
    }

    // Its buffers are given back before the read-back pass takes its own.
    private async Task<(IReadOnlyDictionary<ByteRange, ChunkHash> Cut, RangeSet Unused, long FetchedBytes, long WrittenBytes)> WriteDataAsync(
        RestorePlan plan, WrittenRanges written, HeldTables tables, IWritableDisk target, CancellationToken cancel)
    {
        using var flow = new RestoreFlow(plan, written, tables, target, context);
        await Watchdog.RunAsync(context, flow.RunAsync, cancel);
        return (flow.Cut, RangeSet.Of(flow.Unused), flow.FetchedBytes, flow.WrittenBytes);
    }

    private async Task<Lease?> TryTakeLeaseAsync(ImageId image, CancellationToken cancel)
    {
        if (leaseStore is not null)
        {
            try
            {
                return await Lease.TakeAsync(leaseStore, image, "restore", context.Processes.Self, context.Clock, cancel);
            }
            catch (StoreFault refusal) when (refusal.Problem is StoreProblem.Denied or StoreProblem.Full)
            {
                // A restore must work from a store that takes nothing any more.
            }
        }

        context.Progress.Report("The store takes no lease: nobody may delete the image while the restore runs.");
        return null;
    }

    private void EraseTables(RestorePlan plan, IWritableDisk target)
    {
        context.Progress.Begin($"erasing {Name(plan)} of {target.Info.Path}", 0);
        foreach (var place in plan.Shape.Ends.SelectMany(ends => (ByteRange[])[ends.Start, ends.End]).Concat(plan.Shape.Erased.Ranges))
        {
            if (place.IsEmpty) continue;
            // Counted before: whatever comes of it, nobody may say afterwards that nothing was written.
            context.Progress[Stage.Write].Add(place.Length);
            target.Write(place.Start, new byte[place.Length]);
        }

        target.Flush();
    }

    private void WriteTables(RestorePlan plan, IWritableDisk target, HeldTables tables)
    {
        context.Progress.Begin($"writing {Name(plan)} of {target.Info.Path}", 0);
        tables.Replace(plan.Tables);
        // The backup first: a cut between the two leaves a disk that firmware repairs from it, or none at all.
        foreach (var ends in plan.Shape.Ends) target.Write(ends.End.Start, tables.Of(ends.End));
        target.Flush();
        foreach (var ends in plan.Shape.Ends) target.Write(ends.Start.Start, tables.Of(ends.Start));
        target.Flush();
    }

    // The last step: everything else is written, read back and checked.
    private async Task<string> GrowAsync(RestorePlan plan, IWritableDisk target)
    {
        context.Progress.Begin($"growing the {plan.Growth!.FileSystem} file system of partition {plan.Growth.Partition.Number} of {target.Info.Path}", 0);
        var trouble = await (grower ?? throw new InvalidOperationException("The plan grows a partition, and nobody was given who can.")).GrowAsync(target.Info, plan.Growth);
        target.Flush();
        return trouble;
    }

    private static string Name(RestorePlan plan) => plan.Partitions.Count > 0 ? "the ends of the partitions" : "the tables";

    private static void CheckTables(TargetShape shape, IDisk disk, HeldTables tables)
    {
        var erased = shape.Erased.Ranges.Select(place => (place, new byte[place.Length]));
        foreach (var (place, expected) in tables.All.Concat(erased))
        {
            var found = new byte[place.Length];
            disk.Read(place.Start, found);
            if (!found.AsSpan().SequenceEqual(expected)) throw new DiskFault("a partition table, an end of a partition, or an erased place does not read back as it was written") { Which = disk.Info.Path, Range = place };
        }
    }
}
