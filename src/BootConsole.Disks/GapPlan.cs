// Which bytes outside the partitions belong in an image.
using BootConsole.Core;

namespace BootConsole.Disks;

/// <summary>What happens to space that no partition has.</summary>
public enum GapPolicy
{
    /// <summary>The middle of a gap over 64 MiB is left out.</summary>
    Smart,

    /// <summary>Every byte is kept.</summary>
    All,
}

/// <summary>
/// The bytes outside the partitions, divided into data and unused. Together with the partitions they tile the disk. Always data: the tables themselves, and the
/// first and last MiB of each gap, where boot loaders, LDM databases and RAID metadata live.
/// </summary>
/// <param name="Data">Bytes that are saved.</param>
/// <param name="Unused">Bytes that read as the pad value in the image.</param>
/// <param name="Notes">A sentence for each gap whose middle is left out.</param>
public sealed record GapPlan(RangeSet Data, RangeSet Unused, IReadOnlyList<string> Notes)
{
    /// <summary>Gaps up to this size are kept whole.</summary>
    public const long KeptWholeBytes = 64 << 20;

    /// <summary>What is kept at either end of a larger gap.</summary>
    public const long EdgeBytes = 1 << 20;

    /// <summary>Divides the space outside the partitions.</summary>
    /// <param name="layout">The disk's table. Without one, or with one that contradicts itself, everything is data.</param>
    /// <param name="diskBytes">Length of the disk.</param>
    /// <param name="policy">What the person asked for.</param>
    public static GapPlan For(DiskLayout layout, long diskBytes, GapPolicy policy)
    {
        var partitions = RangeSet.Of(layout.Partitions.Select(partition => partition.Range));
        var gaps = partitions.Complement(new ByteRange(0, diskBytes));
        if (policy == GapPolicy.All || layout.Kind == TableKind.None || !layout.IsConsistent) return new GapPlan(gaps, RangeSet.Empty, []);

        var large = gaps.Ranges.Where(gap => gap.Length > KeptWholeBytes).ToArray();
        var unused = RangeSet.Of(large.Select(gap => ByteRange.FromEnds(gap.Start + EdgeBytes, gap.End - EdgeBytes))).Except(layout.TableBytes);
        return new GapPlan(gaps.Except(unused), unused, [.. large.Select(Note)]);
    }

    private static string Note(ByteRange gap) =>
        $"{ByteSize.Format(gap.Length)} from byte {gap.Start} belong to no partition; only the first and last MiB of them are saved.";
}
