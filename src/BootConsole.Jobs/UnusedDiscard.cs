// Tells the target's device what is not needed any more, after the data pass of a restore.
using BootConsole.Core;
using BootConsole.Disks;

namespace BootConsole.Jobs;

/// <summary>Discards ranges. A device that cannot do it does no harm to the restore.</summary>
internal static class UnusedDiscard
{
    // One call cannot be stopped, and says nothing until it is done.
    private const int PieceBytes = 1 << 30;

    /// <summary>Discards what it can.</summary>
    /// <returns>Bytes discarded, and a sentence when the device could not go on; else empty.</returns>
    /// <exception cref="DiskFault">The target is gone.</exception>
    internal static (long Bytes, string Warning) Run(RangeSet ranges, IWritableDisk target, JobProgress progress, CancellationToken cancel)
    {
        progress.Begin($"discarding what nothing uses of {target.Info.Path}", ranges.TotalBytes);
        var done = 0L;
        foreach (var piece in ranges.Ranges.SelectMany(range => WrittenRanges.Split(range, PieceBytes)))
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                if (!target.TryDiscard(piece)) return (done, Stays("the device cannot discard"));
            }
            catch (DiskFault refusal) when (refusal.Problem != DiskProblem.Gone)
            {
                return (done, Stays(refusal.Found.Length > 0 ? refusal.Found : refusal.Message));
            }

            done += piece.Length;
            progress.Advance(piece.Length);
        }

        return (done, "");

        string Stays(string why) => $"{ByteSize.Format(ranges.TotalBytes - done)} of unused space were not discarded ({why}); they stay as they are.";
    }
}
