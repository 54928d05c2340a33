// Rates, bottleneck and time left, on a clock that the test moves.
using System.Diagnostics;
using BootConsole.Core;

namespace BootConsole.Core.Tests;

public sealed class ProgressSamplerTests
{
    [Fact]
    public void The_busiest_stage_is_the_bottleneck_and_the_rest_of_the_time_is_estimated()
    {
        var clock = new MovedClock();
        var progress = new JobProgress();
        var sampler = new ProgressSampler(progress, clock);
        progress[Stage.Read].Workers = 1;
        progress[Stage.Compress].Workers = 2;
        progress.Begin("backing up", 1000);
        sampler.Take();
        clock.Move(TimeSpan.FromSeconds(2));
        progress[Stage.Read].Add(400);
        progress[Stage.Read].AddBusy(Stopwatch.GetTimestamp() - Stopwatch.Frequency);
        progress[Stage.Compress].AddBusy(Stopwatch.GetTimestamp() - 4 * Stopwatch.Frequency);
        progress.Advance(400);
        var sample = sampler.Take();
        Assert.Equal(Stage.Compress, sample.Bottleneck);
        Assert.Equal(200, sample.Stages.Single(stage => stage.Stage == Stage.Read).BytesPerSecond, 1.0);
        Assert.Equal(3, sample.TimeLeft!.Value.TotalSeconds, 0.01);
    }

    [Fact]
    public void Nothing_is_promised_before_anything_moved()
    {
        var clock = new MovedClock();
        var progress = new JobProgress();
        progress.Begin("backing up", 1000);
        var sampler = new ProgressSampler(progress, clock);
        sampler.Take();
        clock.Move(TimeSpan.FromSeconds(5));
        var sample = sampler.Take();
        Assert.Null(sample.TimeLeft);
        Assert.Null(sample.Bottleneck);
    }

    [Fact]
    public void A_pause_does_not_count_in_the_time_that_is_left()
    {
        var clock = new MovedClock();
        var progress = new JobProgress();
        var sampler = new ProgressSampler(progress, clock);
        progress.Begin("backing up", 1000);
        sampler.Take();
        clock.Move(TimeSpan.FromSeconds(2));
        progress.Advance(400);
        progress.Pause();
        sampler.Take();
        clock.Move(TimeSpan.FromHours(1));
        Assert.Equal(3, sampler.Take().TimeLeft!.Value.TotalSeconds, 0.01);
        progress.GoOn();
        sampler.Take();
        clock.Move(TimeSpan.FromSeconds(2));
        progress.Advance(400);
        Assert.Equal(1, sampler.Take().TimeLeft!.Value.TotalSeconds, 0.01);
    }

    private sealed class MovedClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        internal void Move(TimeSpan by) => _ticks += by.Ticks;
    }
}
