// Damage for fuzz tests: one seeded change of a valid input after the other.
using System.Globalization;

namespace BootConsole.TestKit;

/// <summary>Changed copies of valid inputs.</summary>
public static class Mutation
{
    /// <summary>How many mutated inputs each parser gets: 20,000, or what BOOTCONSOLE_FUZZ_ROUNDS says.</summary>
    public static int Rounds { get; } = int.TryParse(Environment.GetEnvironmentVariable("BOOTCONSOLE_FUZZ_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? rounds : 20_000;

    /// <summary>A changed copy: bits flipped, bytes set, removed, inserted, doubled, or the end cut off. Often several at once; near the start more often than elsewhere.</summary>
    public static byte[] Of(Random random, byte[] valid, int headBytes = 24)
    {
        var bytes = new List<byte>(valid);
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var reach = random.Next(2) == 0 ? Math.Min(headBytes, bytes.Count) : bytes.Count;
            var at = random.Next(reach);
            var count = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = random.Next(2) == 0 ? (byte)0 : (byte)255; break;
                case 3: bytes.RemoveRange(at, count); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
                case 5: bytes.Insert(at, (byte)random.Next(256)); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }

        return [.. bytes];
    }

    /// <summary>A changed copy of a JSON text that is mostly still JSON: values swapped for awkward ones, names for others, punctuation moved; now and then plain damage.</summary>
    public static byte[] OfJson(Random random, byte[] valid)
    {
        if (random.Next(4) == 0) return Of(random, valid);
        var text = System.Text.Encoding.UTF8.GetString(valid);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var tokens = System.Text.RegularExpressions.Regex.Matches(text, "\"[^\"]*\"|-?[0-9.]+|true|false|null|[\\[\\]{},:]");
            if (tokens.Count == 0) break;
            var token = tokens[random.Next(tokens.Count)];
            var other = random.Next(3) == 0 ? tokens[random.Next(tokens.Count)].Value : Awkward[random.Next(Awkward.Length)];
            text = text[..token.Index] + other + text[(token.Index + token.Length)..];
        }

        return System.Text.Encoding.UTF8.GetBytes(text);
    }

    private static readonly string[] Awkward =
    [
        "null", "true", "{}", "[]", "[null]", "[[]]", "\"\"", "\"../x\"", "\"\\u0000\"", "\"\\ud800\"", "\"/etc/passwd\"", "0", "-1", "1e400", "-0", "0.5", "9223372036854775807", "-9223372036854775808",
        "18446744073709551616", "2147483648", "1e18", "\"00000000-1.zst\"", "\"00000000-1.table.zst\"", "\"full\"", "\"incremental\"", "7", "65536", "\"0001-01-01T00:00:00+14:00\"", ",", "",
    ];
}
