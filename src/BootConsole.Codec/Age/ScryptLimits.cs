// How much work and memory a password may cost.
using BootConsole.Codec.Native;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Codec;

/// <summary>What scrypt may take. A work factor of 2^n takes 2^n KiB of memory, and the file names it: whoever wrote the file could ask for anything.</summary>
public sealed record ScryptLimits
{
    /// <summary>The work factor that is written: 2^17, 128 MiB.</summary>
    public const int WrittenLogN = 17;

    /// <summary>The highest work factor that is accepted, as its base-two logarithm, 1 to 30: 20 (1 GiB) unless told otherwise.</summary>
    public int MaxLogN
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 30);
            field = value;
        }
    } = 20;

    /// <summary>Tells how many bytes can be had now.</summary>
    public Func<long> AvailableBytes { get; init; } = MachineMemory.AvailableBytes;

    /// <summary>Refuses before any memory is taken.</summary>
    /// <exception cref="RefusedFault">More than allowed, or more than there is.</exception>
    internal void Check(int logN)
    {
        if (logN > MaxLogN)
        {
            throw new RefusedFault("a password asks for more work than is allowed")
            {
                Expected = $"a work factor of 2^{MaxLogN} at most",
                Found = $"2^{logN}",
                Remedy = "Open the file with the age program on a larger machine, or check who wrote it.",
            };
        }

        var neededBytes = 1024L << logN;
        if (AvailableBytes() is var freeBytes && freeBytes < neededBytes)
        {
            throw new RefusedFault("a password needs more memory than is free")
            {
                Expected = $"{ByteSize.Format(neededBytes)} for a work factor of 2^{logN}",
                Found = ByteSize.Format(freeBytes),
                Remedy = "Open the file on a machine with more memory.",
            };
        }
    }

    /// <summary>Derives the wrap key of a password (age-encryption.org/v1, "scrypt recipient stanza").</summary>
    internal void DeriveWrapKey(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int logN, Span<byte> wrapKey)
    {
        Check(logN);
        Sodium.Scrypt(password, [.. "age-encryption.org/v1/scrypt"u8, .. salt], logN, wrapKey);
    }
}
