// Finds chunks that hold one value only, zero before all.
namespace BootConsole.Codec;

/// <summary>Looks whether all bytes are equal.</summary>
public static class UniformBytes
{
    /// <summary>Tells whether every byte is the same. Stops at the first that differs; runs at the speed of memory when none does.</summary>
    /// <param name="bytes">At least one byte.</param>
    /// <param name="value">The common value; the first byte when the answer is no.</param>
    public static bool TryFind(ReadOnlySpan<byte> bytes, out byte value)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bytes.Length);
        value = bytes[0];
        return !bytes.ContainsAnyExcept(value);
    }

    /// <summary>Tells whether every byte is zero; true for no bytes.</summary>
    public static bool AreZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);
}
