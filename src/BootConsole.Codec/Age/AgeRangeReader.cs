// Reads any range of an age file, block by block, from wherever the caller keeps it.
using System.Buffers;
using System.Security.Cryptography;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>Reads stored bytes of the file at <paramref name="offset"/> until <paramref name="buffer"/> is full, or throws.</summary>
public delegate ValueTask AgeStoredRead(long offset, Memory<byte> buffer, CancellationToken cancel);

/// <summary>
/// Opens ranges of one age file. Every byte given is authentic and at its place. <see cref="ReadAsync"/> keeps the block read last, so that pieces one after the other cost no byte twice; one
/// such reading at a time. <see cref="Open(ByteRange, ReadOnlySpan{byte}, Span{byte})"/> is for callers that read for themselves, several at once. Memory: 64 KiB, and 1 MB once <see cref="ReadAsync"/> is used.
/// </summary>
public sealed class AgeRangeReader : IDisposable
{
    // 15 blocks in one read: just below 1 MiB of stored bytes.
    private const int BlocksAtOnce = 15;
    private readonly AgeBlockCipher _cipher;
    private readonly AgeStoredRead _read;
    private byte[] _stored = [];
    private readonly byte[] _kept = GC.AllocateUninitializedArray<byte>(AgeLayout.BlockBytes, pinned: true);
    private long _keptIndex = -1;

    private AgeRangeReader(AgeLayout layout, ReadOnlyMemory<byte> start, AgeBlockCipher cipher, AgeStoredRead read) => (Layout, Start, _cipher, _read) = (layout, start, cipher, read);

    /// <summary>The file's layout, from its stored length. It is proven only by <see cref="CheckEndAsync"/>, or by whoever vouches for the stored length.</summary>
    public AgeLayout Layout { get; }

    /// <summary>The file's stored bytes before its first block: header and nonce.</summary>
    public ReadOnlyMemory<byte> Start { get; }

    /// <summary>Reads the header and unwraps the file key.</summary>
    /// <param name="storedBytes">Length of the file.</param>
    /// <param name="read">Reads the file.</param>
    /// <param name="identities">Tried in turn.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="CorruptFault">The header is damaged, or no age file has this length.</exception>
    /// <exception cref="KeyFault">No identity opens the file, or the password is wrong.</exception>
    public static async Task<AgeRangeReader> OpenAsync(long storedBytes, AgeStoredRead read, IReadOnlyList<AgeIdentity> identities, CancellationToken cancel)
    {
        for (var length = 4096; ; length *= 4)
        {
            var start = new byte[Math.Min(Math.Min(length, AgeHeader.MaxBytes + AgeFileKey.NonceBytes), storedBytes)];
            await read(0, start, cancel);
            if (AgeHeader.TryRead(start, isWhole: start.Length == storedBytes) is not { } header) continue;
            var startBytes = header.TextBytes + AgeFileKey.NonceBytes;
            if (startBytes > storedBytes) throw AgeFault.Header("it ends before its payload starts");
            if (startBytes > start.Length) continue;
            var layout = AgeLayout.OfStored(startBytes, storedBytes);
            using var key = header.Open(identities);
            return new AgeRangeReader(layout, start.AsMemory(0, startBytes), key.PayloadCipher(start.AsSpan(header.TextBytes, AgeFileKey.NonceBytes)), read);
        }
    }

    /// <summary>Opens what the caller has read. Thread-safe.</summary>
    /// <param name="plain">The plain bytes wanted; not empty, within the content.</param>
    /// <param name="stored">The stored bytes of <see cref="AgeLayout.StoredRange"/> of it.</param>
    /// <param name="target">As long as <paramref name="plain"/>; undefined after a fault.</param>
    /// <exception cref="CorruptFault">A block was altered, moved or cut (<see cref="EncryptedPart.Payload"/>).</exception>
    public void Open(ByteRange plain, ReadOnlySpan<byte> stored, Span<byte> target)
    {
        var first = plain.Start / AgeLayout.BlockBytes;
        var storedStart = Layout.StoredBlock(first).Start;
        byte[]? edge = null;
        for (var index = first; index <= (plain.End - 1) / AgeLayout.BlockBytes; index++)
        {
            var (block, from) = (Layout.PlainBlock(index), Layout.StoredBlock(index));
            var storedBlock = stored.Slice((int)(from.Start - storedStart), (int)from.Length);
            if (plain.Contains(block))
            {
                Open(index, storedBlock, target.Slice((int)(block.Start - plain.Start), (int)block.Length));
                continue;
            }

            edge ??= ArrayPool<byte>.Shared.Rent(AgeLayout.BlockBytes);
            Open(index, storedBlock, edge.AsSpan(0, (int)block.Length));
            var shared = plain.Intersect(block);
            edge.AsSpan((int)(shared.Start - block.Start), (int)shared.Length).CopyTo(target[(int)(shared.Start - plain.Start)..]);
        }

        if (edge is not null) ArrayPool<byte>.Shared.Return(edge, clearArray: true);
    }

    /// <summary>Reads plain bytes.</summary>
    /// <param name="start">Position of the first; with <paramref name="plain"/> within the content.</param>
    /// <param name="plain">Filled wholly; undefined after a fault.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="CorruptFault">A block was altered, moved or cut (<see cref="EncryptedPart.Payload"/>).</exception>
    public async ValueTask ReadAsync(long start, Memory<byte> plain, CancellationToken cancel)
    {
        while (!plain.IsEmpty)
        {
            var wanted = new ByteRange(start, plain.Length);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted.End, Layout.PlainBytes, nameof(plain));
            var first = start / AgeLayout.BlockBytes;
            int done;
            if (first == _keptIndex)
            {
                done = CopyKept(wanted, plain.Span);
            }
            else
            {
                var last = Math.Min((wanted.End - 1) / AgeLayout.BlockBytes, first + BlocksAtOnce - 1);
                await LoadAsync(first, last, cancel);
                done = OpenBlocks(first, last, wanted, plain.Span);
            }

            start += done;
            plain = plain[done..];
        }
    }

    /// <summary>Opens the last block, and so proves that the file has neither been cut at a block's end nor been lengthened.</summary>
    /// <exception cref="CorruptFault">It has been.</exception>
    public async ValueTask CheckEndAsync(CancellationToken cancel)
    {
        var last = Layout.Blocks - 1;
        if (_keptIndex == last) return;
        await LoadAsync(last, last, cancel);
        Keep(last, StoredOf(last, last));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_kept);
        _keptIndex = -1;
        _cipher.Dispose();
    }

    private ValueTask LoadAsync(long first, long last, CancellationToken cancel)
    {
        if (_stored.Length == 0) _stored = GC.AllocateUninitializedArray<byte>(BlocksAtOnce * AgeLayout.StoredBlockBytes);
        var range = ByteRange.FromEnds(Layout.StoredBlock(first).Start, Layout.StoredBlock(last).End);
        return _read(range.Start, _stored.AsMemory(0, (int)range.Length), cancel);
    }

    // Blocks that are wanted whole are opened straight into the caller's buffer, the others by way of the kept one.
    private int OpenBlocks(long first, long last, ByteRange wanted, Span<byte> plain)
    {
        var done = 0;
        for (var index = first; index <= last; index++)
        {
            var block = Layout.PlainBlock(index);
            var stored = StoredOf(first, index);
            if (wanted.Contains(block))
            {
                Open(index, stored, plain.Slice(done, (int)block.Length));
                done += (int)block.Length;
            }
            else
            {
                Keep(index, stored);
                done += CopyKept(ByteRange.FromEnds(wanted.Start + done, wanted.End), plain[done..]);
            }
        }

        return done;
    }

    private ReadOnlySpan<byte> StoredOf(long firstLoaded, long index) =>
        _stored.AsSpan((int)(index - firstLoaded) * AgeLayout.StoredBlockBytes, (int)Layout.StoredBlock(index).Length);

    private void Keep(long index, ReadOnlySpan<byte> stored)
    {
        _keptIndex = -1;
        Open(index, stored, _kept.AsSpan(0, stored.Length - AgeLayout.TagBytes));
        _keptIndex = index;
    }

    private int CopyKept(ByteRange wanted, Span<byte> plain)
    {
        var block = Layout.PlainBlock(_keptIndex);
        var shared = wanted.Intersect(block);
        _kept.AsSpan((int)(shared.Start - block.Start), (int)shared.Length).CopyTo(plain);
        return (int)shared.Length;
    }

    private void Open(long index, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        var isLast = index == Layout.Blocks - 1;
        if (!_cipher.TryOpen(index, isLast, stored, plain)) throw AgeFault.Payload(isLast ? "its end was altered or cut" : "it was altered", index);
    }
}
