// Whether and when a job that failed is tried again: growing waits, and an end. Pure.
using BootConsole.Core;

namespace BootConsole.Appliance.Unattended;

/// <summary>The tries of one run.</summary>
/// <param name="Most">How long it is tried again, from the first failure on.</param>
internal sealed record RetryPlan(TimeSpan Most)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromMinutes(10);

    /// <summary>The wait before the next try.</summary>
    /// <param name="failures">How often the job has failed; 1 and up.</param>
    /// <param name="sinceFirst">Time since the first failure.</param>
    /// <returns>Null when it is not tried again.</returns>
    internal TimeSpan? WaitAfter(int failures, TimeSpan sinceFirst)
    {
        var left = Most - sinceFirst;
        if (left <= TimeSpan.Zero) return null;
        var wait = failures > 7 ? Longest : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, First.TotalSeconds * (1 << (failures - 1))));
        return wait < left ? wait : left;
    }

    /// <summary>True where the next try may end otherwise without anybody doing anything: a line that comes back, a disk that is slow to appear, another job that ends.</summary>
    internal static bool MayPass(Exception fault) => fault switch
    {
        UsageFault or KeyFault or CorruptFault => false,
        TransportFault transport => transport.MayPass,
        _ => true,
    };
}
