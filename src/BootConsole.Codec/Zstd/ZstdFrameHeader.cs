// What a zstd frame says about itself before anything is decoded (RFC 8878, section 3.1.1.1).
using System.Buffers.Binary;

namespace BootConsole.Codec;

/// <summary>The header of one zstd frame.</summary>
/// <param name="HeaderBytes">Length of the header with the magic number, 5 to 18 bytes.</param>
/// <param name="ContentBytes">The declared length of the content; null when the frame declares none.</param>
/// <param name="WindowBytes">How far back a match may reach: the memory a streaming decoder needs.</param>
/// <param name="DictionaryId">The dictionary the frame was made with; 0 for none.</param>
public readonly record struct ZstdFrameHeader(int HeaderBytes, ulong? ContentBytes, ulong WindowBytes, uint DictionaryId)
{
    private const uint Magic = 0xFD2FB528;

    /// <summary>Reads the header at the start of <paramref name="stored"/>.</summary>
    /// <returns>False when that is not the start of a zstd frame; skippable frames and frames without the magic number are not.</returns>
    public static bool TryRead(ReadOnlySpan<byte> stored, out ZstdFrameHeader header)
    {
        header = default;
        if (stored.Length < 5 || BinaryPrimitives.ReadUInt32LittleEndian(stored) != Magic) return false;
        var descriptor = stored[4];
        var reserved = (descriptor & 0x08) != 0;
        var isSingleSegment = (descriptor & 0x20) != 0;
        var windowBytes = isSingleSegment ? 0 : 1;
        var dictionaryBytes = (descriptor & 3) switch { 0 => 0, 1 => 1, 2 => 2, _ => 4 };
        var contentBytes = (descriptor >> 6) switch { 0 => isSingleSegment ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        var length = 5 + windowBytes + dictionaryBytes + contentBytes;
        if (reserved || stored.Length < length) return false;

        ulong? content = contentBytes == 0 ? null : ReadLittleEndian(stored.Slice(length - contentBytes, contentBytes));
        if (contentBytes == 2) content += 256;
        var window = isSingleSegment ? content!.Value : Window(stored[5]);
        header = new ZstdFrameHeader(length, content, window, (uint)ReadLittleEndian(stored.Slice(5 + windowBytes, dictionaryBytes)));
        return true;
    }

    private static ulong Window(byte descriptor)
    {
        var size = 1UL << (10 + (descriptor >> 3));
        return size + size / 8 * (uint)(descriptor & 7);
    }

    private static ulong ReadLittleEndian(ReadOnlySpan<byte> bytes)
    {
        Span<byte> eight = stackalloc byte[8];
        eight.Clear();
        bytes.CopyTo(eight);
        return BinaryPrimitives.ReadUInt64LittleEndian(eight);
    }
}
