// The table of one range of chunks: who it belongs to, its segment, and a row for every chunk.
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>A table: what each chunk of a range of the disk is. Published right after its segment, which it commits.</summary>
public sealed record ChunkTable
{
    /// <summary>Most rows of a table: 64 GiB of disk in 1 MiB chunks, 3 MiB of rows.</summary>
    public const int MaxRows = 65_536;

    /// <summary>The image.</summary>
    public required ImageId Image { get; init; }

    /// <summary>Disk number in the image.</summary>
    public required int Disk { get; init; }

    /// <summary>First chunk and attempt; also the table's file name.</summary>
    public required SegmentName Name { get; init; }

    /// <summary>Chunk size in bytes.</summary>
    public required int ChunkBytes { get; init; }

    /// <summary>Key id (SHA-256 of recipient and MAC key) of the key set; all zero when not encrypted.</summary>
    public ChunkHash KeyId { get; init; }

    /// <summary>Stored length of the segment in bytes; 0 when the table has none (an unchanged range).</summary>
    public required long SegmentLength { get; init; }

    /// <summary>SHA-256 of the segment's stored bytes; all zero when there is none.</summary>
    public required ChunkHash SegmentHash { get; init; }

    /// <summary>Other segments that rows point into.</summary>
    public IReadOnlyList<SegmentReference> Sources { get; init; } = [];

    /// <summary>One row a chunk, 1 to <see cref="MaxRows"/>.</summary>
    public required IReadOnlyList<ChunkRow> Rows { get; init; }

    /// <summary>Bytes of the frames of the table's own segment: of its stored bytes those that are not encryption.</summary>
    /// <exception cref="CorruptFault">No encrypted segment has that length.</exception>
    public long FrameBytes => SegmentLength == 0 ? 0 : SegmentReference.FrameBytesOf(SegmentLength, Name.IsEncrypted);

    /// <summary>The segment that holds a row's frame.</summary>
    public SegmentReference SourceOf(ChunkRow row) =>
        row.Source == 0 ? new SegmentReference(Image, Disk, Name, SegmentLength, SegmentHash) : Sources[row.Source - 1];
}
