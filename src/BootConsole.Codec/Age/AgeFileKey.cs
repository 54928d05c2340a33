// The secret of one age file, and what is derived from it.
using System.Security.Cryptography;

namespace BootConsole.Codec;

/// <summary>The file key (16 bytes) of one age file. Never used for two files.</summary>
public sealed class AgeFileKey : IDisposable
{
    /// <summary>Length of a file key.</summary>
    internal const int Bytes = 16;

    internal const int MacBytes = 32, NonceBytes = 16;
    private const int DerivedBytes = 32;
    private readonly SecretBytes _key;

    internal AgeFileKey(ReadOnlySpan<byte> key) => _key = new SecretBytes(key);

    internal ReadOnlySpan<byte> Key => _key.Span;

    internal static AgeFileKey MakeRandom()
    {
        Span<byte> key = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(key);
        var made = new AgeFileKey(key);
        CryptographicOperations.ZeroMemory(key);
        return made;
    }

    /// <summary>The MAC over a header up to and with its <c>---</c> (age-encryption.org/v1, "Header MAC").</summary>
    internal void Mac(ReadOnlySpan<byte> header, Span<byte> mac)
    {
        Span<byte> key = stackalloc byte[DerivedBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key.Span, key, [], "header"u8);
        HMACSHA256.HashData(key, header, mac);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>The cipher of the payload that starts with <paramref name="nonce"/>.</summary>
    internal AgeBlockCipher PayloadCipher(ReadOnlySpan<byte> nonce)
    {
        Span<byte> key = stackalloc byte[DerivedBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key.Span, key, nonce, "payload"u8);
        var cipher = new AgeBlockCipher(key);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
