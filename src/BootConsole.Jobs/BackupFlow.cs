// disk ─► used map ─► chunks ─► pad, hash ─► known? ─► zstd ─► segment ─► store: the backup of one disk, as named stages.
using System.Diagnostics;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Streams the chunks that an image lacks of one disk into it. For one run: after a fault a new flow goes on.</summary>
internal sealed class BackupFlow : IDisposable
{
    private readonly DiskPlan _plan;
    private readonly DiskImageWriter _target;
    private readonly DiskTally _tally;
    private readonly KnownChunks? _known;
    private readonly BackupPace _pace;
    private readonly JobProgress _progress;
    private readonly ChunkSource _source;
    private readonly List<IChunkTransform> _transforms;
    private readonly List<BackupChunk> _pool;
    private readonly Queue<(long First, long End)> _missing;
    private long _next;

    /// <param name="plan">What is read.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="tally">Told what became of every chunk.</param>
    /// <param name="known">Chunks that need not be sent; null for an image that stands alone.</param>
    /// <param name="options">The choices.</param>
    /// <param name="pace">Holds the sending back, and is told of it.</param>
    /// <param name="context">The surroundings.</param>
    internal BackupFlow(DiskPlan plan, DiskImageWriter target, DiskTally tally, KnownChunks? known, BackupOptions options, BackupPace pace, JobContext context)
    {
        (_plan, _target, _tally, _known, _pace, _progress) = (plan, target, tally, known, pace, context.Progress);
        var budget = MemoryBudget.For(plan.Grid.ChunkBytes, pace.BeginDisk(plan.Grid.ChunkBytes));
        _source = new ChunkSource(plan, options.Pad, _progress);
        _transforms = [.. Enumerable.Range(0, budget.Workers).Select(_ => context.MakeTransform(pace.Level))];
        var storedBytes = _transforms[0].MaxApplied(plan.Grid.ChunkBytes);
        _pool = [.. Enumerable.Range(0, budget.PoolItems).Select(_ => new BackupChunk(plan.Grid.ChunkBytes, storedBytes))];
        _missing = new Queue<(long First, long End)>(target.Missing());
    }

    internal Task RunAsync(CancellationToken cancel)
    {
        var missing = RangeSet.Of(_missing.Select(range => _plan.Grid.Range(range.First, range.End - range.First)));
        _progress.Begin($"backing up {_plan.Disk.Info.Path}", _plan.Used.Intersect(missing).TotalBytes);
        _progress[Stage.Read].Workers = 1;
        _progress[Stage.Compress].Workers = _transforms.Count;
        _progress[Stage.Send].Workers = 1;
        var work = _transforms.Select<IChunkTransform, Action<BackupChunk>>(transform => chunk => Compress(chunk, transform)).ToList();
        return OrderedPipeline.RunAsync(_pool, new PipelineStages<BackupChunk>(ReadAsync, work, SendAsync), _progress, cancel);
    }

    public void Dispose()
    {
        foreach (var transform in _transforms) transform.Dispose();
        foreach (var chunk in _pool) chunk.Dispose();
    }

    private ValueTask<bool> ReadAsync(BackupChunk chunk, CancellationToken cancel)
    {
        while (_missing.TryPeek(out var done) && _next >= done.End) _missing.Dequeue();
        if (!_missing.TryPeek(out var range)) return ValueTask.FromResult(false);
        _next = Math.Max(_next, range.First);
        _source.Read(chunk, _next, range.End, cancel);
        _next += chunk.Count;
        return ValueTask.FromResult(true);
    }

    private void Compress(BackupChunk chunk, IChunkTransform transform)
    {
        var start = Stopwatch.GetTimestamp();
        if (_source.TrySettle(chunk))
        {
            // What the row says of an empty chunk is all there is to know; only an image that stands alone has its frame for zstd's sake.
            if (_known is not null) chunk.Frame = default;
        }
        else if (_known is not null && chunk.Kind == ChunkKind.Data && _known.TryFind(chunk.Hash, out var same))
        {
            (chunk.Kind, chunk.Same, chunk.Frame) = (ChunkKind.Same, same, default);
        }
        else
        {
            _pace.Tune(transform);
            chunk.Frame = chunk.Stored.AsMemory(0, transform.Apply(chunk.Plain.Span, chunk.Stored));
        }

        if (chunk.Kind == ChunkKind.Unused) return;
        _progress[Stage.Compress].Add(chunk.Plain.Length);
        _progress[Stage.Compress].AddBusy(start);
    }

    private async ValueTask SendAsync(BackupChunk chunk, CancellationToken cancel)
    {
        await _pace.BeforeSendAsync((long)chunk.Frame.Length * chunk.Count, cancel);
        var start = Stopwatch.GetTimestamp();
        await _target.SkipToAsync(chunk.First, cancel);
        for (var i = 0; i < chunk.Count; i++)
        {
            if (chunk.Kind == ChunkKind.Same) await _target.AppendSameAsync(chunk.Hash, chunk.Same, cancel);
            else await _target.AppendAsync(chunk.Kind, chunk.Hash, chunk.Frame, cancel);
        }

        _tally.Note(chunk.First, chunk.Count, chunk.Kind, chunk.Unreadable);
        _progress[Stage.Send].Add((long)chunk.Frame.Length * chunk.Count);
        _progress[Stage.Send].AddBusy(start);
        _pace.AfterSend();
        _progress.Advance(chunk.UsedBytes);
    }
}
