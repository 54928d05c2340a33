// From what a person wrote ("02:00") to the instant it means on this PC.
using BootConsole.Settings.Reading;

namespace BootConsole.Settings;

/// <summary>Reads and resolves times to begin. Pure.</summary>
public static class JobStartTime
{
    /// <summary>What a time to begin looks like, for messages.</summary>
    public const string Expected = TimeText.StartExpected;

    /// <summary>Reads a time to begin as settings files and <c>--at</c> write it.</summary>
    /// <returns>Null when the text is none.</returns>
    public static JobStart? Parse(string text) => TimeText.Start(text, out var start) is null ? start : null;

    /// <summary>The instant at which a job begins, seen from <paramref name="now"/>; <paramref name="now"/> itself for <see cref="StartNow"/>.</summary>
    /// <param name="start">What was written.</param>
    /// <param name="now">The present.</param>
    /// <param name="zone">The PC's time zone.</param>
    /// <returns>For a date, that date, even where it has passed.</returns>
    public static DateTimeOffset Next(this JobStart start, DateTimeOffset now, TimeZoneInfo zone) => start switch
    {
        StartAtClock clock => Next(clock.Time, now, zone),
        StartAtLocal local => Resolve(local.Time, zone),
        StartAtInstant instant => instant.Time,
        _ => now,
    };

    private static DateTimeOffset Next(TimeOnly time, DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        // Yesterday's too: where the clock was put forward at midnight, a time of yesterday's may only come now.
        return Enumerable.Range(-1, 4).Select(day => Resolve(today.AddDays(day) + time.ToTimeSpan(), zone)).First(candidate => candidate >= now);
    }

    // A time that the clock skips in spring begins when it would have come, had nobody put the clock forward. One that comes twice in autumn begins the first time.
    private static DateTimeOffset Resolve(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsAmbiguousTime(local)) return new DateTimeOffset(local, zone.GetAmbiguousTimeOffsets(local).Max());
        return new DateTimeOffset(local, zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddHours(-3)) : zone.GetUtcOffset(local));
    }
}
