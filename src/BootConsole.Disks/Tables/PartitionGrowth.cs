// The last partition of a disk, made longer where the target has room behind it.
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>A partition that grows in the table of the target; its file system is grown afterwards (<see cref="Growing.FileSystemGrower"/>).</summary>
/// <param name="Partition">As the image has it.</param>
/// <param name="Grown">Where it is to be: the same start, the end on a whole MiB.</param>
/// <param name="FileSystem">What is on it, as <c>blkid</c> names it: ext2, ext3, ext4 or ntfs.</param>
public sealed record PartitionGrowth(Partition Partition, ByteRange Grown, string FileSystem)
{
    private const long GrainBytes = 1 << 20;
    private const int LastPrimary = 4;
    private static readonly string[] Kinds = ["ext2", "ext3", "ext4", "ntfs"];

    /// <summary>True for NTFS, false for the ext family.</summary>
    public bool IsNtfs => FileSystem == "ntfs";

    /// <summary>The last byte that an MBR can name, plus one: sectors have numbers of 32 bits.</summary>
    public static long MbrLimit(int sectorBytes) => (1L << 32) * sectorBytes;

    /// <summary>Plans the growth of the partition that ends last.</summary>
    /// <param name="layout">The table of the image's disk.</param>
    /// <param name="firstSector">The first sector of that disk.</param>
    /// <param name="targetBytes">Length of the target.</param>
    /// <param name="fileSystems">What is on the partition of a number; empty when nobody knows.</param>
    /// <exception cref="RefusedFault">It cannot grow; the reason is named.</exception>
    public static PartitionGrowth Plan(DiskLayout layout, ReadOnlySpan<byte> firstSector, long targetBytes, Func<int, string> fileSystems)
    {
        if (layout.Kind == TableKind.None || !layout.IsConsistent) throw Refuse("the disk in the image has no partition table that can be believed");
        if (layout.Partitions.Count == 0) throw Refuse("the disk in the image has no partition");
        var last = layout.Partitions[^1];
        if (layout.Kind == TableKind.Mbr && last.Number > LastPrimary) throw Refuse($"the last partition, {last.Number}, is a logical one");
        if (layout.Kind == TableKind.Mbr && layout.OccupiedEnd > last.Range.End) throw Refuse($"an extended partition ends behind the last partition, {last.Number}");
        if (layout.Kind == TableKind.Gpt && MbrSector.Parse(firstSector)?.IsHybrid != false) throw Refuse("the disk in the image has a hybrid MBR, which would say another length");
        var found = fileSystems(last.Number);
        if (!Kinds.Contains(found)) throw Refuse($"the last partition, {last.Number}, holds no file system that can be grown", $"one of {string.Join(", ", Kinds)}", found.Length > 0 ? found : "nothing that is known");
        var end = RoomEnd(layout, targetBytes) / GrainBytes * GrainBytes;
        if (end <= last.Range.End) throw Refuse($"there is no room behind the last partition, {last.Number}", $"a target of at least {last.Range.End + 2 * GrainBytes} bytes", $"{targetBytes} bytes");
        return new PartitionGrowth(last, ByteRange.FromEnds(last.Range.Start, end), found);
    }

    private static long RoomEnd(DiskLayout layout, long targetBytes)
    {
        if (layout.Gpt is not { } gpt) return Math.Min(targetBytes, MbrLimit(layout.SectorBytes));
        // As GptRebuild places the backup: header in the last sector, entries before it.
        return targetBytes / layout.SectorBytes * layout.SectorBytes - layout.SectorBytes - TargetFit.EntriesBytes(gpt, layout.SectorBytes);
    }

    private static RefusedFault Refuse(string why, string expected = "", string found = "") =>
        new($"the last partition cannot be grown: {why}") { Expected = expected, Found = found, Remedy = "Restore without --grow-last." };
}
