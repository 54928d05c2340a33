// The functions of libsodium that the product calls, as sodium.h declares them.
using System.Runtime.InteropServices;

namespace BootConsole.Codec.Native;

/// <summary>Signatures of sodium/core.h, crypto_scalarmult_curve25519.h and crypto_pwhash_scryptsalsa208sha256.h, names and parameter order as there.</summary>
internal static unsafe partial class LibSodium
{
    private const string Library = CodecLibraries.Sodium;

    [LibraryImport(Library)]
    internal static partial int sodium_init();

    [LibraryImport(Library)]
    internal static partial int crypto_scalarmult_curve25519(byte* q, byte* n, byte* p);

    [LibraryImport(Library)]
    internal static partial int crypto_scalarmult_curve25519_base(byte* q, byte* n);

    [LibraryImport(Library)]
    internal static partial int crypto_pwhash_scryptsalsa208sha256_ll(byte* passwd, nuint passwdlen, byte* salt, nuint saltlen, ulong N, uint r, uint p, byte* buf, nuint buflen);
}
