// Bech32, the text form of age keys (BIP 173, without its length limit).
using System.Security.Cryptography;

namespace BootConsole.Core;

/// <summary>Keys of 32 bytes as Bech32 text. Works on bytes, as secret keys must not become strings.</summary>
public static class Bech32
{
    private const int KeyBytes = 32, KeyCharacters = 52, ChecksumCharacters = 6;

    private static ReadOnlySpan<byte> Alphabet => "qpzry9x8gf2tvdw0s3jn54khce6mua7l"u8;

    private static ReadOnlySpan<uint> Generator => [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>Characters of a key's text.</summary>
    public static int TextLength(ReadOnlySpan<byte> prefix) => prefix.Length + 1 + KeyCharacters + ChecksumCharacters;

    /// <summary>Reads the text of a key.</summary>
    /// <param name="text">All of it, without blanks; wholly in the case of <paramref name="prefix"/>.</param>
    /// <param name="prefix">The human-readable part in lower case (<c>age</c>) or in upper case (<c>AGE-SECRET-KEY-</c>).</param>
    /// <param name="key">32 bytes; zeroed when the answer is no.</param>
    /// <returns>False for another prefix, length, case, a character outside the alphabet, a wrong checksum, or padding bits that are not zero.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix, Span<byte> key)
    {
        key.Clear();
        if (text.Length != TextLength(prefix) || !text.StartsWith(prefix) || text[prefix.Length] != (byte)'1') return false;
        Span<byte> values = stackalloc byte[KeyCharacters + ChecksumCharacters];
        var isRead = TryReadValues(text[(prefix.Length + 1)..], IsUpper(prefix), values) && Checksum(prefix, values) == 1 && TryPack(values[..KeyCharacters], key);
        CryptographicOperations.ZeroMemory(values);
        if (!isRead) CryptographicOperations.ZeroMemory(key);
        return isRead;
    }

    /// <summary>Writes the text of a key.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="prefix">The human-readable part; its case is that of the whole text.</param>
    /// <param name="text"><see cref="TextLength"/> bytes.</param>
    public static void Encode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> prefix, Span<byte> text)
    {
        Span<byte> values = stackalloc byte[KeyCharacters + ChecksumCharacters];
        values.Clear();
        Unpack(key, values[..KeyCharacters]);
        var checksum = Checksum(prefix, values) ^ 1;
        for (var i = 0; i < ChecksumCharacters; i++) values[KeyCharacters + i] = (byte)(checksum >> 5 * (5 - i) & 31);
        prefix.CopyTo(text);
        text[prefix.Length] = (byte)'1';
        var isUpper = IsUpper(prefix);
        for (var i = 0; i < values.Length; i++)
        {
            var character = Alphabet[values[i]];
            text[prefix.Length + 1 + i] = isUpper && character >= 'a' ? (byte)(character - 32) : character;
        }

        CryptographicOperations.ZeroMemory(values);
    }

    private static bool IsUpper(ReadOnlySpan<byte> prefix) => prefix[0] is >= (byte)'A' and <= (byte)'Z';

    private static bool TryReadValues(ReadOnlySpan<byte> text, bool isUpper, Span<byte> values)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            var isLetter = character is >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z';
            if (isLetter && (character <= 'Z') != isUpper) return false;
            var value = Alphabet.IndexOf(isLetter ? (byte)(character | 0x20) : character);
            if (value < 0) return false;
            values[i] = (byte)value;
        }

        return true;
    }

    // 52 characters carry 260 bits: the key and four bits of padding.
    private static bool TryPack(ReadOnlySpan<byte> values, Span<byte> key)
    {
        uint bits = 0;
        int bitCount = 0, done = 0;
        foreach (var value in values)
        {
            bits = (bits << 5 | value) & 0xFFF;
            bitCount += 5;
            if (bitCount < 8) continue;
            bitCount -= 8;
            key[done++] = (byte)(bits >> bitCount & 0xFF);
        }

        return (bits & (1u << bitCount) - 1) == 0;
    }

    private static void Unpack(ReadOnlySpan<byte> key, Span<byte> values)
    {
        if (key.Length != KeyBytes) throw new ArgumentException("a key has 32 bytes", nameof(key));
        for (var i = 0; i < values.Length; i++)
        {
            int first = i * 5, at = first / 8, shift = 11 - first % 8;
            var pair = key[at] << 8 | (at + 1 < KeyBytes ? key[at + 1] : 0);
            values[i] = (byte)(pair >> shift & 31);
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> values)
    {
        uint sum = 1;
        foreach (var character in prefix) sum = Step(sum, (uint)(Lower(character) >> 5));
        sum = Step(sum, 0);
        foreach (var character in prefix) sum = Step(sum, (uint)(Lower(character) & 31));
        foreach (var value in values) sum = Step(sum, value);
        return sum;
    }

    private static byte Lower(byte character) => character is >= (byte)'A' and <= (byte)'Z' ? (byte)(character | 0x20) : character;

    private static uint Step(uint sum, uint value)
    {
        var top = sum >> 25;
        sum = (sum & 0x1ffffff) << 5 ^ value;
        for (var i = 0; i < 5; i++)
            if ((top >> i & 1) != 0) sum ^= Generator[i];
        return sum;
    }
}
