// Waits for a time of day by looking at the clock, so that a clock that is set and a PC that slept are both met at the next look.
namespace BootConsole.Jobs;

/// <summary>Waits until a job is to begin.</summary>
/// <param name="clock">The wall clock that is looked at.</param>
public sealed class StartWait(TimeProvider clock)
{
    /// <summary>How often the clock is looked at.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Waits; returns at once when the time has come or passed.</summary>
    /// <param name="next">The instant to begin at, seen from a present: a time of day means another instant once the clock was set back.</param>
    /// <param name="show">Told at each look until when it waits, and how long that is.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task UntilAsync(Func<DateTimeOffset, DateTimeOffset> next, Action<DateTimeOffset, TimeSpan> show, CancellationToken cancel)
    {
        var due = next(clock.GetUtcNow());
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var now = clock.GetUtcNow();
            // Only ever sooner: seen from 02:01 the next 02:00 is tomorrow's, and this one has come.
            if (next(now) is var seen && seen < due) due = seen;
            if (now >= due) return;
            show(due, due - now);
            await Task.Delay(LookEvery, clock, cancel);
        }
    }
}
