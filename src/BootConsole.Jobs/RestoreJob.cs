// A restore from first to last: zero the old tables, write the data, read it back, write the new tables.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Jobs;

/// <summary>How a restore ended.</summary>
/// <param name="WrittenBytes">Bytes written or zeroed.</param>
/// <param name="Elapsed">Time of the data pass, tables included.</param>
/// <param name="ReadBackElapsed">Time of the read-back pass.</param>
/// <param name="Warnings">What did not work but does no harm, a sentence each.</param>
public sealed record RestoreResult(long WrittenBytes, TimeSpan Elapsed, TimeSpan ReadBackElapsed, IReadOnlyList<string> Warnings);

/// <summary>Runs confirmed restores.</summary>
/// <param name="context">The surroundings.</param>
/// <param name="leaseStore">The store, when a lease can be taken in it; null for a read-only one.</param>
public sealed class RestoreJob(JobContext context, IDeleteStore? leaseStore)
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
        var started = context.Clock.GetTimestamp();
        EraseTables(plan.Shape, target);
        var (heldTables, cut) = await WriteDataAsync(plan, target, cancel);
        context.Progress.Begin($"flushing {target.Info.Path}", 0);
        target.Flush();
        var dataElapsed = context.Clock.GetElapsedTime(started);
        var readBackStarted = context.Clock.GetTimestamp();
        using (var again = openAgain())
        using (var readBack = new ReadBackFlow(plan, again, cut, context))
        {
            await Watchdog.RunAsync(context, readBack.RunAsync, cancel);
        }

        var readBackElapsed = context.Clock.GetElapsedTime(readBackStarted);
        var tablesStarted = context.Clock.GetTimestamp();
        WriteTables(plan, target, heldTables);
        using (var again = openAgain()) CheckTables(plan.Shape, again, heldTables);
        List<string> warnings = [];
        if (!target.TryRereadPartitions() && !target.Info.IsImageFile) warnings.Add("The kernel did not read the new partition table; it will at the next boot.");
        return new RestoreResult(plan.ContentBytes + plan.ZeroBytes, dataElapsed + context.Clock.GetElapsedTime(tablesStarted), readBackElapsed, warnings);
    }

    // Its buffers are given back before the read-back pass takes its own.
    private async Task<(HeldTables Tables, IReadOnlyDictionary<ByteRange, ChunkHash> Cut)> WriteDataAsync(RestorePlan plan, IWritableDisk target, CancellationToken cancel)
    {
        using var flow = new RestoreFlow(plan, target, context);
        await Watchdog.RunAsync(context, flow.RunAsync, cancel);
        return (flow.Tables, flow.Cut);
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

    private void EraseTables(TargetShape shape, IWritableDisk target)
    {
        context.Progress.Begin($"erasing the old tables of {target.Info.Path}", 0);
        foreach (var place in (ByteRange[])[shape.Head, shape.Tail, .. shape.Erased.Ranges])
            if (!place.IsEmpty) target.Write(place.Start, new byte[place.Length]);
        target.Flush();
    }

    private void WriteTables(RestorePlan plan, IWritableDisk target, HeldTables tables)
    {
        context.Progress.Begin($"writing the tables of {target.Info.Path}", 0);
        tables.Replace(plan.Tables);
        // The backup first: a cut between the two leaves a disk that firmware repairs from it, or none at all.
        target.Write(plan.Shape.Tail.Start, tables.Tail.Span);
        target.Flush();
        target.Write(plan.Shape.Head.Start, tables.Head.Span);
        target.Flush();
    }

    private static void CheckTables(TargetShape shape, IDisk disk, HeldTables tables)
    {
        var erased = shape.Erased.Ranges.Select(place => (place, (ReadOnlyMemory<byte>)new byte[place.Length]));
        foreach (var (place, expected) in ((ByteRange, ReadOnlyMemory<byte>)[])[(shape.Head, tables.Head), (shape.Tail, tables.Tail), .. erased])
        {
            var found = new byte[place.Length];
            disk.Read(place.Start, found);
            if (!found.AsSpan().SequenceEqual(expected.Span)) throw new DiskFault("the partition table, or an erased place, does not read back as it was written") { Which = disk.Info.Path, Range = place };
        }
    }
}
