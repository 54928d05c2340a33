// A bandwidth limit over hours, on a clock that costs none.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests;

public sealed class RateLimitTests
{
    private const int Rate = 1_000_000;
    private readonly SkippingClock _clock = new();
    private readonly JobProgress _progress = new();

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(16 << 20)]
    public async Task Whatever_the_size_of_the_pieces_the_rate_is_kept(int pieceBytes)
    {
        var limit = new RateLimit(Rate, _clock, _progress);
        var random = new Random(pieceBytes);
        long sent = 0;
        for (var piece = 0; piece < 2_000; piece++)
        {
            await limit.WaitAsync(pieceBytes, default);
            // What goes out now is never more than the time so far allows, and one piece, and a moment's credit.
            Assert.True(sent <= Rate * (Elapsed + 0.2501), $"{sent} bytes in {Elapsed} s");
            sent += pieceBytes;
            // The sender is sometimes busy elsewhere, for less than the credit.
            if (random.Next(4) == 0) _clock.Move(TimeSpan.FromMilliseconds(random.Next(200)));
        }

        if (pieceBytes >= 100_000) Assert.InRange(sent / Elapsed, 0.97 * Rate, 1.01 * Rate);
    }

    [Fact]
    public async Task After_a_pause_there_is_no_burst()
    {
        var limit = new RateLimit(Rate, _clock, _progress);
        _clock.Move(TimeSpan.FromHours(1));
        var start = Elapsed;
        for (var piece = 0; piece < 100; piece++) await limit.WaitAsync(100_000, default);
        Assert.InRange(Elapsed - start, 9.6, 10);
    }

    [Fact]
    public async Task The_waiting_is_counted_as_the_limits_and_shows_as_movement()
    {
        var limit = new RateLimit(Rate, _clock, _progress);
        await limit.WaitAsync(20 * Rate, default);
        Assert.Equal(TimeSpan.Zero, _progress[Stage.Limit].Busy);
        var movements = _progress.Movements;
        await limit.WaitAsync(1, default);
        Assert.InRange(_progress[Stage.Limit].Busy.TotalSeconds, 19.7, 20);
        Assert.InRange(_progress.Movements - movements, 19, 21);
    }

    [Fact]
    public async Task A_cancel_ends_the_wait()
    {
        var limit = new RateLimit(1, new FakeClock(), _progress);
        await limit.WaitAsync(1000, default);
        using var cancel = new CancellationTokenSource();
        var wait = limit.WaitAsync(1, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(wait));
    }

    private double Elapsed => TimeSpan.FromTicks(_clock.GetTimestamp()).TotalSeconds;
}
