// The content size that a zstd frame declares, read before anything is allocated for it.
using System.Buffers.Binary;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>Reads the header of a zstd frame (RFC 8878, section 3.1.1.1).</summary>
public static class ZstdFrameHeader
{
    private const uint Magic = 0xFD2FB528;

    /// <summary>The decompressed size that the frame declares.</summary>
    /// <param name="frame">The stored bytes; hostile.</param>
    /// <param name="which">Their name for the fault.</param>
    /// <exception cref="CorruptFault">Not a zstd frame, or one that does not declare its size.</exception>
    public static long ReadContentBytes(ReadOnlySpan<byte> frame, string which)
    {
        if (frame.Length < 6 || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic) throw Bad(which);
        var descriptor = frame[4];
        var isSingleSegment = (descriptor & 0x20) != 0;
        ReadOnlySpan<int> dictionaryBytes = [0, 1, 2, 4];
        var position = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes[descriptor & 3];
        var sizeBytes = (descriptor >> 6) switch { 0 => isSingleSegment ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        if (sizeBytes == 0 || frame.Length < position + sizeBytes) throw Bad(which);
        var field = frame[position..];
        var size = sizeBytes switch
        {
            1 => field[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(field) + 256L,
            4 => BinaryPrimitives.ReadUInt32LittleEndian(field),
            _ => BinaryPrimitives.ReadInt64LittleEndian(field),
        };
        return size >= 0 ? size : throw Bad(which);
    }

    private static CorruptFault Bad(string which) => new("not a zstd frame that tells its size") { Which = which };
}
