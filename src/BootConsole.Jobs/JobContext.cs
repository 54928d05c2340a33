// What every job needs from outside: compression, clock, processes, ids, and somebody to report to.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Disks.Tables;

namespace BootConsole.Jobs;

/// <summary>The surroundings of a job, chosen by the program.</summary>
public sealed record JobContext
{
    /// <summary>Makes a chunk transform of a compression level; the caller disposes it.</summary>
    public required Func<int, IChunkTransform> MakeTransform { get; init; }

    /// <summary>This process and others of this machine.</summary>
    public required IProcessTable Processes { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Counters and events of the running job.</summary>
    public JobProgress Progress { get; init; } = new();

    /// <summary>Makes the new ids of disks and partitions.</summary>
    public Func<Guid> NewId { get; init; } = TableChanges.RandomId;

    /// <summary>The job ends with a fault when nothing moved for this long.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromMinutes(10);
}
