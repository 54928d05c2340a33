// How hard a backup works, from its first disk to its last: what goes over the wire, when, in which pieces, and how small it is made.
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.Jobs;

/// <summary>The pace of one backup. Asked by the sending stage, one caller at a time.</summary>
internal sealed class BackupPace
{
    private readonly RateLimit? _limit;
    private readonly SegmentSizing _segments;
    private readonly JobContext _context;
    private readonly int? _fixedLevel;
    private (long Bytes, long Timestamp)? _segmentStart;
    private (TimeSpan Compress, TimeSpan Wire, long Timestamp) _sample;
    private LevelControl? _control;
    private volatile int _level;

    internal BackupPace(JobContext context, BackupOptions options)
    {
        (_context, _segments, _fixedLevel) = (context, new SegmentSizing(options.SegmentByRate), options.Level);
        _level = options.Level ?? LevelControl.Start;
        if (options.LimitBytesPerSecond <= 0) return;
        _limit = new RateLimit(options.LimitBytesPerSecond, context.Clock, context.Progress);
        context.Progress[Stage.Limit].Workers = 1;
    }

    /// <summary>The level of the next chunk. Read by the workers.</summary>
    internal int Level => _level;

    /// <summary>Begins a disk.</summary>
    /// <returns>The highest level that its chunks may be given: what the memory is planned for.</returns>
    internal int BeginDisk(int chunkBytes)
    {
        if (_fixedLevel is { } level) return level;
        var highest = LevelControl.HighestFor(chunkBytes);
        _control = new LevelControl(_level, highest);
        _sample = TakeSample();
        Show(_control.Level);
        return highest;
    }

    /// <summary>Gives a worker's transform the level of its next chunk.</summary>
    internal void Tune(IChunkTransform transform)
    {
        if (transform is ILeveledTransform leveled) leveled.Level = _level;
    }

    /// <summary>Looks at how busy the stages were, once a second. Called behind every piece that was sent.</summary>
    internal void AfterSend()
    {
        if (_control is null || _context.Clock.GetElapsedTime(_sample.Timestamp) is not { TotalSeconds: >= 1 } elapsed) return;
        var (before, now) = (_sample, TakeSample());
        _sample = now;
        var workers = Math.Max(1, _context.Progress[Stage.Compress].Workers);
        Show(_control.Next(new PaceSample(Share(now.Compress - before.Compress, workers), Share(now.Wire - before.Wire, 1))));

        double Share(TimeSpan busy, int of) => Math.Clamp(busy / elapsed / of, 0, 1);
    }

    /// <summary>Waits until bytes may be sent.</summary>
    internal ValueTask BeforeSendAsync(long bytes, CancellationToken cancel) => _limit?.WaitAsync(bytes, cancel) ?? ValueTask.CompletedTask;

    /// <summary>Stored bytes at which the segment that is opened now is closed. Asked once a segment: the one before is what is measured.</summary>
    internal long NextSegmentBytes()
    {
        var now = (_context.Progress[Stage.Send].Bytes, _context.Clock.GetTimestamp());
        var rate = _segmentStart is { } start && _context.Clock.GetElapsedTime(start.Timestamp, now.Item2) is { Ticks: > 0 } elapsed ? (now.Bytes - start.Bytes) / elapsed.TotalSeconds : (double?)null;
        _segmentStart = now;
        return _segments.Next(rate);
    }

    private void Show(int level)
    {
        _level = level;
        _context.Progress.Level = level;
    }

    private (TimeSpan Compress, TimeSpan Wire, long Timestamp) TakeSample() =>
        (_context.Progress[Stage.Compress].Busy, _context.Progress[Stage.Send].Busy + _context.Progress[Stage.Limit].Busy, _context.Clock.GetTimestamp());
}
