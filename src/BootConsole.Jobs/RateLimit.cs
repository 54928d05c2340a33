// Holds a sender to a rate: a token bucket, told as the time at which everything sent so far is paid for.
using BootConsole.Core;

namespace BootConsole.Jobs;

/// <summary>A bandwidth limit. Whoever sends asks before each piece; one caller at a time.</summary>
/// <param name="bytesPerSecond">The limit, above 0.</param>
/// <param name="clock">Measures time.</param>
/// <param name="progress">Where the waiting is counted, as work of <see cref="Stage.Limit"/>.</param>
public sealed class RateLimit(long bytesPerSecond, TimeProvider clock, JobProgress progress)
{
    // Credit for a moment without traffic, so that short waits for disk or CPU cost no bandwidth; more would be a burst that a shared line feels.
    private static readonly TimeSpan Credit = TimeSpan.FromMilliseconds(250);

    // Timers count whole milliseconds: what is waited too long is credit for the next piece. A long wait shows as movement: it is meant, and no stall.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _paid;

    /// <summary>Waits until what was sent before is paid for, and takes <paramref name="bytes"/> on account. Never more than one piece is sent ahead of its time.</summary>
    public async ValueTask WaitAsync(long bytes, CancellationToken cancel)
    {
        var now = clock.GetElapsedTime(_start);
        while (_paid > now)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling((_paid - now).TotalMilliseconds), 1, Slice.TotalMilliseconds)), clock, cancel);
            var before = now;
            now = clock.GetElapsedTime(_start);
            progress[Stage.Limit].AddBusy(now - before);
            progress.Tick();
        }

        if (_paid < now - Credit) _paid = now - Credit;
        _paid += TimeSpan.FromSeconds(bytes / (double)bytesPerSecond);
    }
}
