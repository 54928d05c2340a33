// Which pieces of a chunk are worth a read: its used ranges, joined where a gap is cheaper to read than to skip.
using BootConsole.Core;

namespace BootConsole.Jobs;

/// <summary>Turns used ranges into reads.</summary>
internal static class ReadRanges
{
    // Skipping less than this saves nothing on any disk.
    private const int WorthSkipping = 64 << 10;

    /// <summary>The reads that cover all of <paramref name="used"/>, sector-aligned, inside <paramref name="chunk"/>.</summary>
    internal static IEnumerable<ByteRange> Cover(IEnumerable<ByteRange> used, ByteRange chunk, int sectorBytes)
    {
        // Direct I/O is fastest on whole pages; a chunk starts and (but for the disk's last) ends on one.
        var grain = Math.Max(sectorBytes, 4096);
        long start = -1, end = -1;
        foreach (var range in used)
        {
            var from = range.Start / grain * grain;
            var to = Math.Min((range.End + grain - 1) / grain * grain, chunk.End);
            if (start >= 0 && from - end < WorthSkipping)
            {
                end = Math.Max(end, to);
                continue;
            }

            if (start >= 0) yield return ByteRange.FromEnds(start, end);
            (start, end) = (from, to);
        }

        if (start >= 0) yield return ByteRange.FromEnds(start, end);
    }
}
