// Broken versions of good documents, the same for the same seed.
using System.Text;

namespace BootConsole.Settings.Tests;

/// <summary>
/// Changes a text in one to six places: bytes flipped, cut out, doubled, moved in from another text, or one of the format's own tokens put in.
/// </summary>
public sealed class Mutation(IReadOnlyList<byte[]> texts)
{
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\n", "\r\n", "\r", " ", "\t", "\"", "\"\"\"", "'", "'''", "\\", "\\u00e9", "\\UFFFFFFFF", "#", "_", "-", "+", "0", "9", "e", "inf",
            "nan", "true", ":", "T", "Z", "0x", "1979-05-27", "07:32:00", "a", "b", "[a]\n", "[a.b]\n", "[[a]]\n", "a.b = 1\n", "a = {}\n", "b = []\n", "[job]\n",
            "[[storage]]\n", "name = \"x\"\n", "99999999999999999999", "é", "\0", "\u007f",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [.. Enumerable.Repeat((byte)'[', 300)], [.. Enumerable.Repeat((byte)'{', 300)],
    ];

    /// <summary>How many texts a run tries: 20,000, or what BOOTCONSOLE_FUZZ_ROUNDS says.</summary>
    public static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("BOOTCONSOLE_FUZZ_ROUNDS"), out var rounds) ? rounds : 20_000;

    /// <summary>The text of one seed.</summary>
    public byte[] Text(int seed)
    {
        var random = new Random(seed);
        var text = new List<byte>(texts[random.Next(texts.Count)]);
        for (var change = random.Next(1, 7); change > 0; change--) Change(text, random);
        return [.. text];
    }

    private void Change(List<byte> text, Random random)
    {
        var at = random.Next(text.Count + 1);
        switch (random.Next(6))
        {
            case 0 when at < text.Count:
                text[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                text.RemoveRange(at, Math.Min(random.Next(1, 20), text.Count - at));
                break;
            case 2:
                text.InsertRange(at, text.GetRange(at, Math.Min(random.Next(1, 80), text.Count - at)));
                break;
            case 3:
                var other = texts[random.Next(texts.Count)];
                var start = random.Next(other.Length + 1);
                text.InsertRange(at, other[start..Math.Min(start + random.Next(1, 120), other.Length)]);
                break;
            case 4 when random.Next(8) == 0:
                text.RemoveRange(at, text.Count - at);
                break;
            default:
                text.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                break;
        }
    }
}
