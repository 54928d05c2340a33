// layout.json of a disk, from its plan.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Makes layout records.</summary>
internal static class LayoutRecords
{
    private const int EdgeBytes = 64 << 10, MaxEdgeBytes = 1 << 20;

    internal static LayoutRecord Of(DiskPlan plan)
    {
        var info = plan.Disk.Info;
        // The usual table needs 34 sectors; one with more entries reaches to the first usable LBA.
        var edge = (int)Math.Min(info.Length, plan.Layout.Kind == TableKind.Gpt ? Math.Clamp(plan.Layout.Usable.Start, EdgeBytes, MaxEdgeBytes) : EdgeBytes);
        return new LayoutRecord
        {
            Version = 1,
            Table = plan.Layout.Kind switch { TableKind.Gpt => "gpt", TableKind.Mbr => "mbr", _ => "none" },
            DiskId = plan.Layout.DiskId,
            Size = info.Length,
            SectorBytes = info.SectorBytes,
            Partitions = [.. plan.Layout.Partitions.Zip(plan.Maps, Describe)],
            FirstSectors = ReadEdge(plan.Disk, new ByteRange(0, edge)),
            LastSectors = ReadEdge(plan.Disk, new ByteRange(info.Length - edge, edge)),
        };
    }

    private static LayoutPartition Describe(Partition partition, PartitionMap map) => new()
    {
        Number = partition.Number,
        Start = partition.Range.Start,
        Length = partition.Range.Length,
        Type = partition.Type,
        Guid = partition.Guid,
        Name = partition.Name,
        FileSystem = map.FileSystem,
        Label = map.Label,
        Uuid = map.Uuid,
        UsedBytes = map.Used.TotalBytes,
        Method = map.Method,
        Note = map.Note,
    };

    private static string ReadEdge(IDisk disk, ByteRange range)
    {
        var bytes = new byte[range.Length];
        // An unreadable table sector is padded here as it is in the image; the manifest lists it.
        new RetryingReader(disk, new RetryLimits()).Read(range.Start, bytes);
        return Convert.ToBase64String(bytes);
    }
}
