// FAT12, FAT16 and FAT32: the table is read by us, a piece at a time.
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Maps FAT volumes with little memory (partclone takes 500 MB for 2 TB). A cluster is free only when its entry is 0 in every copy of the table; everything outside
/// the clusters (boot sectors, tables, root folder, the tail) is used.
/// </summary>
internal sealed class FatMapper : IFileSystemMapper
{
    private const uint Fat32EntryMask = 0x0FFFFFFF;

    public Task<UsedBytes> MapAsync(MapTarget target, CancellationToken cancel)
    {
        var boot = FatBootSector.Read(target.Reader);
        if (boot.IsMarkedDirty || boot.Tables.Any(table => IsDirty(target.Reader, boot.EntryBits, table)))
            throw new UnprovenMapException("the FAT file system was not unmounted cleanly");
        var used = RangeSet.Of(ByteRange.FromEnds(0, boot.Heap.Start), ByteRange.FromEnds(boot.Heap.End, target.Range.Length));
        foreach (var table in boot.Tables)
        {
            var builder = new UsedRangeBuilder(target.Options.MaxRanges);
            var clusters = new UnitRuns(boot.Heap, boot.ClusterBytes, builder);
            Scan(target.Reader, boot, table, clusters);
            used = used.Union(builder.Build());
        }

        return Task.FromResult(new UsedBytes(used, "fat table"));
    }

    // Entry 1 holds two flags that are 1 while all is well: clean shutdown and no disk errors. FAT12 has none.
    private static bool IsDirty(PartitionReader reader, int entryBits, ByteRange table) => entryBits switch
    {
        32 => (BinaryPrimitives.ReadUInt32LittleEndian(reader.Read(table.Start + 4, 4)) & 0x0C000000) != 0x0C000000,
        16 => (BinaryPrimitives.ReadUInt16LittleEndian(reader.Read(table.Start + 2, 2)) & 0xC000) != 0xC000,
        _ => false,
    };

    private static void Scan(PartitionReader reader, FatBootSector boot, ByteRange table, UnitRuns clusters)
    {
        var skipBytes = boot.EntryBits * FatBootSector.ReservedEntries / 8;
        var entries = ByteRange.FromEnds(table.Start + skipBytes, table.End);
        switch (boot.EntryBits)
        {
            case 12:
                ScanFat12(reader.Read(entries.Start, (int)entries.Length), boot.Clusters, clusters);
                break;
            case 16:
                reader.Stream(entries, piece => AddRuns(MemoryMarshal.Cast<byte, ushort>(piece), ushort.MaxValue, clusters));
                break;
            default:
                reader.Stream(entries, piece => AddRuns(MemoryMarshal.Cast<byte, uint>(piece), Fat32EntryMask, clusters));
                break;
        }
    }

    // Three bytes hold two entries; the highest four bits of the first lie in the low half of the middle byte. At most 6 KiB.
    private static void ScanFat12(byte[] bytes, long count, UnitRuns clusters)
    {
        for (var entry = 0; entry < count; entry++)
        {
            var pair = bytes.AsSpan(entry * 3 / 2, 2);
            var word = BinaryPrimitives.ReadUInt16LittleEndian(pair);
            clusters.Add(used: ((entry & 1) == 0 ? word & 0xFFF : word >> 4) != 0);
        }
    }

    // Little-endian on the disk and, as on every machine this runs on, in memory; only zero or not zero matters, so the mask alone has an order.
    private static void AddRuns<T>(ReadOnlySpan<T> entries, T mask, UnitRuns clusters)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        while (!entries.IsEmpty)
        {
            var used = !T.IsZero(entries[0] & mask);
            var run = 1;
            while (run < entries.Length && !T.IsZero(entries[run] & mask) == used) run++;
            clusters.Add(used, run);
            entries = entries[run..];
        }
    }
}
