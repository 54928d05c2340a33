// The watchdog on a clock that the test moves.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests;

public sealed class WatchdogTests
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private readonly FakeClock _clock = new();
    private readonly JobProgress _progress = new();
    private readonly TaskCompletionSource _end = new();

    [Fact]
    public async Task After_thirty_seconds_without_a_movement_it_says_what_is_waited_for_and_says_it_once()
    {
        _progress.Begin("backing up /dev/sda", 100);
        var job = StartAsync(default);
        var lines = await MoveUntilAsync(() => _progress.TakeEvents() is { Count: > 0 } events ? events : null);
        Assert.Contains("waiting while backing up /dev/sda", Assert.Single(lines), StringComparison.Ordinal);
        var since = _clock.GetUtcNow() - Start;
        Assert.True(since >= TimeSpan.FromSeconds(30), $"said after {since}");
        for (var look = 0; look < 20; look++) _clock.Move(Look);
        Assert.Empty(_progress.TakeEvents());
        _end.SetResult();
        await Eventually.EndsAsync(job);
        Assert.Equal(0, _clock.Timers);
    }

    [Fact]
    public async Task A_movement_starts_the_time_anew()
    {
        var job = StartAsync(default);
        for (var look = 0; look < 100; look++)
        {
            _progress.Tick();
            _clock.Move(Look);
        }

        Assert.Empty(_progress.TakeEvents());
        var quiet = _clock.GetUtcNow();
        await MoveUntilAsync(() => _progress.TakeEvents() is { Count: > 0 } events ? events : null);
        Assert.True(_clock.GetUtcNow() - quiet >= TimeSpan.FromSeconds(30));
        _end.SetResult();
        await Eventually.EndsAsync(job);
    }

    [Fact]
    public async Task After_the_limit_the_job_ends_with_a_fault_that_names_what_it_was_doing()
    {
        _progress.Begin("flushing the last segment", 0);
        var job = StartAsync(default);
        await MoveUntilAsync(() => job.IsCompleted ? job : null);
        var fault = await Assert.ThrowsAsync<TransportFault>(() => job);
        Assert.Equal(("flushing the last segment", true), (fault.Which, fault.MayPass));
        Assert.Contains("10 minutes", fault.Message, StringComparison.Ordinal);
        Assert.True(_clock.GetUtcNow() - Start >= TimeSpan.FromMinutes(10));
        Assert.Equal(0, _clock.Timers);
    }

    [Fact]
    public async Task A_persons_cancel_stays_a_cancel()
    {
        using var cancel = new CancellationTokenSource();
        var job = StartAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(job));
    }

    [Fact]
    public async Task A_fault_of_the_job_stays_what_it_is()
    {
        var job = StartAsync(default);
        _end.SetException(new DiskFault("gone"));
        await Assert.ThrowsAsync<DiskFault>(() => Eventually.EndsAsync(job));
        Assert.Equal(0, _clock.Timers);
    }

    private static DateTimeOffset Start { get; } = new FakeClock().GetUtcNow();

    private Task StartAsync(CancellationToken cancel)
    {
        var context = new JobContext { MakeTransform = _ => throw new InvalidOperationException(), Processes = new FakeProcesses(), Clock = _clock, Progress = _progress };
        return Watchdog.RunAsync(context, token => _end.Task.WaitAsync(token), cancel);
    }

    // The watchdog looks on another thread: the clock moves on until it has.
    private async Task<T> MoveUntilAsync<T>(Func<T?> find)
        where T : class
    {
        T? found = null;
        await Eventually.BecomesTrueAsync(
            () =>
            {
                if ((found = find()) is not null) return true;
                _clock.Move(Look);
                return false;
            },
            "the watchdog's word");
        return found!;
    }
}
