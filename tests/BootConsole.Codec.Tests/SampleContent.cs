// Bytes for tests: seeded, the same in every run.
namespace BootConsole.Codec.Tests;

internal static class SampleContent
{
    /// <summary>Bytes that no compressor makes shorter.</summary>
    public static byte[] Random(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Bytes that compress about as program files do: repeated pieces between noise.</summary>
    public static byte[] Typical(int seed, int length)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        var done = 0;
        while (done < length)
        {
            var count = Math.Min(length - done, random.Next(1, 200));
            var piece = bytes.AsSpan(done, count);
            if (done > count && random.Next(4) != 0) bytes.AsSpan(random.Next(done - count), count).CopyTo(piece);
            else random.NextBytes(piece);
            done += count;
        }

        return bytes;
    }
}
