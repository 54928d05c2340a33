// disk ─► used map ─► chunks ─► pad, hash, zstd ─► segment ─► store: the backup of one disk, as named stages.
using System.Diagnostics;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Streams the used chunks of one disk into an image.</summary>
internal sealed class BackupFlow : IDisposable
{
    // A run is one item: a 4 TiB disk with little on it costs a few hundred items, not a million.
    private const int MaxRun = 4096;

    private readonly DiskPlan _plan;
    private readonly DiskImageWriter _target;
    private readonly BackupPace _pace;
    private readonly JobProgress _progress;
    private readonly byte _pad;
    private readonly RetryingReader _reader;
    private readonly List<IChunkTransform> _transforms;
    private readonly List<BackupChunk> _pool;
    private readonly UniformFrame _zeroFrame, _zeroLast, _padFrame, _padLast;
    private readonly long[] _counts = new long[(int)ChunkKind.Unreadable + 1];
    private readonly List<ByteRange> _unreadable = [];
    private long _next;

    internal BackupFlow(DiskPlan plan, DiskImageWriter target, BackupOptions options, BackupPace pace, Func<int, IChunkTransform> makeTransform, JobProgress progress)
    {
        (_plan, _target, _pace, _progress, _pad) = (plan, target, pace, progress, options.Pad);
        var budget = MemoryBudget.For(plan.Grid.ChunkBytes, pace.BeginDisk(plan.Grid.ChunkBytes));
        _reader = new RetryingReader(plan.Disk, new RetryLimits { Pad = options.Pad, ReadFailed = _ => progress.Tick() });
        _transforms = [.. Enumerable.Range(0, budget.Workers).Select(_ => makeTransform(pace.Level))];
        var storedBytes = _transforms[0].MaxApplied(plan.Grid.ChunkBytes);
        _pool = [.. Enumerable.Range(0, budget.PoolItems).Select(_ => new BackupChunk(plan.Grid.ChunkBytes, storedBytes))];
        using var frames = new UniformFrames();
        var lastBytes = (int)plan.Grid.Range(plan.Grid.Count - 1).Length;
        (_zeroFrame, _zeroLast) = (frames.Get(0, plan.Grid.ChunkBytes), frames.Get(0, lastBytes));
        (_padFrame, _padLast) = (frames.Get(options.Pad, plan.Grid.ChunkBytes), frames.Get(options.Pad, lastBytes));
    }

    /// <summary>Chunks by kind, so far.</summary>
    internal KindCounts Counts => new()
    {
        Data = _counts[(int)ChunkKind.Data],
        Zero = _counts[(int)ChunkKind.Zero],
        Unused = _counts[(int)ChunkKind.Unused],
        Unreadable = _counts[(int)ChunkKind.Unreadable],
    };

    /// <summary>Used bytes that could not be read, so far.</summary>
    internal RangeSet Unreadable => RangeSet.Of(_unreadable);

    internal Task RunAsync(CancellationToken cancel)
    {
        _progress.Begin($"backing up {_plan.Disk.Info.Path}", _plan.Used.TotalBytes);
        _progress[Stage.Read].Workers = 1;
        _progress[Stage.Compress].Workers = _transforms.Count;
        _progress[Stage.Send].Workers = 1;
        var work = _transforms.Select<IChunkTransform, Action<BackupChunk>>(transform => chunk => Compress(chunk, transform)).ToList();
        return OrderedPipeline.RunAsync(_pool, new PipelineStages<BackupChunk>(ReadAsync, work, SendAsync), cancel);
    }

    public void Dispose()
    {
        foreach (var transform in _transforms) transform.Dispose();
        foreach (var chunk in _pool) chunk.Dispose();
    }

    private ValueTask<bool> ReadAsync(BackupChunk chunk, CancellationToken cancel)
    {
        if (_next == _plan.Grid.Count) return ValueTask.FromResult(false);
        (chunk.First, chunk.Count, chunk.Range, chunk.Unreadable) = (_next, 1, _plan.Grid.Range(_next), RangeSet.Empty);
        if (_plan.Used.Overlaps(chunk.Range)) ReadChunk(chunk, cancel);
        else TakeUnusedRun(chunk);
        _next += chunk.Count;
        return ValueTask.FromResult(true);
    }

    private void TakeUnusedRun(BackupChunk chunk)
    {
        var length = chunk.Range.Length;
        while (chunk.Count < MaxRun && _next + chunk.Count < _plan.Grid.Count && _plan.Grid.Range(_next + chunk.Count) is var next
            && next.Length == length && !_plan.Used.Overlaps(next))
            chunk.Count++;
        (chunk.Range, chunk.Kind, chunk.UsedBytes) = (_plan.Grid.Range(_next, chunk.Count), ChunkKind.Unused, 0);
    }

    private void ReadChunk(BackupChunk chunk, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        (chunk.Kind, chunk.UsedBytes) = (ChunkKind.Data, 0);
        foreach (var range in _plan.Used.Within(chunk.Range)) chunk.UsedBytes += range.Length;
        foreach (var range in ReadRanges.Cover(_plan.Used.Within(chunk.Range), chunk.Range, _plan.Disk.Info.SectorBytes))
        {
            cancel.ThrowIfCancellationRequested();
            var unreadable = _reader.Read(range.Start, chunk.Plain.Span.Slice((int)(range.Start - chunk.Range.Start), (int)range.Length));
            if (unreadable.Count > 0) NoteUnreadable(chunk, _plan.Used.Intersect(RangeSet.Of(unreadable)));
            _progress[Stage.Read].Add(range.Length);
        }

        _progress[Stage.Read].AddBusy(start);
    }

    private void NoteUnreadable(BackupChunk chunk, RangeSet unreadable)
    {
        // A bad sector that nothing uses is no loss.
        if (unreadable.IsEmpty) return;
        chunk.Unreadable = chunk.Unreadable.Union(unreadable);
        chunk.Kind = ChunkKind.Unreadable;
        _progress.Report($"{ByteSize.Format(unreadable.TotalBytes)} at byte {unreadable.Ranges[0].Start} of {_plan.Disk.Info.Path} cannot be read; saved as padding");
    }

    private void Compress(BackupChunk chunk, IChunkTransform transform)
    {
        var start = Stopwatch.GetTimestamp();
        var length = chunk.Plain.Length;
        if (chunk.Kind == ChunkKind.Unused)
        {
            Take(chunk, length == _plan.Grid.ChunkBytes ? _padFrame : _padLast);
            return;
        }

        var plain = chunk.Plain.Span;
        if (chunk.UsedBytes < length)
            foreach (var free in _plan.Used.Complement(chunk.Range).Ranges) plain.Slice((int)(free.Start - chunk.Range.Start), (int)free.Length).Fill(_pad);
        if (chunk.Kind == ChunkKind.Data && !plain.ContainsAnyExcept((byte)0))
        {
            chunk.Kind = ChunkKind.Zero;
            Take(chunk, length == _plan.Grid.ChunkBytes ? _zeroFrame : _zeroLast);
        }
        else
        {
            chunk.Hash = ChunkHash.Of(plain);
            _pace.Tune(transform);
            chunk.Frame = chunk.Stored.AsMemory(0, transform.Apply(plain, chunk.Stored));
        }

        _progress[Stage.Compress].Add(length);
        _progress[Stage.Compress].AddBusy(start);
    }

    private static void Take(BackupChunk chunk, UniformFrame uniform) => (chunk.Hash, chunk.Frame) = (uniform.Hash, uniform.Stored);

    private async ValueTask SendAsync(BackupChunk chunk, CancellationToken cancel)
    {
        await _pace.BeforeSendAsync((long)chunk.Frame.Length * chunk.Count, cancel);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < chunk.Count; i++) await _target.AppendAsync(chunk.Kind, chunk.Hash, chunk.Frame, cancel);
        _counts[(int)chunk.Kind] += chunk.Count;
        _unreadable.AddRange(chunk.Unreadable.Ranges);
        _progress[Stage.Send].Add((long)chunk.Frame.Length * chunk.Count);
        _progress[Stage.Send].AddBusy(start);
        _pace.AfterSend();
        _progress.Advance(chunk.UsedBytes);
    }
}
