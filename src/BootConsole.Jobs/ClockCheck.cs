// This PC's clock against the store's: images are dated by the one, leases by the other.
namespace BootConsole.Jobs;

/// <summary>Judges a difference of clocks.</summary>
public static class ClockCheck
{
    /// <summary>The largest difference that nobody is told of.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
}
