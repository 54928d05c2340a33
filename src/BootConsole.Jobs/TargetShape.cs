// Which bytes of a restore target are written when: what makes it bootable or mountable last, the rest in disk order.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;

namespace BootConsole.Jobs;

/// <summary>The target of a restore as ranges. Pure values; the rules are those of docs/format.md, "Restore".</summary>
public sealed record TargetShape
{
    private const long EdgeBytes = 1 << 20;

    /// <summary>Length of the disk in the image.</summary>
    public required long ImageBytes { get; init; }

    /// <summary>Length of the target.</summary>
    public required long TargetBytes { get; init; }

    /// <summary>What is zeroed first and written last: the places of the tables at both ends of the disk, or both ends of each partition that is restored alone.</summary>
    public required IReadOnlyList<ProtectedRanges> Ends { get; init; }

    /// <summary>Zeroed first and not written again: where the image has its backup table when that is not the target's end, and the last MiB of a target that is
    /// larger than the image, where old disks keep RAID and LDM records.</summary>
    public required RangeSet Erased { get; init; }

    /// <summary>First and last MiB of the disk and its partitions: written even where unused, so that no old signature stays.</summary>
    public required RangeSet Edges { get; init; }

    /// <summary>What the image has and the target gets nothing of: what lies behind the target's end, or outside the partitions that are restored alone.</summary>
    public required RangeSet Outside { get; init; }

    /// <summary>The tables' place at the start of the disk.</summary>
    public ByteRange Head => Ends[0].Start;

    /// <summary>The backup table's place at the true end of the target.</summary>
    public ByteRange Tail => Ends[^1].End;

    /// <summary>All places that are written last.</summary>
    public RangeSet Protected => field ??= RangeSet.Of(Ends.SelectMany(ends => (ByteRange[])[ends.Start, ends.End]));

    /// <summary>What of a larger target lies behind the image's end and is neither written nor erased.</summary>
    public RangeSet Beyond => field ??= Excluded.Complement(new ByteRange(ImageBytes, Math.Max(0, TargetBytes - ImageBytes)));

    private RangeSet Excluded => field ??= Erased.Union(Protected).Union(Outside);

    /// <summary>The shape of a target.</summary>
    /// <param name="layout">The table of the disk in the image.</param>
    /// <param name="imageBytes">Length of that disk.</param>
    /// <param name="target">The target.</param>
    /// <param name="tables">What takes the place of the image's tables (<see cref="GptRebuild"/>).</param>
    /// <exception cref="RefusedFault">A table belongs to neither end of the target.</exception>
    public static TargetShape For(DiskLayout layout, long imageBytes, DiskInfo target, IReadOnlyList<TableWrite> tables)
    {
        var ends = ProtectedRanges.ForDisk(target.Length, target.SectorBytes, layout);
        var held = RangeSet.Of(ends.Start, ends.End);
        return new TargetShape
        {
            ImageBytes = imageBytes,
            TargetBytes = target.Length,
            Ends = [ends],
            // On a target of a few dozen sectors the two ends meet, and reach over what would otherwise be erased: they are written last, so they win.
            Erased = RangeSet.Of([.. ErasedTables(held, tables), .. OldEnd(imageBytes, target.Length)]).Except(held),
            Edges = RangeSet.Of(layout.Partitions.Select(partition => partition.Range).Append(new ByteRange(0, Math.Min(imageBytes, target.Length))).SelectMany(EdgesOf)),
            Outside = RangeSet.Of(new ByteRange(target.Length, Math.Max(0, imageBytes - target.Length))),
        };
    }

    /// <summary>The shape of a target of which only some partitions are written.</summary>
    /// <param name="partitions">The partitions, the same in image and target; at least one.</param>
    /// <param name="imageBytes">Length of the disk in the image.</param>
    /// <param name="targetBytes">Length of the target.</param>
    public static TargetShape ForPartitions(IReadOnlyList<Partition> partitions, long imageBytes, long targetBytes) => new()
    {
        ImageBytes = imageBytes,
        TargetBytes = targetBytes,
        Ends = [.. partitions.Select(partition => ProtectedRanges.ForPartition(partition.Range))],
        Erased = RangeSet.Empty,
        Edges = RangeSet.Empty,
        Outside = RangeSet.Of(partitions.Select(partition => partition.Range)).Complement(new ByteRange(0, Math.Max(imageBytes, targetBytes))),
    };

    /// <summary>The pieces of <paramref name="range"/> that are written in the data pass.</summary>
    public IReadOnlyList<ByteRange> Writable(ByteRange range) => Excluded.Overlaps(range) ? Excluded.Complement(range).Ranges : [range];

    /// <summary>The pieces of an unused <paramref name="range"/> that are written all the same.</summary>
    public IEnumerable<ByteRange> WritableEdges(ByteRange range) => Edges.Within(range).SelectMany(Writable);

    /// <summary>The pieces of an unused <paramref name="range"/> that are not written.</summary>
    public IReadOnlyList<ByteRange> Unwritten(ByteRange range) => RangeSet.Of(Writable(range)).Except(RangeSet.Of(Edges.Within(range))).Ranges;

    /// <summary>True when the target gets anything of <paramref name="range"/>, in the data pass or at the end.</summary>
    public bool Concerns(ByteRange range) => Protected.Overlaps(range) || Writable(range).Count > 0;

    // The rebuilt table clears the image's backup GPT, which would otherwise stand in the middle of the larger disk.
    private static IEnumerable<ByteRange> ErasedTables(RangeSet held, IReadOnlyList<TableWrite> tables)
    {
        foreach (var table in tables)
        {
            if (held.Contains(table.Range)) continue;
            if (table.Bytes.Span.ContainsAnyExcept((byte)0))
                throw new RefusedFault("the image's partition entries stand too far from the start of the disk to be moved") { Remedy = "Use a target of the size of the image's disk." };
            yield return table.Range;
        }
    }

    private static IEnumerable<ByteRange> OldEnd(long imageBytes, long targetBytes) =>
        imageBytes < targetBytes ? [ByteRange.FromEnds(Math.Max(imageBytes, targetBytes - EdgeBytes), targetBytes)] : [];

    private static IEnumerable<ByteRange> EdgesOf(ByteRange range) =>
        [new(range.Start, Math.Min(EdgeBytes, range.Length)), ByteRange.FromEnds(Math.Max(range.Start, range.End - EdgeBytes), range.End)];
}
