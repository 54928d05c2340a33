// This PC's clock against the store's: images are dated by the one, leases by the other.
using System.Globalization;

namespace BootConsole.Jobs;

/// <summary>Judges a difference of clocks.</summary>
public static class ClockCheck
{
    /// <summary>The largest difference that nobody is told of.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong with the clocks, as a sentence; null when they agree. Which of the two is right, nobody here knows.</summary>
    /// <param name="storeAhead">The store's clock minus this PC's.</param>
    public static string? Complain(TimeSpan storeAhead) => storeAhead.Duration() <= Tolerance
        ? null
        : $"The PC's clock is {Words(storeAhead.Duration())} {(storeAhead > TimeSpan.Zero ? "behind" : "ahead of")} the store's; the image is dated by the PC's clock, and prune does not count it.";

    private static string Words(TimeSpan time) => time.TotalHours switch
    {
        >= 48 => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalDays} days"),
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s"),
    };
}
