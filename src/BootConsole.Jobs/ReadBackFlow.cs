// The second pass of a restore: what was written is read from the medium and held against the image.
using System.Buffers;
using System.Diagnostics;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Reads back everything the data pass wrote.</summary>
internal sealed class ReadBackFlow : IDisposable
{
    private readonly RestorePlan _plan;
    private readonly WrittenRanges _written;
    private readonly IDisk _disk;
    private readonly IReadOnlyDictionary<ByteRange, ChunkHash> _cut;
    private readonly JobProgress _progress;
    private readonly IChunkTransform _tableTransform;
    private readonly ImageChunk _row = ImageChunk.WithoutRoom();
    private readonly List<WrittenPiece> _pool;
    private readonly IEnumerator<ByteRange> _behind;
    private readonly Queue<(ByteRange Range, ChunkHash? Hash, byte Value)> _waiting = new();

    internal ReadBackFlow(RestorePlan plan, WrittenRanges written, IDisk disk, IReadOnlyDictionary<ByteRange, ChunkHash> cut, JobContext context)
    {
        (_plan, _written, _disk, _cut, _progress) = (plan, written, disk, cut, context.Progress);
        var budget = MemoryBudget.For(plan.Record.ChunkBytes);
        _behind = written.Beyond(budget.ChunkBytes).GetEnumerator();
        _tableTransform = context.MakeTransform(1);
        _pool = [.. Enumerable.Range(0, budget.PoolItems).Select(_ => new WrittenPiece(budget.ChunkBytes))];
        Workers = budget.Workers;
    }

    private int Workers { get; }

    internal async Task RunAsync(CancellationToken cancel)
    {
        _progress.Begin($"reading back {_disk.Info.Path}", _written.TotalBytes);
        _progress[Stage.ReadBack].Workers = 1;
        await using var fetcher = new FrameFetcher(_plan.Image, _plan.Disk, FramesWanted.None, _tableTransform, cancel);
        var work = Enumerable.Range(0, Workers).Select(_ => (Action<WrittenPiece>)Check).ToList();
        await OrderedPipeline.RunAsync(_pool, new PipelineStages<WrittenPiece>(ReadAsync, work, CountAsync), _progress, cancel);

        async ValueTask<bool> ReadAsync(WrittenPiece piece, CancellationToken stop)
        {
            while (_waiting.Count == 0)
            {
                if (!await fetcher.NextAsync(_row, stop))
                {
                    if (!_behind.MoveNext()) return false;
                    _waiting.Enqueue((_behind.Current, null, 0));
                    _progress.Advance(_behind.Current.Length);
                    continue;
                }

                Expect(_row);
                _progress.Advance(_row.Range.Length);
            }

            (piece.Range, piece.Hash, piece.Value) = _waiting.Dequeue();
            var start = Stopwatch.GetTimestamp();
            _disk.Read(piece.Range.Start, piece.Bytes.Span);
            _progress[Stage.ReadBack].Add(piece.Range.Length);
            _progress[Stage.ReadBack].AddBusy(start);
            _progress.Tick();
            return true;
        }

        static ValueTask CountAsync(WrittenPiece piece, CancellationToken stop) => ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        _tableTransform.Dispose();
        _row.Dispose();
        _behind.Dispose();
        foreach (var piece in _pool) piece.Dispose();
    }

    private void Expect(ImageChunk row)
    {
        if (row.Row.HasContent)
        {
            foreach (var piece in _written.Content(row.Range)) _waiting.Enqueue((piece, _cut.TryGetValue(piece, out var hash) ? hash : row.Row.Hash, 0));
            return;
        }

        foreach (var piece in _written.Empty(row.Row.Kind, row.Range).SelectMany(piece => WrittenRanges.Split(piece, _plan.Record.ChunkBytes)))
            _waiting.Enqueue((piece, null, _written.ValueOf(row.Row.Kind)));
    }

    private void Check(WrittenPiece piece)
    {
        var bytes = piece.Bytes.Span;
        if (piece.Hash is { } hash ? ChunkHash.Of(bytes) == hash : !bytes.ContainsAnyExcept(piece.Value)) return;
        throw new DiskFault("what was written does not read back the same") { Which = _disk.Info.Path, Range = piece.Range, Remedy = "The target cannot be trusted: check cable and disk, or take another one." };
    }

    /// <summary>A piece that is being read back: its hash or its one value is known.</summary>
    private sealed class WrittenPiece(int chunkBytes) : PipelineItem
    {
        private readonly IMemoryOwner<byte> _bytes = DiskBuffer.Allocate(chunkBytes);

        internal ByteRange Range { get; set; }

        internal ChunkHash? Hash { get; set; }

        internal byte Value { get; set; }

        internal Memory<byte> Bytes => _bytes.Memory[..(int)Range.Length];

        public override void Dispose()
        {
            _bytes.Dispose();
            base.Dispose();
        }
    }
}
