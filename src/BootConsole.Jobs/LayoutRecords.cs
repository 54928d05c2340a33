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

    /// <param name="plan">The plan.</param>
    /// <param name="pad">What unused and unreadable bytes read as, here as in the chunks: a restore holds the two against each other.</param>
    internal static LayoutRecord Of(DiskPlan plan, byte pad)
    {
        var info = plan.Disk.Info;
        // The usual table needs 34 sectors at each end; one with more entries more.
        var table = plan.Layout.TableBytes;
        var firstBytes = EdgeOf(table.Ranges.Select(range => range.End), info.Length);
        var lastBytes = EdgeOf(table.Ranges.Select(range => info.Length - range.Start), info.Length);
        var (first, last) = (new ByteRange(0, firstBytes), new ByteRange(info.Length - lastBytes, lastBytes));
        return new LayoutRecord
        {
            Version = 1,
            Table = plan.Layout.Kind switch { TableKind.Gpt => "gpt", TableKind.Mbr => "mbr", _ => "none" },
            DiskId = plan.Layout.DiskId,
            Size = info.Length,
            SectorBytes = info.SectorBytes,
            Partitions = [.. plan.Layout.Partitions.Zip(plan.Maps, Describe)],
            FirstSectors = Read(plan, first, pad),
            LastSectors = Read(plan, last, pad),
            OtherSectors = [.. plan.Layout.TableBytes.Except(RangeSet.Of(first, last)).Ranges.Select(range => new LayoutSectors(range.Start, Read(plan, range, pad)))],
        };
    }

    private static long EdgeOf(IEnumerable<long> needed, long diskBytes) => Math.Min(diskBytes, needed.Where(bytes => bytes <= MaxEdgeBytes).Append(EdgeBytes).Max());

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

    private static string Read(DiskPlan plan, ByteRange range, byte pad)
    {
        var bytes = new byte[range.Length];
        new RetryingReader(plan.Disk, new RetryLimits { Pad = pad }).Read(range.Start, bytes);
        foreach (var free in plan.Used.Complement(range).Ranges) bytes.AsSpan((int)(free.Start - range.Start), (int)free.Length).Fill(pad);
        return Convert.ToBase64String(bytes);
    }
}
