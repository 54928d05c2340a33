// A table that is in the store with its segment: this range of the disk is saved.
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>A published table of an image that is being made.</summary>
/// <param name="Entry">Its entry for the manifest.</param>
/// <param name="Name">First chunk and attempt.</param>
/// <param name="Segment">Its own segment; null where nothing was new.</param>
/// <param name="Sources">Other segments that its rows point into.</param>
public sealed record CommittedTable(TableEntry Entry, SegmentName Name, StoredFile? Segment, IReadOnlyList<SegmentReference> Sources)
{
    /// <summary>First chunk.</summary>
    public long First => Name.FirstChunk;

    /// <summary>The chunk behind the last one.</summary>
    public long End => First + Entry.Chunks;
}

/// <summary>What an earlier attempt left of one disk.</summary>
/// <param name="Tables">Whole tables in disk order, without overlap.</param>
/// <param name="Segments">Segments to list as the image's own, in disk order.</param>
/// <param name="Superseded">Tables that go once their range is written anew.</param>
/// <param name="Attempts">The highest attempt at each first chunk.</param>
/// <param name="Known">What the segments hold, superseded tables included.</param>
internal sealed record DiskFindings(
    IReadOnlyList<CommittedTable> Tables, IReadOnlyList<StoredFile> Segments, IReadOnlyList<StorePath> Superseded, IReadOnlyDictionary<uint, int> Attempts, IReadOnlyList<ChunkTable> Known);
