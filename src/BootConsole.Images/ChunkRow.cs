// What is known of one chunk: its kind, its hash, and where its frame lies.
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>The kinds of chunk. The numbers are those of the table format.</summary>
public enum ChunkKind
{
    /// <summary>Content, stored in this table's own segment.</summary>
    Data = 1,

    /// <summary>Content, stored in a segment that was committed before.</summary>
    Same = 2,

    /// <summary>Used, and every byte is zero.</summary>
    Zero = 3,

    /// <summary>Free by the used map; reads as the pad value.</summary>
    Unused = 4,

    /// <summary>Part of it could not be read and is padded; the manifest lists the ranges. Stored like data.</summary>
    Unreadable = 5,
}

/// <summary>One row of a table.</summary>
/// <param name="Kind">What the chunk is.</param>
/// <param name="Source">Which segment holds the frame: 0 for the table's own, else 1 + index into <see cref="ChunkTable.Sources"/>.</param>
/// <param name="Offset">Where the frame starts in the segment, in bytes of its frames (before encryption).</param>
/// <param name="StoredBytes">Length of the frame; 0 for a zero or unused chunk without a frame.</param>
/// <param name="Hash">SHA-256 of the padded plain bytes.</param>
public readonly record struct ChunkRow(ChunkKind Kind, ushort Source, long Offset, int StoredBytes, ChunkHash Hash)
{
    /// <summary>True when the content must be fetched to know it.</summary>
    public bool HasContent => Kind is ChunkKind.Data or ChunkKind.Same or ChunkKind.Unreadable;
}

/// <summary>A committed segment that rows point into.</summary>
/// <param name="Image">The image it belongs to.</param>
/// <param name="Disk">The disk number in that image.</param>
/// <param name="Name">Its first chunk and attempt.</param>
/// <param name="Length">Stored length in bytes.</param>
/// <param name="Hash">SHA-256 of the stored bytes.</param>
public sealed record SegmentReference(ImageId Image, int Disk, SegmentName Name, long Length, ChunkHash Hash)
{
    /// <summary>Length of a segment's age header with its one recipient, nonce included (docs/format.md, "Encryption").</summary>
    public const int AgeHeaderBytes = 184;

    /// <summary>Bytes of the frames in the segment.</summary>
    /// <exception cref="CorruptFault">No encrypted segment has its length.</exception>
    public long FrameBytes => FrameBytesOf(Length, Name.IsEncrypted);

    internal static long FrameBytesOf(long length, bool isEncrypted) => isEncrypted ? AgeLayout.OfStored(AgeHeaderBytes, length).PlainBytes : length;
}

/// <summary>How a disk is cut into chunks.</summary>
/// <param name="DiskBytes">Length of the disk.</param>
/// <param name="ChunkBytes">A power of two from 64 KiB to 16 MiB.</param>
public sealed record ChunkGrid(long DiskBytes, int ChunkBytes)
{
    /// <summary>Smallest chunk.</summary>
    public const int MinChunkBytes = 64 << 10;

    /// <summary>Largest chunk.</summary>
    public const int MaxChunkBytes = 16 << 20;

    private const int DefaultChunkBytes = 1 << 20;
    private const long WantedChunks = 1 << 20;

    /// <summary>The grid of a new full image: 1 MiB chunks, larger where the disk would have more than about a million of them.</summary>
    public static ChunkGrid For(long diskBytes)
    {
        var chunkBytes = DefaultChunkBytes;
        while (chunkBytes < MaxChunkBytes && diskBytes / chunkBytes > WantedChunks) chunkBytes *= 2;
        return new ChunkGrid(diskBytes, chunkBytes);
    }

    /// <summary>True when chunk size and disk length are possible: a power of two in bounds, and chunk numbers that fit in 32 bits.</summary>
    public bool IsValid => IsChunkSize(ChunkBytes) && DiskBytes > 0 && (DiskBytes - 1) / ChunkBytes < uint.MaxValue;

    /// <summary>True for a power of two from <see cref="MinChunkBytes"/> to <see cref="MaxChunkBytes"/>.</summary>
    public static bool IsChunkSize(int bytes) => bytes is >= MinChunkBytes and <= MaxChunkBytes && int.IsPow2(bytes);

    /// <summary>Number of chunks; the last one may be short.</summary>
    public long Count => (DiskBytes + ChunkBytes - 1) / ChunkBytes;

    /// <summary>Longest frame of a chunk in bytes: what zstd needs for content that does not compress, and room for encryption. Longer ones are refused.</summary>
    public int MaxFrameBytes => ChunkBytes + ChunkBytes / 128 + 512;

    /// <summary>The bytes of one chunk.</summary>
    public ByteRange Range(long chunk) => ByteRange.FromEnds(chunk * ChunkBytes, Math.Min(DiskBytes, (chunk + 1) * ChunkBytes));

    /// <summary>The bytes of <paramref name="count"/> chunks from <paramref name="first"/>.</summary>
    public ByteRange Range(long first, long count) => ByteRange.FromEnds(first * ChunkBytes, Math.Min(DiskBytes, (first + count) * ChunkBytes));
}
