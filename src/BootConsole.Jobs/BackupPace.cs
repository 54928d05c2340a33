// How hard a backup works, from its first disk to its last: what goes over the wire, and when.
using BootConsole.Core;

namespace BootConsole.Jobs;

/// <summary>The pace of one backup. Asked by the sending stage, one caller at a time.</summary>
internal sealed class BackupPace
{
    private readonly RateLimit? _limit;
    private readonly SegmentSizing _segments;
    private readonly JobContext _context;
    private (long Bytes, long Timestamp)? _segmentStart;

    internal BackupPace(JobContext context, BackupOptions options)
    {
        (_context, _segments) = (context, new SegmentSizing(options.SegmentByRate));
        if (options.LimitBytesPerSecond <= 0) return;
        _limit = new RateLimit(options.LimitBytesPerSecond, context.Clock, context.Progress);
        context.Progress[Stage.Limit].Workers = 1;
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
}
