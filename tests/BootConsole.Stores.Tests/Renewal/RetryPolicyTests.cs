// How a lost connection is tried again: when, how often, for how long, and when not.
using BootConsole.Core;
using BootConsole.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Stores.Tests.Renewal;

public sealed class RetryPolicyTests
{
    private readonly SkippingClock _clock = new();
    private readonly List<string> _said = [];
    private readonly List<TimeSpan> _attempts = [];

    private static TransportFault Loss => new("the line is cut") { MayPass = true };

    [Fact]
    public async Task The_waits_double_from_one_second_up_to_a_minute()
    {
        await RecoverAsync(TimeSpan.FromHours(12), failures: 9);
        Assert.Equal([1, 3, 7, 15, 31, 63, 123, 183, 243, 303], _attempts.Select(attempt => attempt.TotalSeconds));
    }

    [Fact]
    public async Task Each_loss_and_the_end_of_it_are_told()
    {
        await RecoverAsync(TimeSpan.FromMinutes(150), failures: 2);
        Assert.Equal(
            [
                "connection lost: the line is cut; trying again in 1 s, for 2 h 30 min more",
                "connection lost: failure 1; trying again in 2 s, for 2 h 29 min more",
                "connection lost: failure 2; trying again in 4 s, for 2 h 29 min more",
                "connected again",
            ],
            _said);
        _said.Clear();
        await RecoverAsync(TimeSpan.FromSeconds(30), failures: 0);
        Assert.Contains("for 30 s more", _said[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_time_is_over_the_last_failure_is_thrown()
    {
        var fault = await Assert.ThrowsAsync<TransportFault>(() => RecoverAsync(TimeSpan.FromSeconds(10), failures: int.MaxValue));
        // The last wait is as long as what is left.
        Assert.Equal([1, 3, 7, 10], _attempts.Select(attempt => attempt.TotalSeconds));
        Assert.Equal("failure 4", fault.Message);
    }

    [Fact]
    public async Task Attempts_that_take_long_count()
    {
        await Assert.ThrowsAsync<TransportFault>(() => RecoverAsync(TimeSpan.FromSeconds(100), failures: int.MaxValue, eachTakes: TimeSpan.FromSeconds(40)));
        Assert.Equal([1, 43, 87], _attempts.Select(attempt => attempt.TotalSeconds));
    }

    [Fact]
    public void Whatever_the_limit_no_attempt_begins_after_it_no_wait_is_over_a_minute_and_none_shorter_than_the_one_before_but_the_last()
    {
        var cases = from limit in Gen.Choose(1, 100_000) from takes in Gen.Choose(0, 90_000) select (limit, takes);
        Prop.ForAll(cases.ToArbitrary(), pair =>
        {
            var (limit, takes) = (TimeSpan.FromMilliseconds(pair.limit * 10), TimeSpan.FromMilliseconds(pair.takes));
            var test = new RetryPolicyTests();
            var end = Record.Exception(() => test.RecoverAsync(limit, int.MaxValue, takes).GetAwaiter().GetResult());
            var waits = test._attempts.Select((attempt, index) => index == 0 ? attempt : attempt - test._attempts[index - 1] - takes).ToList();
            var rises = waits.SkipLast(1).Zip(waits.Skip(1).SkipLast(1)).All(next => next.Second >= next.First);
            return end is TransportFault && test._attempts.Count > 0 && test._attempts.All(attempt => attempt <= limit) && waits.All(wait => wait > TimeSpan.Zero && wait <= TimeSpan.FromMinutes(1)) && rises;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    [InlineData(3600, false)]
    public async Task Without_time_or_hope_nothing_is_tried(int seconds, bool mayPass)
    {
        var loss = new TransportFault("a wrong key, say") { MayPass = mayPass };
        var policy = new RetryPolicy { For = TimeSpan.FromSeconds(seconds), Clock = _clock, Report = _said.Add };
        Assert.Same(loss, await Assert.ThrowsAsync<TransportFault>(() => policy.RecoverAsync(loss, _ => throw new InvalidOperationException("tried"), default)));
        Assert.Empty(_said);
    }

    [Fact]
    public async Task A_failure_that_will_not_pass_ends_it_and_so_does_any_other_fault()
    {
        foreach (var end in (Exception[])[new TransportFault("the host key is another one"), new StoreFault(StoreProblem.Denied, "no"), new RefusedFault("taken over"), new InvalidOperationException("a defect")])
        {
            _attempts.Clear();
            Assert.Same(end, await Record.ExceptionAsync(() => Policy(TimeSpan.FromHours(1)).RecoverAsync(Loss, _ =>
            {
                _attempts.Add(default);
                return _attempts.Count == 3 ? throw end : throw Loss;
            }, default)));
            Assert.Equal(3, _attempts.Count);
        }
    }

    [Fact]
    public async Task A_cancel_ends_a_wait_at_once_and_reaches_an_attempt()
    {
        using var cancel = new CancellationTokenSource();
        var still = new FakeClock();
        var waiting = new RetryPolicy { Clock = still }.RecoverAsync(Loss, _ => throw new InvalidOperationException("tried"), cancel.Token);
        await Eventually.BecomesTrueAsync(() => still.Timers == 1, "it waits");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(waiting));

        using var later = new CancellationTokenSource();
        var trying = Policy(TimeSpan.FromHours(1)).RecoverAsync(Loss, token => Task.Delay(Timeout.Infinite, token), later.Token);
        await later.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(trying));
    }

    private RetryPolicy Policy(TimeSpan limit) => new() { For = limit, Clock = _clock, Report = _said.Add };

    private async Task RecoverAsync(TimeSpan limit, int failures, TimeSpan eachTakes = default)
    {
        var start = _clock.GetTimestamp();
        await Policy(limit).RecoverAsync(Loss, _ =>
        {
            _attempts.Add(_clock.GetElapsedTime(start));
            _clock.Move(eachTakes);
            return _attempts.Count > failures ? Task.CompletedTask : throw new TransportFault($"failure {_attempts.Count}") { MayPass = true };
        }, default);
    }
}
