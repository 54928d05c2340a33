// What a restore writes of each row of an image in its data pass: all that is used, or only what differs from the target.
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>How a target differs from an image.</summary>
/// <param name="Chunks">Whole chunks with content that differ: they are fetched.</param>
/// <param name="Empty">Bytes that should all have one value and do not: they are written.</param>
/// <param name="Kept">What the image lost (unreadable when it was made) and the target has: never overwritten.</param>
internal sealed record Differences(RangeSet Chunks, RangeSet Empty, RangeSet Kept);

/// <summary>Answers for the data pass and for the read-back after it, so that both speak of the same bytes.</summary>
/// <param name="plan">The plan.</param>
/// <param name="differences">Null to write everything.</param>
internal sealed class WrittenRanges(RestorePlan plan, Differences? differences)
{
    private readonly byte _pad = (byte)plan.Image.Manifest.Pad;

    /// <summary>True when the content of a chunk is needed.</summary>
    internal bool IsFetched(long chunk) => IsFetched(plan.Record.Grid.Range(chunk));

    /// <summary>True when the content of a chunk is needed.</summary>
    internal bool IsFetched(ByteRange chunk) => differences is null ? plan.Shape.Concerns(chunk) : differences.Chunks.Overlaps(chunk);

    /// <summary>What of a chunk stays as the target has it.</summary>
    internal RangeSet Kept(ByteRange chunk) => differences is null ? RangeSet.Empty : RangeSet.Of(differences.Kept.Within(chunk));

    /// <summary>The pieces that are written of a chunk with content.</summary>
    internal IReadOnlyList<ByteRange> Content(ByteRange chunk)
    {
        if (!IsFetched(chunk)) return [];
        var kept = Kept(chunk);
        return kept.IsEmpty ? plan.Shape.Writable(chunk) : RangeSet.Of(plan.Shape.Writable(chunk)).Except(WholeSectors(kept)).Ranges;
    }

    /// <summary>The pieces that are written of a zero or unused range, and what they are filled with.</summary>
    internal IEnumerable<(ByteRange Range, byte Value)> Empty(ChunkKind kind, ByteRange range)
    {
        var (pieces, value) = kind == ChunkKind.Zero ? (plan.Shape.Writable(range), (byte)0) : (plan.Shape.WritableEdges(range), _pad);
        foreach (var piece in pieces)
            foreach (var part in differences is null ? [piece] : differences.Empty.Within(piece)) yield return (part, value);
    }

    // A sector of which the image lost a part is written, its lost part as the target has it.
    private RangeSet WholeSectors(RangeSet kept)
    {
        var sector = plan.Target.SectorBytes;
        return RangeSet.Of(kept.Ranges.Select(range => ((range.Start + sector - 1) / sector * sector, range.End / sector * sector)).Where(ends => ends.Item2 > ends.Item1).Select(ends => ByteRange.FromEnds(ends.Item1, ends.Item2)));
    }
}
