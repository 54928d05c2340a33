// The layout of one disk, layout.json: partition table, file systems, and the raw first and last sectors.
namespace BootConsole.Images;

/// <summary>What lay where on the disk, in a form a person can read without BootConsole.</summary>
public sealed record LayoutRecord
{
    /// <summary>Version of the format, 1.</summary>
    public required int Version { get; init; }

    /// <summary><c>gpt</c>, <c>mbr</c> or <c>none</c>.</summary>
    public required string Table { get; init; }

    /// <summary>Disk GUID or MBR signature; empty without a table.</summary>
    public string DiskId { get; init => field = value ?? ""; } = "";

    /// <summary>Length of the disk in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Logical sector size in bytes.</summary>
    public required int SectorBytes { get; init; }

    /// <summary>The partitions in order of position.</summary>
    public required IReadOnlyList<LayoutPartition> Partitions { get; init; }

    /// <summary>The first sectors of the disk (table included), base64.</summary>
    public required string FirstSectors { get; init; }

    /// <summary>The last sectors of the disk (backup table included), base64.</summary>
    public required string LastSectors { get; init; }

    /// <summary>Sectors of the table that lie between these: the records of logical partitions.</summary>
    public IReadOnlyList<LayoutSectors> OtherSectors { get; init => field = value ?? []; } = [];
}

/// <summary>Whole sectors of a disk.</summary>
/// <param name="Start">First byte on the disk.</param>
/// <param name="Bytes">Their content, base64.</param>
public sealed record LayoutSectors(long Start, string Bytes);

/// <summary>One partition of the layout.</summary>
public sealed record LayoutPartition
{
    /// <summary>Its number as Linux counts.</summary>
    public required int Number { get; init; }

    /// <summary>First byte on the disk.</summary>
    public required long Start { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>GPT type GUID or MBR type.</summary>
    public required string Type { get; init; }

    /// <summary>GPT partition GUID; empty on MBR.</summary>
    public string Guid { get; init => field = value ?? ""; } = "";

    /// <summary>GPT name; may be empty.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>File system as <c>blkid</c> names it; empty when unknown.</summary>
    public string FileSystem { get; init => field = value ?? ""; } = "";

    /// <summary>File system label; may be empty.</summary>
    public string Label { get; init => field = value ?? ""; } = "";

    /// <summary>File system UUID; may be empty.</summary>
    public string Uuid { get; init => field = value ?? ""; } = "";

    /// <summary>Used bytes by the map.</summary>
    public required long UsedBytes { get; init; }

    /// <summary>How the used map was made.</summary>
    public required string Method { get; init; }

    /// <summary>One sentence when there is something to say; else empty.</summary>
    public string Note { get; init => field = value ?? ""; } = "";
}
