// Which bytes of a restore target are written when: the tables at both ends last, the rest in disk order.
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

    /// <summary>The tables' place at the start: zeroed first, written last.</summary>
    public required ByteRange Head { get; init; }

    /// <summary>The backup table's place at the true end of the target: zeroed first, written last.</summary>
    public required ByteRange Tail { get; init; }

    /// <summary>Where the image has its backup table when that is not the target's end: zeroed and not written; empty otherwise.</summary>
    public required ByteRange StaleTail { get; init; }

    /// <summary>First and last MiB of the disk and its partitions: written even where unused, so that no old signature stays.</summary>
    public required RangeSet Edges { get; init; }

    /// <summary>Both places that are written last.</summary>
    public RangeSet Protected => RangeSet.Of(Head, Tail);

    private RangeSet Excluded => field ??= RangeSet.Of(Head, Tail, StaleTail, new ByteRange(TargetBytes, Math.Max(0, ImageBytes - TargetBytes)));

    /// <summary>The shape of a target.</summary>
    /// <param name="layout">The table of the disk in the image.</param>
    /// <param name="imageBytes">Length of that disk.</param>
    /// <param name="target">The target.</param>
    /// <param name="tables">What takes the place of the image's tables (<see cref="GptRebuild"/>).</param>
    public static TargetShape For(DiskLayout layout, long imageBytes, DiskInfo target, IReadOnlyList<TableWrite> tables)
    {
        var ends = ProtectedRanges.ForDisk(target.Length, target.SectorBytes, layout);
        return new TargetShape
        {
            ImageBytes = imageBytes,
            TargetBytes = target.Length,
            Head = ends.Start,
            Tail = ends.End,
            // The rebuilt table clears the image's backup GPT, which would otherwise stand in the middle of the larger disk.
            StaleTail = tables.Select(table => table.Range).FirstOrDefault(range => !ends.Start.Contains(range) && !ends.End.Contains(range)),
            Edges = RangeSet.Of(layout.Partitions.Select(partition => partition.Range).Append(new ByteRange(0, imageBytes)).SelectMany(EdgesOf)),
        };
    }

    /// <summary>The pieces of <paramref name="range"/> that are written in the data pass.</summary>
    public IReadOnlyList<ByteRange> Writable(ByteRange range) => Excluded.Overlaps(range) ? Excluded.Complement(range).Ranges : [range];

    /// <summary>The pieces of an unused <paramref name="range"/> that are written all the same.</summary>
    public IEnumerable<ByteRange> WritableEdges(ByteRange range) => Edges.Within(range).SelectMany(Writable);

    private static IEnumerable<ByteRange> EdgesOf(ByteRange range) =>
        [new(range.Start, Math.Min(EdgeBytes, range.Length)), ByteRange.FromEnds(Math.Max(range.Start, range.End - EdgeBytes), range.End)];
}
