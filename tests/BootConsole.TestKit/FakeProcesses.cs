// A machine whose processes live and die as a test says.
using BootConsole.Core;

namespace BootConsole.TestKit;

/// <summary>Knows one process, its own; those in <see cref="Gone"/> have died here, all others run elsewhere.</summary>
public sealed class FakeProcesses : IProcessTable
{
    public JobIdentity Self { get; init; } = new("this-pc", "boot-1", 4711, 100);

    /// <summary>Processes of this machine that have ended.</summary>
    public HashSet<JobIdentity> Gone { get; } = [];

    public bool IsGone(JobIdentity job) => Gone.Contains(job);
}
