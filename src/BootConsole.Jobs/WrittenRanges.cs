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
    private readonly bool _isWiping = plan.Options.Unused == UnusedSpace.Wipe;
    private readonly byte _unused = plan.Options.Unused == UnusedSpace.Wipe ? (byte)0 : (byte)plan.Image.Manifest.Pad;

    /// <summary>Bytes that the data pass goes through.</summary>
    internal long TotalBytes => plan.Record.Size + (_isWiping ? plan.Shape.Beyond.TotalBytes : 0);

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

    /// <summary>What all bytes of a zero or unused chunk are, where they are written.</summary>
    internal byte ValueOf(ChunkKind kind) => kind == ChunkKind.Zero ? (byte)0 : _unused;

    /// <summary>The pieces that are written of a zero or unused range; they are filled with <see cref="ValueOf"/>.</summary>
    internal IEnumerable<ByteRange> Empty(ChunkKind kind, ByteRange range) =>
        Differing(kind == ChunkKind.Zero || _isWiping ? plan.Shape.Writable(range) : plan.Shape.WritableEdges(range));

    /// <summary>The pieces behind the image's end that are zeroed, none longer than <paramref name="mostBytes"/>.</summary>
    internal IEnumerable<ByteRange> Beyond(int mostBytes) => _isWiping ? Differing(plan.Shape.Beyond.Ranges).SelectMany(range => Split(range, mostBytes)) : [];

    /// <summary>A range in pieces, none longer than <paramref name="mostBytes"/>.</summary>
    internal static IEnumerable<ByteRange> Split(ByteRange range, int mostBytes)
    {
        for (var position = range.Start; position < range.End; position += mostBytes) yield return ByteRange.FromEnds(position, Math.Min(range.End, position + mostBytes));
    }

    private IEnumerable<ByteRange> Differing(IEnumerable<ByteRange> pieces) => differences is null ? pieces : pieces.SelectMany(differences.Empty.Within);

    // A sector of which the image lost a part is written, its lost part as the target has it.
    private RangeSet WholeSectors(RangeSet kept)
    {
        var sector = plan.Target.SectorBytes;
        return RangeSet.Of(kept.Ranges.Select(range => ((range.Start + sector - 1) / sector * sector, range.End / sector * sector)).Where(ends => ends.Item2 > ends.Item1).Select(ends => ByteRange.FromEnds(ends.Item1, ends.Item2)));
    }
}
