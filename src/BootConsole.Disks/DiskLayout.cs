// What the partition table of a disk says.
using BootConsole.Core;

namespace BootConsole.Disks;

/// <summary>The kinds of partition table that are understood.</summary>
public enum TableKind
{
    /// <summary>No table: empty, or one file system on the whole disk.</summary>
    None,

    /// <summary>Master boot record (DOS), logical partitions included.</summary>
    Mbr,

    /// <summary>GUID partition table (UEFI 2.10, section 5).</summary>
    Gpt,
}

/// <summary>One partition.</summary>
/// <param name="Number">Its number as Linux counts: 1 and up; logical MBR partitions from 5.</param>
/// <param name="Range">Its bytes on the disk.</param>
/// <param name="Type">GPT type GUID in capitals, or MBR type as two lower-case hexadecimal digits.</param>
public sealed record Partition(int Number, ByteRange Range, string Type)
{
    /// <summary>Unique GUID of a GPT partition in capitals; empty on MBR.</summary>
    public string Guid { get; init; } = "";

    /// <summary>GPT partition name; empty when there is none.</summary>
    public string Name { get; init; } = "";
}

/// <summary>The partition table of a disk.</summary>
/// <param name="Kind">Which kind of table.</param>
/// <param name="SectorBytes">Logical sector size the table is written in.</param>
/// <param name="Partitions">In order of their position; they neither overlap nor leave the disk.</param>
public sealed record DiskLayout(TableKind Kind, int SectorBytes, IReadOnlyList<Partition> Partitions)
{
    /// <summary>Disk GUID in capitals (GPT) or signature as eight hexadecimal digits (MBR); empty without a table.</summary>
    public string DiskId { get; init; } = "";

    /// <summary>First byte and end of the space for partitions: GPT's usable LBAs; on MBR the first sector after the table to the end of the disk.</summary>
    public ByteRange Usable { get; init; }

    /// <summary>Bytes that hold the table itself (LBA 0, both GPT headers and entry arrays, extended boot records); always data in an image.</summary>
    public RangeSet TableBytes { get; init; } = RangeSet.Empty;

    /// <summary>What a person should know, a sentence each: "the backup GPT is damaged".</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
