// Turns a job's counters into what a person wants to know: rates, which stage sets the pace, time left.
namespace BootConsole.Core;

/// <summary>One stage at one moment.</summary>
/// <param name="Stage">Which stage.</param>
/// <param name="Bytes">Bytes so far.</param>
/// <param name="BytesPerSecond">Rate over the last seconds.</param>
/// <param name="BusyShare">Share of its workers' time that it worked, 0 to 1.</param>
public sealed record StageSample(Stage Stage, long Bytes, double BytesPerSecond, double BusyShare);

/// <summary>A job at one moment.</summary>
/// <param name="Activity">What it does now.</param>
/// <param name="DoneBytes">Bytes of the activity that are done.</param>
/// <param name="TotalBytes">Bytes of the activity in all; 0 when unknown.</param>
/// <param name="Stages">The stages that the job has.</param>
/// <param name="Bottleneck">The stage that sets the pace; null before anything moved.</param>
/// <param name="TimeLeft">Estimated time to the end of the activity; null when unknown.</param>
public sealed record ProgressSample(string Activity, long DoneBytes, long TotalBytes, IReadOnlyList<StageSample> Stages, Stage? Bottleneck, TimeSpan? TimeLeft)
{
    /// <summary>The compression level, where the job chooses it itself; null otherwise.</summary>
    public int? Level { get; init; }
}

/// <summary>Samples a <see cref="JobProgress"/>. Rates are those of the last <see cref="Window"/>; one caller.</summary>
public sealed class ProgressSampler(JobProgress progress, TimeProvider clock)
{
    /// <summary>Time over which rates are taken.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Queue<Reading> _readings = new();
    private string _activity = "";
    private long _activityStart, _taken;
    private TimeSpan _paused;
    private bool _wasPaused;

    /// <summary>Takes a sample. Any pace works; several times a second are of no use to anybody.</summary>
    public ProgressSample Take()
    {
        var now = clock.GetTimestamp();
        var activity = progress.Activity;
        if (activity != _activity)
        {
            (_activity, _activityStart, _paused) = (activity, now, TimeSpan.Zero);
            _readings.Clear();
        }
        else if (_wasPaused)
        {
            // A pause is no slowness: it says nothing of how long the rest will take.
            _paused += clock.GetElapsedTime(_taken, now);
        }

        (_taken, _wasPaused) = (now, progress.IsPaused);

        var reading = new Reading(now, progress.DoneBytes, [.. Enum.GetValues<Stage>().Select(stage => (progress[stage].Bytes, progress[stage].Busy))]);
        _readings.Enqueue(reading);
        while (_readings.Count > 2 && clock.GetElapsedTime(_readings.Peek().Timestamp, now) > Window) _readings.Dequeue();
        var first = _readings.Peek();
        var seconds = clock.GetElapsedTime(first.Timestamp, now).TotalSeconds;
        List<StageSample> stages = [];
        foreach (var stage in Enum.GetValues<Stage>())
        {
            if (progress[stage].Workers == 0) continue;
            var (bytes, busy) = reading.Stages[(int)stage];
            var (bytesBefore, busyBefore) = first.Stages[(int)stage];
            var share = seconds > 0 ? Math.Clamp((busy - busyBefore).TotalSeconds / seconds / progress[stage].Workers, 0, 1) : 0;
            stages.Add(new StageSample(stage, bytes, seconds > 0 ? (bytes - bytesBefore) / seconds : 0, share));
        }

        var busiest = stages.Where(stage => stage.BusyShare > 0).MaxBy(stage => stage.BusyShare);
        return new ProgressSample(activity, reading.DoneBytes, progress.TotalBytes, stages, busiest?.Stage, EstimateTimeLeft(reading, now)) { Level = progress.Level };
    }

    // The estimate rests on the whole activity, not on the window: it moves slowly, and a burst of empty space does not promise an early end.
    private TimeSpan? EstimateTimeLeft(Reading reading, long now)
    {
        var left = progress.TotalBytes - reading.DoneBytes;
        var elapsed = clock.GetElapsedTime(_activityStart, now) - _paused;
        if (progress.TotalBytes <= 0 || reading.DoneBytes <= 0 || left < 0 || elapsed < TimeSpan.FromSeconds(1)) return null;
        return TimeSpan.FromSeconds(Math.Min(elapsed.TotalSeconds / reading.DoneBytes * left, TimeSpan.FromDays(365).TotalSeconds));
    }

    private sealed record Reading(long Timestamp, long DoneBytes, (long Bytes, TimeSpan Busy)[] Stages);
}
