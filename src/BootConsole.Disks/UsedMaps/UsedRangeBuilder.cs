// Collects used ranges in ascending order without ever holding more than a fixed number of them.
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Builds the used set of a partition. A badly fragmented file system has more ranges than belong in memory: when the limit is reached, the smallest free gaps are
/// counted as used, twice as large ones each time. The set only ever grows by that, and a 1 MiB chunk with one used block is read anyway.
/// </summary>
internal sealed class UsedRangeBuilder(int maxRanges)
{
    private const long FirstGapBytes = 4096;
    private readonly List<ByteRange> _ranges = [];
    private long _keptGapBytes = 1;

    /// <summary>Adds a range that starts at or after the start of the last one.</summary>
    internal void Add(ByteRange range)
    {
        if (range.IsEmpty) return;
        if (_ranges.Count > 0 && range.Start < _ranges[^1].Start) throw new ArgumentException("used ranges come in ascending order", nameof(range));
        if (_ranges.Count > 0 && range.Start - _ranges[^1].End < _keptGapBytes) _ranges[^1] = Joined(_ranges[^1], range);
        else _ranges.Add(range);
        while (_ranges.Count > maxRanges) DropSmallestGaps();
    }

    /// <summary>The set of all ranges added.</summary>
    internal RangeSet Build() => RangeSet.Of(_ranges);

    private void DropSmallestGaps()
    {
        _keptGapBytes = Math.Max(FirstGapBytes, checked(_keptGapBytes * 2));
        var count = 1;
        for (var i = 1; i < _ranges.Count; i++)
        {
            if (_ranges[i].Start - _ranges[count - 1].End < _keptGapBytes) _ranges[count - 1] = Joined(_ranges[count - 1], _ranges[i]);
            else _ranges[count++] = _ranges[i];
        }

        _ranges.RemoveRange(count, _ranges.Count - count);
    }

    private static ByteRange Joined(ByteRange first, ByteRange second) => ByteRange.FromEnds(first.Start, Math.Max(first.End, second.End));
}
