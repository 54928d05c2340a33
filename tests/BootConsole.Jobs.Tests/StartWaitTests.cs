// Waiting for a time while the clock runs, jumps, stands still for a sleeping PC, or is set back.
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests;

public sealed class StartWaitTests
{
    private readonly FakeClock _clock = new();
    private readonly List<TimeSpan> _shown = [];

    private DateTimeOffset Start { get; } = new FakeClock().GetUtcNow();

    [Fact]
    public async Task It_ends_when_the_time_has_come_and_shows_every_second_until_then()
    {
        var wait = WaitUntil(Start.AddSeconds(5));
        await TickAsync(4);
        Assert.False(wait.IsCompleted);
        await MoveAsync(TimeSpan.FromSeconds(1), wait);
        Assert.Equal([5, 4, 3, 2, 1], _shown.Select(left => left.TotalSeconds));
    }

    [Fact]
    public async Task A_time_that_has_passed_is_not_waited_for()
    {
        await Eventually.EndsAsync(WaitUntil(Start.AddSeconds(-1)));
        await Eventually.EndsAsync(WaitUntil(Start));
        Assert.Empty(_shown);
    }

    [Fact]
    public async Task A_PC_that_slept_over_the_time_begins_at_the_next_look()
    {
        var wait = WaitUntil(Start.AddHours(8));
        await TickAsync(2);
        _clock.WallAhead = TimeSpan.FromHours(9);
        await MoveAsync(StartWait.LookEvery, wait);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_by_years_makes_a_time_of_day_the_next_one_and_a_date_later()
    {
        var clockTime = new StartWait(_clock).UntilAsync(Midnight, Show, default);
        var date = new StartWait(_clock).UntilAsync(_ => Start.AddHours(8), Show, default);
        _clock.WallAhead = TimeSpan.FromDays(-1500);
        await TickAsync(1, timers: 2);
        Assert.Contains(_shown, left => left > TimeSpan.FromDays(1400));
        Assert.Contains(_shown, left => left < TimeSpan.FromDays(1) && left > TimeSpan.FromHours(17));
        _clock.WallAhead += Midnight(_clock.GetUtcNow()) - _clock.GetUtcNow();
        await MoveAsync(StartWait.LookEvery, clockTime);
        Assert.False(date.IsCompleted);
    }

    [Fact]
    public async Task A_cancel_ends_the_wait()
    {
        using var cancel = new CancellationTokenSource();
        var wait = new StartWait(_clock).UntilAsync(_ => Start.AddHours(1), Show, cancel.Token);
        await TickAsync(1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(wait));
        Assert.Equal(0, _clock.Timers);
    }

    private static DateTimeOffset Midnight(DateTimeOffset now) => new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) is var today && today < now ? today.AddDays(1) : today;

    private Task WaitUntil(DateTimeOffset due) => new StartWait(_clock).UntilAsync(_ => due, Show, default);

    private void Show(DateTimeOffset due, TimeSpan left)
    {
        lock (_shown) _shown.Add(left);
    }

    private async Task TickAsync(int seconds, int timers = 1)
    {
        for (var i = 0; i < seconds; i++)
        {
            await Eventually.BecomesTrueAsync(() => _clock.Timers == timers, "the wait looks at the clock");
            var seen = _shown.Count;
            _clock.Move(TimeSpan.FromSeconds(1));
            await Eventually.BecomesTrueAsync(() => _shown.Count >= seen + timers, "the wait looked at the clock");
        }
    }

    private async Task MoveAsync(TimeSpan by, Task end)
    {
        await Eventually.BecomesTrueAsync(() => _clock.Timers > 0, "the wait looks at the clock");
        _clock.Move(by);
        await Eventually.EndsAsync(end);
    }
}
