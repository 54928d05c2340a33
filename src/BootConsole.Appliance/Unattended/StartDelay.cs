// When an unattended job begins: the time of the settings and a random delay, never sooner than its countdown. Pure.
using BootConsole.Core;
using BootConsole.Settings;

namespace BootConsole.Appliance.Unattended;

/// <summary>The time to begin, of one run.</summary>
/// <param name="Start">What the settings say.</param>
/// <param name="Zone">The PC's time zone.</param>
/// <param name="Jitter">The random delay, drawn once.</param>
internal sealed record StartDelay(JobStart Start, TimeZoneInfo Zone, TimeSpan Jitter)
{
    /// <summary>True when it begins at once, but for its countdown.</summary>
    internal bool IsNow => Start is StartNow && Jitter == TimeSpan.Zero;

    /// <summary>Draws the delay, whole seconds.</summary>
    /// <param name="job">The settings of the job.</param>
    /// <param name="timeZone">The PC's time zone by its IANA name.</param>
    /// <param name="random">Where the delay comes from.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="UsageFault">The time has passed, or this system does not know the time zone.</exception>
    internal static StartDelay Of(JobSettings job, string timeZone, Random random, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var found) ? found
            : throw new UsageFault("this system does not know the time zone") { Which = "pc.timezone", Found = timeZone, Remedy = "Name another one, or give [job] at with an offset such as +01:00." };
        // Seen from the run's own beginning: "now" is then, however often it is asked.
        var start = job.At is StartNow && job.Jitter > TimeSpan.Zero ? new StartAtInstant(now) : job.At;
        if (job.At is not StartNow && start.Next(now, zone) < now)
            throw new UsageFault("the time to begin has passed") { Which = "job.at", Found = job.At.ToString()!, Expected = $"a time after {TimeZoneInfo.ConvertTime(now, zone):yyyy-MM-dd HH:mm:ss zzz}" };
        return new StartDelay(start, zone, TimeSpan.FromSeconds(random.NextInt64((long)job.Jitter.TotalSeconds + 1)));
    }

    /// <summary>The instant to begin at, seen from a present.</summary>
    internal DateTimeOffset Next(DateTimeOffset now) => Start.Next(now, Zone) + Jitter;
}
