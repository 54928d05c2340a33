// Base64 as age writes it: no padding, no line ends, one spelling for each value.
using System.Text;

namespace BootConsole.Codec;

/// <summary>Unpadded standard base64 (RFC 4648, section 4); only the canonical form (section 3.5) is read.</summary>
internal static class AgeBase64
{
    private const byte None = 0xFF;
    private static readonly byte[] Values = MakeValues();

    /// <summary>Bytes that <paramref name="characters"/> characters decode to.</summary>
    internal static int DecodedBytes(int characters) => characters / 4 * 3 + characters % 4 * 3 / 4;

    /// <summary>Decodes <paramref name="text"/> into exactly <see cref="DecodedBytes"/> bytes.</summary>
    /// <returns>False for any character outside the alphabet, padding included, for a length that no value has, and for spare bits that are not zero.</returns>
    internal static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> decoded)
    {
        if (text.Length % 4 == 1 || decoded.Length != DecodedBytes(text.Length)) return false;
        uint bits = 0;
        int bitCount = 0, done = 0;
        foreach (var character in text)
        {
            var value = Values[character];
            if (value == None) return false;
            bits = bits << 6 | value;
            bitCount += 6;
            if (bitCount < 8) continue;
            bitCount -= 8;
            decoded[done++] = (byte)(bits >> bitCount & 0xFF);
            bits &= (1u << bitCount) - 1;
        }

        return bits == 0;
    }

    /// <summary>The canonical text of <paramref name="bytes"/>.</summary>
    internal static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] MakeValues()
    {
        var values = new byte[256];
        Array.Fill(values, None);
        var alphabet = Encoding.ASCII.GetBytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
        for (var i = 0; i < alphabet.Length; i++) values[alphabet[i]] = (byte)i;
        return values;
    }
}
