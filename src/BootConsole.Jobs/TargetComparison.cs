// target ─► read ─► hash ─► same as the image's row? The pass before the first write of a restore that writes only differences.
using System.Buffers;
using System.Diagnostics;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Reads of the target what a full restore would write, and finds out what of it differs. Fetches no frame and writes nothing.</summary>
internal sealed class TargetComparison : IDisposable
{
    private readonly RestorePlan _plan;
    private readonly IDisk _target;
    private readonly HeldTables _tables;
    private readonly JobProgress _progress;
    private readonly WrittenRanges _all;
    private readonly RetryingReader _reader;
    private readonly IChunkTransform _tableTransform;
    private readonly ImageChunk _row = ImageChunk.WithoutRoom();
    private readonly List<ComparedPiece> _pool;
    private readonly int _workers;
    private readonly byte _pad;
    private readonly RangeSet _lost;
    private readonly IEnumerator<ByteRange> _behind;
    private readonly Queue<(ByteRange Range, ChunkHash? Hash, byte Value)> _waiting = new();
    private readonly List<ByteRange> _beyond = [], _chunks = [], _empty = [], _unreadable = [];

    internal TargetComparison(RestorePlan plan, IDisk target, HeldTables tables, JobContext context)
    {
        (_plan, _target, _tables, _progress, _pad) = (plan, target, tables, context.Progress, (byte)plan.Image.Manifest.Pad);
        _all = new WrittenRanges(plan, differences: null);
        _reader = new RetryingReader(target, new RetryLimits { Pad = _pad, ReadFailed = _ => _progress.Tick() });
        _tableTransform = context.MakeTransform(1);
        var budget = MemoryBudget.For(plan.Record.ChunkBytes);
        _pool = [.. Enumerable.Range(0, budget.PoolItems).Select(_ => new ComparedPiece(budget.ChunkBytes))];
        _workers = budget.Workers;
        _behind = _all.Beyond(budget.ChunkBytes).GetEnumerator();
        _lost = RangeSet.Of(plan.Record.Unreadable.Select(range => new ByteRange(range.Start, range.Length)));
    }

    /// <summary>Bytes of the target that were compared.</summary>
    internal long ComparedBytes { get; private set; }

    /// <summary>What was found. Where the target cannot be read it differs, and even a range that the image lost is written: nothing is there to be kept.</summary>
    internal Differences Found => new(RangeSet.Of(_chunks.Concat(_beyond)), RangeSet.Of(_empty), RangeSet.Of(_lost.Within(new ByteRange(0, _target.Info.Length))).Except(RangeSet.Of(_unreadable)));

    internal async Task RunAsync(CancellationToken cancel)
    {
        _progress.Begin($"comparing {_target.Info.Path} with {_plan.Image.Id}", _all.TotalBytes);
        _progress[Stage.Read].Workers = 1;
        await using var fetcher = new FrameFetcher(_plan.Image, _plan.Disk, FramesWanted.None, _tableTransform, cancel);
        var work = Enumerable.Range(0, _workers).Select(_ => (Action<ComparedPiece>)Compare).ToList();
        await OrderedPipeline.RunAsync(_pool, new PipelineStages<ComparedPiece>(ReadAsync, work, CollectAsync), _progress, cancel);

        async ValueTask<bool> ReadAsync(ComparedPiece piece, CancellationToken stop)
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
            Read(piece);
            return true;
        }
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
            if (!_all.IsFetched(row.Range)) return;
            // A chunk that the target has not in full has no hash to compare.
            if (row.Range.End > _target.Info.Length) _beyond.Add(row.Range);
            else _waiting.Enqueue((row.Range, row.Row.Hash, 0));
            return;
        }

        foreach (var piece in _all.Empty(row.Row.Kind, row.Range).SelectMany(piece => WrittenRanges.Split(piece, _plan.Record.ChunkBytes)))
            _waiting.Enqueue((piece, null, _all.ValueOf(row.Row.Kind)));
    }

    private void Read(ComparedPiece piece)
    {
        var start = Stopwatch.GetTimestamp();
        var unreadable = _reader.Read(piece.Range.Start, piece.Bytes.Span);
        (piece.Unreadable, ComparedBytes) = (unreadable, ComparedBytes + piece.Range.Length);
        // Held as the target has it: right when the chunk turns out equal, and where the image lost it. All else is replaced when the chunk is fetched.
        if (piece.Hash is not null) _tables.Hold(piece.Range, piece.Bytes.Span);
        _progress[Stage.Read].Add(piece.Range.Length);
        _progress[Stage.Read].AddBusy(start);
        _progress.Tick();
    }

    private void Compare(ComparedPiece piece)
    {
        var bytes = piece.Bytes.Span;
        if (piece.Unreadable.Count > 0)
        {
            piece.IsEqual = false;
            return;
        }

        foreach (var range in piece.Hash is null ? [] : _lost.Within(piece.Range)) bytes.Slice((int)(range.Start - piece.Range.Start), (int)range.Length).Fill(_pad);
        piece.IsEqual = piece.Hash is { } hash ? ChunkHash.Of(bytes) == hash : !bytes.ContainsAnyExcept(piece.Value);
    }

    private ValueTask CollectAsync(ComparedPiece piece, CancellationToken cancel)
    {
        if (!piece.IsEqual) (piece.Hash is null ? _empty : _chunks).Add(piece.Range);
        _unreadable.AddRange(piece.Unreadable);
        return ValueTask.CompletedTask;
    }

    /// <summary>A piece of the target with what the image says of it: a hash, or the one value of all its bytes.</summary>
    private sealed class ComparedPiece(int chunkBytes) : PipelineItem
    {
        private readonly IMemoryOwner<byte> _bytes = DiskBuffer.Allocate(chunkBytes);

        internal ByteRange Range { get; set; }

        internal ChunkHash? Hash { get; set; }

        internal byte Value { get; set; }

        internal IReadOnlyList<ByteRange> Unreadable { get; set; } = [];

        internal bool IsEqual { get; set; }

        internal Memory<byte> Bytes => _bytes.Memory[..(int)Range.Length];

        public override void Dispose()
        {
            _bytes.Dispose();
            base.Dispose();
        }
    }
}
