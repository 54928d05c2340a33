// What a backup will do with one disk: decided before the first byte is read, shown to the person, then run as shown.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>The plan for one disk.</summary>
public sealed record DiskPlan
{
    /// <summary>The disk, open for reading. The plan does not own it.</summary>
    public required IDisk Disk { get; init; }

    /// <summary>Its partition table.</summary>
    public required DiskLayout Layout { get; init; }

    /// <summary>What was found on each partition, in the order of <see cref="DiskLayout.Partitions"/>; one entry for a disk without a table.</summary>
    public required IReadOnlyList<PartitionMap> Maps { get; init; }

    /// <summary>Every byte that is saved; the rest is padded.</summary>
    public required RangeSet Used { get; init; }

    /// <summary>How the disk is cut into chunks.</summary>
    public required ChunkGrid Grid { get; init; }

    /// <summary>What a person should know, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Bytes left out because nothing uses them.</summary>
    public long UnusedBytes => Disk.Info.Length - Used.TotalBytes;
}
