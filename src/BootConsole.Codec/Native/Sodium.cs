// X25519 and scrypt on spans, by libsodium.
using BootConsole.Core;

namespace BootConsole.Codec.Native;

/// <summary>The two primitives that the runtime lacks.</summary>
internal static unsafe class Sodium
{
    internal const int KeyBytes = 32;

    /// <summary>X25519 of RFC 7748, section 5.</summary>
    /// <returns>False when the shared secret would be zero: <paramref name="point"/> is of low order.</returns>
    internal static bool TryX25519(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> shared)
    {
        CheckKeys(scalar, point, shared);
        Start();
        fixed (byte* n = scalar, p = point, q = shared) return LibSodium.crypto_scalarmult_curve25519(q, n, p) == 0;
    }

    /// <summary>X25519 with the base point: the public key of <paramref name="scalar"/>.</summary>
    internal static void X25519Public(ReadOnlySpan<byte> scalar, Span<byte> point)
    {
        CheckKeys(scalar, scalar, point);
        Start();
        fixed (byte* n = scalar, q = point)
        {
            if (LibSodium.crypto_scalarmult_curve25519_base(q, n) != 0) throw new HostFault("libsodium failed to make a public key");
        }
    }

    /// <summary>scrypt of RFC 7914 with r = 8, p = 1. Takes 1,024 bytes times 2^<paramref name="logN"/>; the caller has checked that they are there.</summary>
    /// <exception cref="HostFault">The memory could not be had after all.</exception>
    internal static void Scrypt(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int logN, Span<byte> key)
    {
        Start();
        fixed (byte* passwd = password, s = salt, buf = key)
        {
            if (LibSodium.crypto_pwhash_scryptsalsa208sha256_ll(passwd, (nuint)password.Length, s, (nuint)salt.Length, 1UL << logN, 8, 1, buf, (nuint)key.Length) != 0)
                throw new HostFault("there is not enough memory to derive a key from the password") { Expected = ByteSize.Format(1024L << logN) };
        }
    }

    // Cheap after the first time, and safe from any thread.
    private static void Start()
    {
        if (LibSodium.sodium_init() < 0) throw new HostFault("libsodium cannot start");
    }

    private static void CheckKeys(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, ReadOnlySpan<byte> result)
    {
        if (scalar.Length != KeyBytes || point.Length != KeyBytes || result.Length != KeyBytes) throw new ArgumentException("a key of Curve25519 has 32 bytes");
    }
}
