// How long segments are on how fast a link: one row of the table that settings and backups share.
namespace BootConsole.Core;

/// <summary>Length of segments on links up to a rate.</summary>
/// <param name="UpToBytesPerSecond">Highest rate in bytes per second; null in the last entry.</param>
/// <param name="SegmentBytes">Stored bytes of a segment.</param>
public sealed record SegmentRate(long? UpToBytesPerSecond, long SegmentBytes)
{
    /// <summary>The entries used when a file has none: a segment takes two to thirteen seconds at its highest rate.</summary>
    public static IReadOnlyList<SegmentRate> Usual { get; } =
        [new(10_000_000 / 8, 16L << 20), new(100_000_000 / 8, 64L << 20), new(1_000_000_000 / 8, 256L << 20), new(null, 1L << 30)];
}
