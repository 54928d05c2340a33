// How hard a worn disk is tried, and when that ends.
using BootConsole.Core;

namespace BootConsole.Disks.Access;

/// <summary>The patience of a <see cref="RetryingReader"/>. A failed read of a worn disk takes seconds, so every number here bounds time.</summary>
public sealed record RetryLimits
{
    /// <summary>What unreadable bytes read as.</summary>
    public byte Pad { get; init; }

    /// <summary>After a failed read, the size of the pieces that are tried next, in bytes; a power of two, at least a physical sector.</summary>
    public int BlockBytes { get; init; } = 64 << 10;

    /// <summary>How often a sector is read before it counts as unreadable.</summary>
    public int AttemptsPerSector { get; init; } = 3;

    /// <summary>How many unreadable sectors in a row get all attempts; those after them get one.</summary>
    public int PatientSectors { get; init; } = 8;

    /// <summary>
    /// How many unreadable sectors in a row are tried one by one. After them a single sector is probed, and each probe that fails skips as many bytes as were
    /// given up in this run so far. So one unreadable stretch costs at most as many good bytes behind it as it has bad ones; a disk on which every probe hits
    /// another bad place loses more. Whatever is skipped is listed as unreadable.
    /// </summary>
    public int SectorsBeforeSkipping { get; init; } = 128;

    /// <summary>Longest skip in bytes; 0 means a 1024th of the disk, but not less than 1 MiB. So a dead disk costs about a thousand failed reads.</summary>
    public long MaximumSkipBytes { get; init; }

    /// <summary>More separate unreadable ranges than this end the job: the image's list of them is not endless.</summary>
    public int MaximumRanges { get; init; } = 10_000;

    /// <summary>More failed reads than this end the job.</summary>
    public int MaximumFailedReads { get; init; } = 50_000;

    /// <summary>Told of each failed read, so that the screen shows life while the disk tries.</summary>
    public Action<ByteRange>? ReadFailed { get; init; }
}
