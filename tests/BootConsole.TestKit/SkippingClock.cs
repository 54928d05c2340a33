// A clock for code that waits: whoever waits is woken at once, and the time has passed.
namespace BootConsole.TestKit;

/// <summary>Time that passes only by being waited for, or by <see cref="Move"/>. For one waiter at a time: hours of waiting take no time.</summary>
public sealed class SkippingClock : TimeProvider
{
    private readonly DateTimeOffset _start = new(2026, 11, 21, 6, 4, 0, TimeSpan.Zero);
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    /// <summary>Lets time pass.</summary>
    public void Move(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(this, callback, state, dueTime);

    private sealed class Timer : ITimer
    {
        private readonly SkippingClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;

        internal Timer(SkippingClock clock, TimerCallback callback, object? state, TimeSpan dueTime)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            _clock.Move(dueTime);
            // Not from here: whoever made the timer does not know it yet.
            ThreadPool.UnsafeQueueUserWorkItem(_ => _callback(_state), null);
            return true;
        }

        public void Dispose()
        {
            // It has fired.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
