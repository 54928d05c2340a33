// Where the plain bytes of an age file stand in the stored ones: arithmetic only.
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>
/// The layout of one age file (age-encryption.org/v1, "Payload"): header, nonce, then blocks of 64 KiB of plain bytes with a tag of 16 bytes each; the last one may be short,
/// and is empty only when the whole content is.
/// </summary>
/// <param name="HeaderBytes">Stored bytes before the first block, nonce included.</param>
/// <param name="PlainBytes">Plain bytes of the content.</param>
public readonly record struct AgeLayout(int HeaderBytes, long PlainBytes)
{
    /// <summary>Plain bytes of a block that is not the last.</summary>
    public const int BlockBytes = 64 << 10;

    /// <summary>Bytes of a block's tag.</summary>
    public const int TagBytes = 16;

    /// <summary>Stored bytes of a block that is not the last.</summary>
    public const int StoredBlockBytes = BlockBytes + TagBytes;

    // Beyond this the sums below would leave 63 bits; no store has it.
    private const long MostBytes = 1L << 62;

    /// <summary>Number of blocks; at least one.</summary>
    public long Blocks => PlainBytes == 0 ? 1 : (PlainBytes - 1) / BlockBytes + 1;

    /// <summary>Length of the whole file.</summary>
    public long StoredBytes => HeaderBytes + PlainBytes + Blocks * TagBytes;

    /// <summary>The layout of a file of <paramref name="storedBytes"/> bytes.</summary>
    /// <exception cref="CorruptFault">No age file has that length: a block has been cut.</exception>
    public static AgeLayout OfStored(int headerBytes, long storedBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(headerBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(storedBytes, MostBytes);
        var payloadBytes = storedBytes - headerBytes;
        if (payloadBytes < TagBytes) throw AgeFault.Payload("it ends before its first block does", 0);
        var blocks = (payloadBytes - 1) / StoredBlockBytes + 1;
        var lastBytes = payloadBytes - (blocks - 1) * StoredBlockBytes;
        if (lastBytes < TagBytes || (lastBytes == TagBytes && blocks > 1)) throw AgeFault.Payload("it ends inside a block", blocks - 1);
        return new AgeLayout(headerBytes, payloadBytes - blocks * TagBytes);
    }

    /// <summary>The stored range of one block.</summary>
    public ByteRange StoredBlock(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Blocks);
        var start = HeaderBytes + index * StoredBlockBytes;
        return ByteRange.FromEnds(start, Math.Min(start + StoredBlockBytes, StoredBytes));
    }

    /// <summary>The plain range of one block.</summary>
    public ByteRange PlainBlock(long index) => new(index * BlockBytes, StoredBlock(index).Length - TagBytes);

    /// <summary>The stored bytes that have to be read to open <paramref name="plain"/>: whole blocks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or goes beyond the content.</exception>
    public ByteRange StoredRange(ByteRange plain)
    {
        ArgumentOutOfRangeException.ThrowIfZero(plain.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.End, PlainBytes);
        return ByteRange.FromEnds(StoredBlock(plain.Start / BlockBytes).Start, StoredBlock((plain.End - 1) / BlockBytes).End);
    }
}
