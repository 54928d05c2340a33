// A clock that stands still until a test moves it.
namespace BootConsole.TestKit;

/// <summary>Time as a test wants it. Timers fire while the clock is moved over them, one after another in the order of their times.</summary>
public sealed class FakeClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now = start;

    public FakeClock() : this(new DateTimeOffset(2026, 11, 21, 6, 4, 0, TimeSpan.Zero)) { }

    public override TimeZoneInfo LocalTimeZone => Zone;

    /// <summary>The time zone of the machine.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait.</summary>
    public int Timers
    {
        get { lock (_lock) return _timers.Count(timer => timer.Due is not null); }
    }

    /// <summary>How far the wall clock is ahead of the time that timers count: what a person set it by, or how long the PC slept.</summary>
    public TimeSpan WallAhead { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now + WallAhead;
    }

    public override long GetTimestamp()
    {
        lock (_lock) return _now.Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        lock (_lock) _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock forwards. Callbacks run before it returns; what they set going on other threads may still be under way.</summary>
    public void Move(TimeSpan by)
    {
        DateTimeOffset end;
        lock (_lock) end = _now + by;
        while (true)
        {
            FakeTimer? next;
            lock (_lock)
            {
                next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                _now = next?.Due is { } due && due > _now ? due : next is null ? end : _now;
                next?.TakeTurn();
            }

            if (next is null) return;
            next.Fire();
        }
    }

    /// <summary>Sets the clock, backwards too; no timer fires.</summary>
    public void Set(DateTimeOffset time)
    {
        lock (_lock) _now = time - WallAhead;
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        internal DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock) (Due, _period) = (dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime, period);
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                Due = null;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void TakeTurn() => Due = _period > TimeSpan.Zero ? Due + _period : null;

        internal void Fire() => callback(state);
    }
}
