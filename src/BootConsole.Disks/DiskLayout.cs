// What the partition table of a disk says.
using BootConsole.Core;
using BootConsole.Disks.Tables;

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
/// <param name="Partitions">In order of their position; they neither overlap nor leave the disk, and hold no byte of the table. Containers (MBR's extended
/// partitions) are not listed, what is in them is.</param>
public sealed record DiskLayout(TableKind Kind, int SectorBytes, IReadOnlyList<Partition> Partitions)
{
    /// <summary>Disk GUID in capitals (GPT) or signature as eight hexadecimal digits (MBR); empty without a table.</summary>
    public string DiskId { get; init; } = "";

    /// <summary>First byte and end of the space for partitions: GPT's usable LBAs; on MBR the first sector after the table to the end of the disk.</summary>
    public ByteRange Usable { get; init; }

    /// <summary>Bytes that hold the table itself (LBA 0, both GPT headers and entry arrays, extended boot records); always data in an image.</summary>
    public RangeSet TableBytes { get; init; } = RangeSet.Empty;

    /// <summary>
    /// False when the table contradicts itself or the disk (partitions that overlap or leave the disk, a broken chain of logical partitions, a file system on
    /// the whole disk besides): then <see cref="Partitions"/> is empty, and only the whole disk, byte by byte, is a safe copy.
    /// </summary>
    public bool IsConsistent { get; init; } = true;

    /// <summary>The byte after the last one that a partition or a container has; the backup GPT does not count. 0 without a table.</summary>
    public long OccupiedEnd { get; init; }

    /// <summary>The GPT itself; null on other disks.</summary>
    public GptTable? Gpt { get; init; }

    /// <summary>What a person should know, a sentence each: "The backup GPT is damaged."</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The same table, not to be believed: every byte of the disk is data. For callers that found a file system, RAID or LVM member on the whole disk,
    /// which an old table below it would cut into pieces and gaps.</summary>
    /// <param name="reason">A sentence for the notes.</param>
    public DiskLayout Distrusted(string reason) => this with { IsConsistent = false, Partitions = [], Notes = [.. Notes, reason] };
}
