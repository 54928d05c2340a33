// Which process of which machine does a job: written into leases so that others can tell whether it still lives.
namespace BootConsole.Core;

/// <summary>A process, identified beyond reuse of its number.</summary>
/// <param name="Host">Host name.</param>
/// <param name="BootId">The kernel's boot id (<c>/proc/sys/kernel/random/boot_id</c>).</param>
/// <param name="ProcessId">Process number.</param>
/// <param name="StartTicks">Start of the process in clock ticks since boot (<c>proc(5)</c>, stat field 22).</param>
/// <param name="Machine">What tells this machine from all others, whatever runs on it; empty when it says too little of itself.</param>
public sealed record JobIdentity(string Host, string BootId, int ProcessId, long StartTicks, string Machine = "");

/// <summary>What this machine knows of its processes.</summary>
public interface IProcessTable
{
    /// <summary>This process.</summary>
    JobIdentity Self { get; }

    /// <summary>True when the process ran on this machine and is certainly gone; false when it lives or cannot be judged from here.</summary>
    bool IsGone(JobIdentity job);
}
