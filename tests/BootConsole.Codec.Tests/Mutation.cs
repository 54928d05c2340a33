// Damage for fuzz tests: one seeded change of a valid input after the other.
using System.Globalization;

namespace BootConsole.Codec.Tests;

internal static class Mutation
{
    /// <summary>How many mutated inputs each parser gets: 20,000, or what BOOTCONSOLE_FUZZ_ROUNDS says.</summary>
    public static int Rounds { get; } = int.TryParse(Environment.GetEnvironmentVariable("BOOTCONSOLE_FUZZ_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? rounds : 20_000;

    /// <summary>A changed copy: bits flipped, bytes set, removed, inserted, doubled, or the end cut off. Often several at once; near the start more often than elsewhere.</summary>
    public static byte[] Of(Random random, byte[] valid)
    {
        var bytes = new List<byte>(valid);
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var reach = random.Next(2) == 0 ? Math.Min(24, bytes.Count) : bytes.Count;
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
}
