// Bytes that are different everywhere and the same every time.
namespace BootConsole.TestKit;

/// <summary>Seeded random bytes.</summary>
public static class RandomBytes
{
    public static byte[] Of(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
