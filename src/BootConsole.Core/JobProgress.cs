// What a running job has done so far, counted by its stages and sampled by whoever shows it.
using System.Diagnostics;

namespace BootConsole.Core;

/// <summary>The stages of the two flows, in the order the bytes pass them.</summary>
public enum Stage
{
    /// <summary>Reading the disk (backup) or the target (verify against a disk).</summary>
    Read,

    /// <summary>Padding, hashing and compressing.</summary>
    Compress,

    /// <summary>Writing to the store.</summary>
    Send,

    /// <summary>Waiting for what a bandwidth limit allows.</summary>
    Limit,

    /// <summary>Reading from the store.</summary>
    Fetch,

    /// <summary>Decompressing and checking hashes.</summary>
    Decode,

    /// <summary>Writing to the disk or file.</summary>
    Write,

    /// <summary>Reading back what was written.</summary>
    ReadBack,
}

/// <summary>Counters of one stage. Thread-safe; adding costs an interlocked operation.</summary>
public sealed class StageMeter
{
    private long _bytes;
    private long _busyTicks;

    /// <summary>Bytes that passed the stage, as it counts them.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Time the stage spent working (not waiting for its neighbours), summed over its <see cref="Workers"/>.</summary>
    public TimeSpan Busy => new(Interlocked.Read(ref _busyTicks));

    /// <summary>How many run the stage at once; zero when the job does not have the stage.</summary>
    public int Workers { get; set; }

    /// <summary>Counts bytes.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Counts the time since <paramref name="startTimestamp"/> (<see cref="Stopwatch.GetTimestamp"/>) as work.</summary>
    public void AddBusy(long startTimestamp) => AddBusy(Stopwatch.GetElapsedTime(startTimestamp));

    /// <summary>Counts time as work.</summary>
    public void AddBusy(TimeSpan time) => Interlocked.Add(ref _busyTicks, time.Ticks);
}

/// <summary>The state of a running job, written by the job and read by a display. All members are thread-safe.</summary>
public sealed class JobProgress
{
    private readonly StageMeter[] _stages = [.. Enum.GetValues<Stage>().Select(_ => new StageMeter())];
    private readonly Lock _lock = new();
    private readonly Queue<string> _events = new();
    private string _activity = "";
    private long _totalBytes;
    private long _doneBytes;
    private long _movements;
    private volatile int _level;
    private volatile TaskCompletionSource? _pause;

    /// <summary>The counters of one stage.</summary>
    public StageMeter this[Stage stage] => _stages[(int)stage];

    /// <summary>What the job is doing now, as a short phrase: "mapping partition 2 (ntfs)".</summary>
    public string Activity
    {
        get { lock (_lock) return _activity; }
    }

    /// <summary>Bytes the present activity has to get through in all; zero when unknown.</summary>
    public long TotalBytes => Interlocked.Read(ref _totalBytes);

    /// <summary>Bytes of <see cref="TotalBytes"/> that are done.</summary>
    public long DoneBytes => Interlocked.Read(ref _doneBytes);

    /// <summary>The compression level, where the job chooses it itself; null otherwise.</summary>
    public int? Level
    {
        get => _level is var level && level > 0 ? level : null;
        set => _level = value ?? 0;
    }

    /// <summary>True between <see cref="Pause"/> and <see cref="GoOn"/>.</summary>
    public bool IsPaused => _pause is not null;

    /// <summary>The job's flows take nothing new until <see cref="GoOn"/>. What is on its way is finished; connections and leases are kept alive.</summary>
    public void Pause()
    {
        lock (_lock) _pause ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends a pause.</summary>
    public void GoOn()
    {
        lock (_lock)
        {
            _pause?.TrySetResult();
            _pause = null;
        }
    }

    /// <summary>Waits while the job is paused. Each flow calls it before it takes the next piece.</summary>
    public async ValueTask PassAsync(CancellationToken cancel)
    {
        while (_pause is { } pause)
        {
            // A pause is no stall.
            Tick();
            await Task.WhenAny(pause.Task, Task.Delay(TimeSpan.FromSeconds(1), cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Grows whenever anything moved; a watchdog compares two readings.</summary>
    public long Movements => Interlocked.Read(ref _movements);

    /// <summary>Begins an activity of <paramref name="totalBytes"/> (zero when unknown).</summary>
    public void Begin(string activity, long totalBytes)
    {
        lock (_lock) _activity = activity;
        Interlocked.Exchange(ref _doneBytes, 0);
        Interlocked.Exchange(ref _totalBytes, totalBytes);
        Interlocked.Increment(ref _movements);
    }

    /// <summary>Counts bytes of the present activity as done.</summary>
    public void Advance(long bytes)
    {
        Interlocked.Add(ref _doneBytes, bytes);
        Interlocked.Increment(ref _movements);
    }

    /// <summary>Says that something moved without finishing bytes (a retry, a keep-alive of a long map).</summary>
    public void Tick() => Interlocked.Increment(ref _movements);

    /// <summary>Adds a line for the event list: a retry, a bad sector, a note.</summary>
    public void Report(string line)
    {
        lock (_lock) _events.Enqueue(line);
        Interlocked.Increment(ref _movements);
    }

    /// <summary>Takes the event lines that came since the last call.</summary>
    public IReadOnlyList<string> TakeEvents()
    {
        lock (_lock)
        {
            var lines = _events.ToArray();
            _events.Clear();
            return lines;
        }
    }
}
