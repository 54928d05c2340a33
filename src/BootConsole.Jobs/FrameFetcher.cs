// Reads the frames of an image in disk order, several large reads ahead: the store side of restore, verify and export.
using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Jobs;

/// <summary>Which frames a flow needs.</summary>
internal enum FramesWanted
{
    /// <summary>None: rows alone, for reading back.</summary>
    None,

    /// <summary>Those with content; zero and unused chunks are known without.</summary>
    Content,

    /// <summary>Every stored byte, with each own segment's SHA-256 held against the manifest: verification.</summary>
    All,
}

/// <summary>Fetches one disk of an image. Used by one caller.</summary>
internal sealed class FrameFetcher : IAsyncDisposable
{
    private const int ReadThroughBytes = 64 << 10, MaxRun = 4096;

    private readonly ImageReader _image;
    private readonly int _disk;
    private readonly ChunkGrid _grid;
    private readonly FramesWanted _wanted;
    private readonly Func<long, bool>? _isWanted;
    private readonly IChunkTransform _tableTransform;
    private readonly MemoryBudget _budget;
    private readonly Channel<Block> _ahead;
    private readonly List<IMemoryOwner<byte>> _buffers = [];
    private readonly Channel<IMemoryOwner<byte>> _free;
    private readonly CancellationTokenSource _stop;
    private readonly Task _planning;
    private readonly List<(SegmentReference Source, Task<SegmentReader> Reader)> _open = [];
    private readonly IncrementalHash _segmentHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Block? _block, _lastBegun;
    private int _row;
    private long _hashedTo;

    /// <param name="image">The image.</param>
    /// <param name="disk">Disk number.</param>
    /// <param name="wanted">Which frames.</param>
    /// <param name="tableTransform">For tables; stays the caller's.</param>
    /// <param name="cancel">Ends the reads ahead.</param>
    /// <param name="isWanted">Says of a chunk number whether its content is wanted; null for all. Asked from several threads.</param>
    internal FrameFetcher(ImageReader image, int disk, FramesWanted wanted, IChunkTransform tableTransform, CancellationToken cancel, Func<long, bool>? isWanted = null)
    {
        (_image, _disk, _wanted, _tableTransform, _isWanted) = (image, disk, wanted, tableTransform, isWanted);
        _grid = image.Manifest.Disks[disk].Grid;
        _budget = MemoryBudget.For(_grid.ChunkBytes);
        // One block is being handed out and one being begun; the others wait between the two.
        _ahead = Channel.CreateBounded<Block>(_budget.Blocks - 2);
        _free = Channel.CreateBounded<IMemoryOwner<byte>>(_budget.Blocks);
        if (wanted != FramesWanted.None)
            for (var i = 0; i < _budget.Blocks; i++) _buffers.Add(DiskBuffer.Allocate(_budget.BlockBytes));
        foreach (var buffer in _buffers) _free.Writer.TryWrite(buffer);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _planning = Task.Run(PlanAsync, CancellationToken.None);
    }

    /// <summary>Puts the next chunk or run into <paramref name="item"/>.</summary>
    /// <returns>False after the last one.</returns>
    internal async ValueTask<bool> NextAsync(ImageChunk item, CancellationToken cancel)
    {
        while (_block is null || _row == _block.End)
        {
            if (_block is not null) CloseBlock(_block);
            _block = null;
            if (!await _ahead.Reader.WaitToReadAsync(cancel) || !_ahead.Reader.TryRead(out _block))
            {
                await _planning;
                return false;
            }

            await _block.Read.WaitAsync(cancel);
            _row = _block.Start;
        }

        var row = _block.Table.Rows[_row];
        (item.First, item.Count, item.Row, item.StoredBytes) = (_block.Table.Name.FirstChunk + _row, 1, row, 0);
        item.Range = _grid.Range(item.First);
        item.Source = _block.Table.SourceOf(row);
        if (IsWanted(item.First, row))
        {
            item.StoredBytes = row.StoredBytes;
            _block.Bytes.Span.Slice((int)(row.Offset - _block.Offset), row.StoredBytes).CopyTo(item.Stored);
        }
        else if (!row.HasContent)
        {
            TakeRun(item, _block);
        }

        _row += item.Count;
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _planning.ContinueWith(static _ => { }, TaskScheduler.Default);
        // No read may outlive its buffer: the one at hand, the last one begun, and all between them.
        List<Block?> begun = [_block, _lastBegun];
        while (_ahead.Reader.TryRead(out var block)) begun.Add(block);
        foreach (var block in begun.OfType<Block>()) await block.Read.ContinueWith(static _ => { }, TaskScheduler.Default);
        foreach (var (_, reader) in _open)
            if (await reader.ContinueWith(static task => task.IsCompletedSuccessfully ? task.Result : null, TaskScheduler.Default) is { } open) await open.DisposeAsync();
        foreach (var buffer in _buffers) buffer.Dispose();
        _segmentHash.Dispose();
        _stop.Dispose();
    }

    private bool IsWanted(long chunk, ChunkRow row) =>
        row.StoredBytes > 0 && (_wanted == FramesWanted.All || (_wanted == FramesWanted.Content && row.HasContent && _isWanted?.Invoke(chunk) != false));

    private void TakeRun(ImageChunk item, Block block)
    {
        var length = item.Range.Length;
        while (item.Count < MaxRun && _row + item.Count < block.End && block.Table.Rows[_row + item.Count] is var next
            && next.Kind == item.Row.Kind && next.Hash == item.Row.Hash && _grid.Range(item.First + item.Count).Length == length)
            item.Count++;
        item.Range = _grid.Range(item.First, item.Count);
    }

    // Runs ahead of the caller: cuts the rows of each table into blocks and starts their reads; the channel's bound holds it back.
    private async Task PlanAsync()
    {
        try
        {
            for (var index = 0; index < _image.Manifest.Disks[_disk].Tables.Count; index++)
            {
                var table = await _image.ReadTableAsync(_disk, index, _tableTransform, _stop.Token);
                for (var start = 0; start < table.Rows.Count;)
                {
                    var block = CutBlock(table, start);
                    if (block.Length > 0) block.Buffer = await _free.Reader.ReadAsync(_stop.Token);
                    block.Read = ReadBlockAsync(block);
                    _lastBegun = block;
                    await _ahead.Writer.WriteAsync(block, _stop.Token);
                    await CloseOldestAsync();
                    start = block.End;
                }
            }
        }
        finally
        {
            _ahead.Writer.Complete();
        }
    }

    private Block CutBlock(ChunkTable table, int start)
    {
        long offset = -1, end = -1;
        ushort source = 0;
        var row = start;
        for (; row < table.Rows.Count; row++)
        {
            var next = table.Rows[row];
            if (!IsWanted(table.Name.FirstChunk + row, next)) continue;
            if (offset < 0) (offset, end, source) = (next.Offset, next.Offset, next.Source);
            var joins = next.Source == source && next.Offset >= end && next.Offset - end <= ReadThroughBytes && next.Offset + next.StoredBytes - offset <= _budget.BlockBytes;
            if (!joins && end > offset) break;
            end = next.Offset + next.StoredBytes;
        }

        return new Block(table, start, row, source, Math.Max(offset, 0), offset < 0 ? 0 : (int)(end - offset));
    }

    private async Task ReadBlockAsync(Block block)
    {
        if (block.Length == 0) return;
        var source = block.Source == 0 ? block.Table.SourceOf(default) : block.Table.Sources[block.Source - 1];
        var segment = block.Segment = await OpenAsync(source);
        var plain = new ByteRange(block.Offset, block.Length);
        block.StoredRange = segment.StoredRange(plain);
        if (!segment.IsEncrypted)
        {
            await segment.ReadStoredAsync(block.Offset, block.Bytes, _stop.Token);
            return;
        }

        block.Sealed = ArrayPool<byte>.Shared.Rent((int)block.StoredRange.Length);
        await segment.ReadStoredAsync(block.StoredRange.Start, block.Stored, _stop.Token);
        segment.Open(plain, block.Stored.Span, block.Bytes.Span);
        // Kept only where the stored bytes are hashed, too.
        if (_wanted != FramesWanted.All) block.GiveBackSealed();
    }

    // Blocks are started by the planner alone, one after another, and this runs before their first wait: no two callers are in here at once.
    private Task<SegmentReader> OpenAsync(SegmentReference source)
    {
        var known = _open.FindIndex(entry => entry.Source == source);
        (SegmentReference Source, Task<SegmentReader> Reader) entry = known >= 0 ? _open[known] : (source, _image.OpenSegmentAsync(source, _stop.Token));
        if (known >= 0) _open.RemoveAt(known);
        _open.Add(entry);
        return entry.Reader;
    }

    // The blocks under way use the newest few, one segment each; twice as many stay open.
    private async Task CloseOldestAsync()
    {
        while (_open.Count > 2 * _budget.Blocks)
        {
            var oldest = _open[0];
            _open.RemoveAt(0);
            await (await oldest.Reader).DisposeAsync();
        }
    }

    private void CloseBlock(Block block)
    {
        if (_wanted == FramesWanted.All && block.Length > 0 && block.Source == 0)
        {
            HashStored(block);
            if (block.Offset + block.Length == block.Segment!.PlainBytes) CheckSegment(block.Table);
        }

        block.GiveBackSealed();

        if (block.Buffer is not { } buffer) return;
        block.Buffer = null;
        _free.Writer.TryWrite(buffer);
    }

    // Frames of a table's own segment stand one after another (TableRules), so the blocks of a table are all of its segment; encrypted, neighbours share a block of the cipher.
    private void HashStored(Block block)
    {
        if (block.Offset == 0)
        {
            _segmentHash.AppendData(block.Segment!.Start.Span);
            _hashedTo = block.Segment.Start.Length;
        }

        var stored = block.Segment!.IsEncrypted ? block.Stored : block.Bytes;
        _segmentHash.AppendData(stored.Span[(int)(_hashedTo - block.StoredRange.Start)..]);
        _hashedTo = block.StoredRange.End;
    }

    private void CheckSegment(ChunkTable table)
    {
        var found = new ChunkHash(_segmentHash.GetHashAndReset());
        if (found == table.SegmentHash) return;
        throw new CorruptFault("a segment has changed since it was written")
        {
            Which = StoreNames.Segment(table.Image, table.Disk, table.Name).Text,
            StoreFile = StoreNames.Segment(table.Image, table.Disk, table.Name).Text,
            Expected = $"SHA-256 {table.SegmentHash}",
            Found = found.ToString(),
        };
    }

    /// <summary>Consecutive rows of a table whose wanted frames lie close together in one segment.</summary>
    private sealed class Block(ChunkTable table, int start, int end, ushort source, long offset, int length)
    {
        internal ChunkTable Table => table;

        internal int Start => start;

        internal int End => end;

        internal ushort Source => source;

        internal long Offset => offset;

        internal int Length => length;

        /// <summary>Lent from the fetcher's pool while the block is under way; null for a block without frames.</summary>
        internal IMemoryOwner<byte>? Buffer { get; set; }

        internal Memory<byte> Bytes => Buffer!.Memory[..length];

        /// <summary>The open segment; set with the read.</summary>
        internal SegmentReader? Segment { get; set; }

        /// <summary>The stored bytes that hold the frames.</summary>
        internal ByteRange StoredRange { get; set; }

        /// <summary>Rented for the stored bytes of an encrypted segment.</summary>
        internal byte[]? Sealed { get; set; }

        internal Memory<byte> Stored => Sealed.AsMemory(0, (int)StoredRange.Length);

        internal void GiveBackSealed()
        {
            if (Sealed is not null) ArrayPool<byte>.Shared.Return(Sealed);
            Sealed = null;
        }

        internal Task Read { get; set; } = Task.CompletedTask;
    }
}
