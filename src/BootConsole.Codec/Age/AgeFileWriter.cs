// Writes one age file piece by piece into the caller's buffers.
using System.Security.Cryptography;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>
/// Encrypts one file under a new file key. The file is <see cref="Start"/>, then what each <see cref="Seal"/> gave, then what <see cref="Finish"/> gave; without the last it cannot be opened to its
/// end. Memory is one block, whatever the file's length; nothing is allocated after the start. Not thread-safe.
/// </summary>
public sealed class AgeFileWriter : IDisposable
{
    private readonly AgeBlockCipher _cipher;
    // The block that is not known to be the last yet. Plain bytes of a disk, so zeroed in the end.
    private readonly byte[] _held = GC.AllocateUninitializedArray<byte>(AgeLayout.BlockBytes, pinned: true);
    private readonly byte[] _start;
    private int _heldBytes;
    private long _blocks;
    private bool _isFinished;

    /// <summary>Starts a file for <paramref name="recipients"/>.</summary>
    /// <exception cref="KeyFault">A recipient is not a usable key.</exception>
    /// <exception cref="RefusedFault">A password would take more memory than is free.</exception>
    /// <exception cref="ArgumentException">No recipient, or a password beside others.</exception>
    public AgeFileWriter(params IReadOnlyList<AgeRecipient> recipients)
    {
        if (recipients.Count == 0) throw new ArgumentException("a file needs a recipient", nameof(recipients));
        if (recipients.Count > 1 && recipients.Any(recipient => recipient is PasswordRecipient)) throw new ArgumentException("a password must be the only recipient", nameof(recipients));
        using var key = AgeFileKey.MakeRandom();
        var signed = AgeHeaderText.WriteSigned(recipients.Select(recipient => recipient.Wrap(key)));
        Span<byte> mac = stackalloc byte[AgeFileKey.MacBytes], nonce = stackalloc byte[AgeFileKey.NonceBytes];
        key.Mac(signed, mac);
        RandomNumberGenerator.Fill(nonce);
        _start = [.. signed, (byte)' ', .. System.Text.Encoding.ASCII.GetBytes(AgeBase64.Encode(mac)), (byte)'\n', .. nonce];
        _cipher = key.PayloadCipher(nonce);
    }

    /// <summary>The first bytes of the file: header and nonce.</summary>
    public ReadOnlyMemory<byte> Start => _start;

    /// <summary>Plain bytes taken so far.</summary>
    public long PlainBytes { get; private set; }

    /// <summary>Length of the file when it is finished now.</summary>
    public long StoredBytes => new AgeLayout(_start.Length, PlainBytes).StoredBytes;

    /// <summary>Most bytes that <see cref="Seal"/> can give for <paramref name="plainBytes"/>, and <see cref="Finish"/> for 0.</summary>
    public static int MaxSealed(int plainBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plainBytes);
        return checked(plainBytes + AgeLayout.BlockBytes + (plainBytes / AgeLayout.BlockBytes + 1) * AgeLayout.TagBytes);
    }

    /// <summary>Encrypts a piece. Up to a block of it is held back.</summary>
    /// <param name="plain">Any length; not in <paramref name="stored"/>.</param>
    /// <param name="stored">At least <see cref="MaxSealed"/> bytes.</param>
    /// <returns>Bytes written to <paramref name="stored"/>.</returns>
    public int Seal(ReadOnlySpan<byte> plain, Span<byte> stored)
    {
        Check(plain.Length, stored.Length);
        PlainBytes += plain.Length;
        var done = 0;
        // A block leaves only when a byte follows it: then it is not the last.
        while (_heldBytes + plain.Length > AgeLayout.BlockBytes)
        {
            if (_heldBytes == 0)
            {
                done += SealBlock(plain[..AgeLayout.BlockBytes], isLast: false, stored[done..]);
                plain = plain[AgeLayout.BlockBytes..];
                continue;
            }

            var missing = AgeLayout.BlockBytes - _heldBytes;
            Hold(plain[..missing]);
            plain = plain[missing..];
            done += SealBlock(_held, isLast: false, stored[done..]);
            _heldBytes = 0;
        }

        Hold(plain);
        return done;
    }

    /// <summary>Encrypts what was held back as the last block.</summary>
    /// <param name="stored">At least <see cref="MaxSealed"/> of 0 bytes.</param>
    /// <returns>Bytes written to <paramref name="stored"/>.</returns>
    public int Finish(Span<byte> stored)
    {
        Check(0, stored.Length);
        _isFinished = true;
        return SealBlock(_held.AsSpan(0, _heldBytes), isLast: true, stored);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_held);
        _isFinished = true;
        _cipher.Dispose();
    }

    private void Hold(ReadOnlySpan<byte> plain)
    {
        plain.CopyTo(_held.AsSpan(_heldBytes));
        _heldBytes += plain.Length;
    }

    private int SealBlock(ReadOnlySpan<byte> plain, bool isLast, Span<byte> stored)
    {
        var storedBytes = plain.Length + AgeLayout.TagBytes;
        _cipher.Seal(_blocks++, isLast, plain, stored[..storedBytes]);
        return storedBytes;
    }

    private void Check(int plainBytes, int storedBytes)
    {
        if (_isFinished) throw new InvalidOperationException("the file is finished");
        if (storedBytes < MaxSealed(plainBytes)) throw new ArgumentException("shorter than MaxSealed");
    }
}
