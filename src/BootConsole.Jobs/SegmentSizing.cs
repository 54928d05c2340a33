// How long the next segment is: what a cut costs is measured in seconds, not in bytes. Pure.
using BootConsole.Core;

namespace BootConsole.Jobs;

/// <summary>Chooses the lengths of the segments of one job, one after another.</summary>
/// <remarks>
/// The rate is that at which the job sends, whatever holds it (line, processor, limit, disk): a cut throws away the open segment and the one that awaits its flush, and
/// the job makes them anew at its own pace. With nothing measured the first segment has the length for the slowest lines: on a fast one it costs a moment, while a long one
/// on a slow line could cost an hour. From one segment to the next the length grows by one entry at most: the first bytes of a job often go no further than into
/// somebody's cache. It shrinks at once.
/// </remarks>
public sealed class SegmentSizing(IReadOnlyList<SegmentRate> table)
{
    private int _entry = -1;

    /// <summary>Stored bytes at which the next segment is closed.</summary>
    /// <param name="bytesPerSecond">The rate at which the last segment was sent; null when nothing was measured.</param>
    public long Next(double? bytesPerSecond)
    {
        var fitting = bytesPerSecond is { } rate ? table.TakeWhile(entry => entry.UpToBytesPerSecond is { } top && rate > top).Count() : Math.Max(_entry, 0);
        _entry = Math.Min(Math.Min(fitting, _entry + 1), table.Count - 1);
        return table[_entry].SegmentBytes;
    }
}
