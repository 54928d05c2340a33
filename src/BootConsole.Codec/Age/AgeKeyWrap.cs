// The file key under a wrap key: the body of both native stanzas.
using System.Security.Cryptography;

namespace BootConsole.Codec;

/// <summary>ChaCha20-Poly1305 with a nonce of zeros; each wrap key serves once.</summary>
internal static class AgeKeyWrap
{
    private const int NonceBytes = 12;

    internal static byte[] Wrap(AgeFileKey key, ReadOnlySpan<byte> wrapKey)
    {
        var body = new byte[AgeStanza.WrappedKeyBytes];
        Span<byte> nonce = stackalloc byte[NonceBytes];
        nonce.Clear();
        using var cipher = new ChaCha20Poly1305(wrapKey);
        cipher.Encrypt(nonce, key.Key, body.AsSpan(0, AgeFileKey.Bytes), body.AsSpan(AgeFileKey.Bytes));
        return body;
    }

    /// <returns>Null when the body was wrapped under another key.</returns>
    internal static AgeFileKey? TryUnwrap(ReadOnlySpan<byte> body, ReadOnlySpan<byte> wrapKey)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        nonce.Clear();
        Span<byte> key = stackalloc byte[AgeFileKey.Bytes];
        using var cipher = new ChaCha20Poly1305(wrapKey);
        try
        {
            cipher.Decrypt(nonce, body[..AgeFileKey.Bytes], body[AgeFileKey.Bytes..], key);
            return new AgeFileKey(key);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
