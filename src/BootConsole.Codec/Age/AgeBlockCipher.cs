// One block of an age payload, sealed or opened by its place in the file (age-encryption.org/v1, "Payload").
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace BootConsole.Codec;

/// <summary>ChaCha20-Poly1305 under a payload key; the nonce is the block's index and whether it is the last. Thread-safe: as many contexts as callers at once.</summary>
internal sealed class AgeBlockCipher : IDisposable
{
    private const int NonceBytes = 12;
    private readonly SecretBytes _payloadKey;
    private readonly ConcurrentBag<ChaCha20Poly1305> _idle = [];

    internal AgeBlockCipher(ReadOnlySpan<byte> payloadKey) => _payloadKey = new SecretBytes(payloadKey);

    /// <summary>Seals a block into <paramref name="stored"/>, which is longer by a tag.</summary>
    internal void Seal(long index, bool isLast, ReadOnlySpan<byte> plain, Span<byte> stored)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(index, isLast, nonce);
        var cipher = Take();
        cipher.Encrypt(nonce, plain, stored[..plain.Length], stored.Slice(plain.Length, AgeLayout.TagBytes));
        _idle.Add(cipher);
    }

    /// <summary>Opens a block into <paramref name="plain"/>, which is shorter by a tag; other memory than <paramref name="stored"/>.</summary>
    /// <returns>False when it was altered, moved, or is not (or is) the last one; <paramref name="plain"/> is zeroed then.</returns>
    internal bool TryOpen(long index, bool isLast, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(index, isLast, nonce);
        var cipher = Take();
        try
        {
            cipher.Decrypt(nonce, stored[..^AgeLayout.TagBytes], stored[^AgeLayout.TagBytes..], plain);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        finally
        {
            _idle.Add(cipher);
        }
    }

    public void Dispose()
    {
        _payloadKey.Dispose();
        while (_idle.TryTake(out var cipher)) cipher.Dispose();
    }

    private ChaCha20Poly1305 Take() => _idle.TryTake(out var cipher) ? cipher : new ChaCha20Poly1305(_payloadKey.Span);

    // Eleven bytes of big-endian counter (a long never reaches the first three), then one that marks the last block.
    private static void WriteNonce(long index, bool isLast, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], index);
        nonce[11] = isLast ? (byte)1 : (byte)0;
    }
}
