// The name of a chunk's content: SHA-256 of its padded plain bytes.
using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BootConsole.Core;

/// <summary>A SHA-256 value (FIPS 180-4), 32 bytes, comparable and usable as a dictionary key without allocation.</summary>
public readonly record struct ChunkHash
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int Bytes = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private readonly ulong _a, _b, _c, _d;

    /// <summary>Takes a hash from its 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public ChunkHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes) throw new ArgumentException("a SHA-256 value has 32 bytes", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Hashes <paramref name="content"/>.</summary>
    public static ChunkHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        SHA256.HashData(content, bytes);
        return new ChunkHash(bytes);
    }

    /// <summary>Writes the 32 bytes of the hash to the start of <paramref name="target"/>.</summary>
    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, _a);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(target[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(target[24..], _d);
    }

    /// <summary>64 lower-case hexadecimal digits, as <c>sha256sum</c> prints them.</summary>
    public override string ToString() => $"{_a:x16}{_b:x16}{_c:x16}{_d:x16}";

    /// <summary>Reads 64 lower-case hexadecimal digits.</summary>
    /// <returns>False when <paramref name="text"/> is anything else.</returns>
    public static bool TryParse(string? text, out ChunkHash hash)
    {
        hash = default;
        if (text is not { Length: 2 * Bytes } || text.AsSpan().ContainsAnyExcept(HexDigits)) return false;
        hash = new ChunkHash(Convert.FromHexString(text));
        return true;
    }
}
