// Several disks written at once: the progress of each, and of all together.
using BootConsole.Appliance.Screens;
using BootConsole.Core;

namespace BootConsole.Appliance.Workbench;

/// <summary>The progress of jobs that run side by side. Parts are added by the job and read by the display.</summary>
internal sealed class SharedProgress(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<Part> _parts = [];
    private bool _isPaused;

    /// <summary>Adds a disk.</summary>
    /// <returns>What its job reports to.</returns>
    internal JobProgress Add(string disk)
    {
        var progress = new JobProgress();
        lock (_lock)
        {
            if (_isPaused) progress.Pause();
            _parts.Add(new Part(disk, progress, new ProgressSampler(progress, clock)));
        }

        return progress;
    }

    /// <summary>Says that a disk's job has ended.</summary>
    internal void End(JobProgress progress, bool isDone)
    {
        lock (_lock) _parts.Single(part => part.Progress == progress).End = isDone ? WorkPart.Done : WorkPart.Failed;
    }

    /// <summary>Holds all up, or lets them go on.</summary>
    internal void Pause(bool isPaused)
    {
        lock (_lock)
        {
            _isPaused = isPaused;
            foreach (var part in _parts)
            {
                if (isPaused) part.Progress.Pause();
                else part.Progress.GoOn();
            }
        }
    }

    /// <summary>Takes what happened on each disk since the last call, with the disk's name.</summary>
    internal IReadOnlyList<string> TakeEvents()
    {
        lock (_lock) return [.. _parts.SelectMany(part => part.Progress.TakeEvents().Select(line => $"{part.Disk}: {line}"))];
    }

    /// <summary>A picture of all together and of each; null while there are no parts.</summary>
    internal (ProgressSample Whole, IReadOnlyList<WorkPart> Parts)? TryTake()
    {
        lock (_lock)
        {
            if (_parts.Count == 0) return null;
            var samples = _parts.Select(part => (part.Disk, part.End, Sample: part.Sampler.Take())).ToList();
            return (Combine([.. samples.Where(part => part.End is null).Select(part => part.Sample)], samples.Count), [.. samples.Select(part => Describe(part.Disk, part.End, part.Sample))]);
        }
    }

    // What is done or lost has no rate any more, and no time left.
    private static ProgressSample Combine(IReadOnlyList<ProgressSample> running, int count)
    {
        var stages = running.SelectMany(sample => sample.Stages).GroupBy(stage => stage.Stage).OrderBy(group => group.Key)
            .Select(group => new StageSample(group.Key, group.Sum(stage => stage.Bytes), group.Sum(stage => stage.BytesPerSecond), group.Max(stage => stage.BusyShare))).ToList();
        return new ProgressSample(
            $"restoring {count} disks, {running.Count} at work",
            running.Sum(sample => sample.DoneBytes),
            running.Sum(sample => sample.TotalBytes),
            stages,
            stages.Where(stage => stage.BusyShare > 0).MaxBy(stage => stage.BusyShare)?.Stage,
            running.Max(sample => sample.TimeLeft));
    }

    private static WorkPart Describe(string disk, string? end, ProgressSample sample) => end switch
    {
        WorkPart.Done => new WorkPart(disk, 1, 1, end),
        not null => new WorkPart(disk, 0, 0, end),
        _ => new WorkPart(disk, sample.DoneBytes, sample.TotalBytes, sample.Activity.Length == 0 ? "waits" : sample.Activity.Replace(disk, "", StringComparison.Ordinal).Trim()),
    };

    private sealed class Part(string disk, JobProgress progress, ProgressSampler sampler)
    {
        internal string Disk => disk;

        internal JobProgress Progress => progress;

        internal ProgressSampler Sampler => sampler;

        internal string? End { get; set; }
    }
}
