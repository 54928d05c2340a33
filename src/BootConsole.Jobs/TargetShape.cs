// Which bytes of a restore target are written when: the tables at both ends last, the rest in disk order.
using BootConsole.Core;

namespace BootConsole.Jobs;

/// <summary>The target of a restore as ranges. Pure values; the rules are those of docs/format.md, "Restore".</summary>
public sealed record TargetShape
{
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

    /// <summary>The pieces of <paramref name="range"/> that are written in the data pass.</summary>
    public IReadOnlyList<ByteRange> Writable(ByteRange range) => Excluded.Overlaps(range) ? Excluded.Complement(range).Ranges : [range];

    /// <summary>The pieces of an unused <paramref name="range"/> that are written all the same.</summary>
    public IEnumerable<ByteRange> WritableEdges(ByteRange range) => Edges.Within(range).SelectMany(Writable);
}
