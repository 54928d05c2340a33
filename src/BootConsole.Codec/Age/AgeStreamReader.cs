// Decrypts an age payload from beginning to end without knowing its length.
using System.Buffers;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>Opens the blocks of a stream. The last block is the one after which the stream ends, so one byte is read ahead.</summary>
internal sealed class AgeStreamReader(Stream stored, ReadOnlyMemory<byte> readAhead, AgeBlockCipher cipher) : IDisposable
{
    private const int BlocksAtOnce = 15;
    private const int StoredBytes = BlocksAtOnce * AgeLayout.StoredBlockBytes + 1;
    private readonly byte[] _stored = ArrayPool<byte>.Shared.Rent(StoredBytes);
    private readonly byte[] _plain = ArrayPool<byte>.Shared.Rent(BlocksAtOnce * AgeLayout.BlockBytes);
    private ReadOnlyMemory<byte> _readAhead = readAhead;
    private long _blocks;

    /// <summary>Writes the content to <paramref name="target"/>: all of it, or what is authentic before the fault.</summary>
    internal async Task CopyToAsync(Stream target, CancellationToken cancel)
    {
        var held = 0;
        bool isEnd;
        do
        {
            held += await FillAsync(_stored.AsMemory(held, StoredBytes - held), cancel);
            isEnd = held < StoredBytes;
            var fault = OpenBlocks(isEnd, ref held, out var plainBytes);
            await target.WriteAsync(_plain.AsMemory(0, plainBytes), cancel);
            if (fault is not null) throw fault;
        }
        while (!isEnd);
    }

    /// <summary>Zeroes and returns the buffers.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_stored);
        ArrayPool<byte>.Shared.Return(_plain, clearArray: true);
        cipher.Dispose();
    }

    private async ValueTask<int> FillAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        var known = Math.Min(buffer.Length, _readAhead.Length);
        _readAhead[..known].CopyTo(buffer);
        _readAhead = _readAhead[known..];
        return known + await stored.ReadAtLeastAsync(buffer[known..], buffer.Length - known, throwOnEndOfStream: false, cancel);
    }

    // Opens every block that something follows, and at the end the last one; moves what is left to the front.
    private CorruptFault? OpenBlocks(bool isEnd, ref int held, out int plainBytes)
    {
        var at = 0;
        plainBytes = 0;
        CorruptFault? fault = null;
        while (fault is null && held - at > AgeLayout.StoredBlockBytes)
        {
            fault = OpenBlock(_stored.AsSpan(at, AgeLayout.StoredBlockBytes), isLast: false, ref plainBytes);
            at += AgeLayout.StoredBlockBytes;
        }

        if (isEnd && fault is null) fault = OpenBlock(_stored.AsSpan(at, held - at), isLast: true, ref plainBytes);
        if (isEnd) return fault;
        _stored.AsSpan(at, held - at).CopyTo(_stored);
        held -= at;
        return fault;
    }

    // A whole block that is sealed as the last but is not, or the other way round, is authentic all the same: it is given, then the fault.
    private CorruptFault? OpenBlock(ReadOnlySpan<byte> block, bool isLast, ref int plainBytes)
    {
        var index = _blocks++;
        if (block.Length < AgeLayout.TagBytes) return AgeFault.Payload("it ends before its last block does", index);
        var plain = _plain.AsSpan(plainBytes, block.Length - AgeLayout.TagBytes);
        if (cipher.TryOpen(index, isLast, block, plain))
        {
            if (plain.IsEmpty && index > 0) return AgeFault.Payload("its last block is empty", index);
            plainBytes += plain.Length;
            return null;
        }

        if (block.Length < AgeLayout.StoredBlockBytes || !cipher.TryOpen(index, !isLast, block, plain)) return AgeFault.Payload("it was altered or cut", index);
        plainBytes += plain.Length;
        return isLast ? AgeFault.Payload("it was cut at the end of a block", index + 1) : AgeFault.Payload("something follows its last block", index + 1);
    }
}
