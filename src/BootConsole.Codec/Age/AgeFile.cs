// Whole age files from stream to stream, in constant memory, and small ones in memory.
using System.Buffers;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>Encrypts and decrypts whole files.</summary>
public static class AgeFile
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Encrypts <paramref name="plain"/> to its end.</summary>
    /// <exception cref="KeyFault">A recipient is not a usable key.</exception>
    public static async Task EncryptAsync(Stream plain, Stream stored, IReadOnlyList<AgeRecipient> recipients, CancellationToken cancel)
    {
        using var writer = new AgeFileWriter(recipients);
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        var sealedPiece = ArrayPool<byte>.Shared.Rent(AgeFileWriter.MaxSealed(PieceBytes));
        try
        {
            await stored.WriteAsync(writer.Start, cancel);
            int count;
            while ((count = await plain.ReadAsync(piece.AsMemory(0, PieceBytes), cancel)) > 0)
                await stored.WriteAsync(sealedPiece.AsMemory(0, writer.Seal(piece.AsSpan(0, count), sealedPiece)), cancel);
            await stored.WriteAsync(sealedPiece.AsMemory(0, writer.Finish(sealedPiece)), cancel);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
            ArrayPool<byte>.Shared.Return(sealedPiece);
        }
    }

    /// <summary>Decrypts <paramref name="stored"/> to its end. What was written to <paramref name="plain"/> before a fault is authentic, but not all.</summary>
    /// <exception cref="CorruptFault">The file is damaged; <see cref="CorruptFault.Part"/> says where.</exception>
    /// <exception cref="KeyFault">No identity opens the file, or the password is wrong.</exception>
    /// <exception cref="RefusedFault">Opening the password would take more work or memory than allowed.</exception>
    public static async Task DecryptAsync(Stream stored, Stream plain, IReadOnlyList<AgeIdentity> identities, CancellationToken cancel)
    {
        var (header, read) = await ReadHeaderAsync(stored, cancel);
        using var key = header.Open(identities);
        var payload = read.AsMemory(header.TextBytes);
        if (payload.Length < AgeFileKey.NonceBytes) throw AgeFault.Header("it ends before its payload starts");
        using var reader = new AgeStreamReader(stored, payload[AgeFileKey.NonceBytes..], key.PayloadCipher(payload.Span[..AgeFileKey.NonceBytes]));
        await reader.CopyToAsync(plain, cancel);
    }

    /// <summary>Encrypts a small file.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> plain, params IReadOnlyList<AgeRecipient> recipients)
    {
        using var writer = new AgeFileWriter(recipients);
        var most = AgeFileWriter.MaxSealed(plain.Length);
        var stored = new byte[writer.Start.Length + most + AgeFileWriter.MaxSealed(0)];
        writer.Start.Span.CopyTo(stored);
        var done = writer.Start.Length;
        done += writer.Seal(plain, stored.AsSpan(done));
        done += writer.Finish(stored.AsSpan(done));
        return stored[..done];
    }

    /// <summary>Decrypts a small file. The caller zeroes what is returned when it is secret.</summary>
    /// <exception cref="CorruptFault">The file is damaged; <see cref="CorruptFault.Part"/> says where.</exception>
    /// <exception cref="KeyFault">No identity opens the file, or the password is wrong.</exception>
    /// <exception cref="RefusedFault">Opening the password would take more work or memory than allowed.</exception>
    public static byte[] Open(ReadOnlySpan<byte> stored, params IReadOnlyList<AgeIdentity> identities)
    {
        var header = AgeHeader.TryRead(stored, isWhole: true)!;
        using var key = header.Open(identities);
        var start = header.TextBytes + AgeFileKey.NonceBytes;
        if (stored.Length < start) throw AgeFault.Header("it ends before its payload starts");
        var layout = AgeLayout.OfStored(start, stored.Length);
        using var cipher = key.PayloadCipher(stored.Slice(header.TextBytes, AgeFileKey.NonceBytes));
        // Pinned, as it may be a key.
        var plain = GC.AllocateUninitializedArray<byte>(checked((int)layout.PlainBytes), pinned: true);
        for (long index = 0; index < layout.Blocks; index++)
        {
            ByteRange from = layout.StoredBlock(index), to = layout.PlainBlock(index);
            if (!cipher.TryOpen(index, index == layout.Blocks - 1, stored.Slice((int)from.Start, (int)from.Length), plain.AsSpan((int)to.Start, (int)to.Length)))
            {
                plain.AsSpan().Clear();
                throw AgeFault.Payload("it was altered or cut", index);
            }
        }

        return plain;
    }

    // The longest header is 256 KiB; what was read beyond it belongs to the payload.
    private static async Task<(AgeHeader Header, byte[] Read)> ReadHeaderAsync(Stream stored, CancellationToken cancel)
    {
        var read = new byte[4096];
        var count = 0;
        while (true)
        {
            var wanted = read.Length;
            count += await stored.ReadAtLeastAsync(read.AsMemory(count), wanted - count, throwOnEndOfStream: false, cancel);
            if (AgeHeader.TryRead(read.AsSpan(0, count), isWhole: count < wanted) is { } header && (count < wanted || count >= header.TextBytes + AgeFileKey.NonceBytes))
                return (header, read[..count]);
            Array.Resize(ref read, read.Length * 2);
        }
    }
}
