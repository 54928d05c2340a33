// What a restore will do to one target: decided and checked before the first write, shown to the person, then run as shown.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>The plan for one disk of an image and its target.</summary>
public sealed record RestorePlan
{
    /// <summary>The image.</summary>
    public required ImageReader Image { get; init; }

    /// <summary>Disk number in the image.</summary>
    public required int Disk { get; init; }

    /// <summary>What was chosen.</summary>
    public required RestoreOptions Options { get; init; }

    /// <summary>The table of the disk in the image, read from the sectors that the image keeps.</summary>
    public required DiskLayout Layout { get; init; }

    /// <summary>The partitions that are restored alone; empty for the whole disk.</summary>
    public required IReadOnlyList<Partition> Partitions { get; init; }

    /// <summary>What takes the place of the image's tables on a target of another size or with changes; empty otherwise.</summary>
    public required IReadOnlyList<TableWrite> Tables { get; init; }

    /// <summary>The partition that grows; null for none.</summary>
    public PartitionGrowth? Growth { get; init; }

    /// <summary>The target.</summary>
    public required DiskInfo Target { get; init; }

    /// <summary>Which bytes are written when.</summary>
    public required TargetShape Shape { get; init; }

    /// <summary>Bytes of content that are fetched and written; of a restore of differences, at most.</summary>
    public required long ContentBytes { get; init; }

    /// <summary>Bytes that are zeroed or padded; of a restore of differences, at most.</summary>
    public required long ZeroBytes { get; init; }

    /// <summary>Bytes that nothing uses and that are not written.</summary>
    public required long SkippedBytes { get; init; }

    /// <summary>The plan in sentences for a person.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }

    /// <summary>What could not be read when the image was made and would be written.</summary>
    public IReadOnlyList<StoredRange> Lost => [.. Record.Unreadable.Where(range => Shape.Concerns(new ByteRange(range.Start, range.Length)))];

    /// <summary>The disk's record in the manifest.</summary>
    public ManifestDisk Record => Image.Manifest.Disks[Disk];
}
