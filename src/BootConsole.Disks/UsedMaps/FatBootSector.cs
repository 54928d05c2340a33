// The boot sector of FAT12, FAT16 and FAT32, checked until its numbers fit together.
using System.Buffers.Binary;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>Geometry of a FAT volume (Microsoft "FAT: General Overview of On-Disk Format" 1.03; ECMA-107).</summary>
/// <param name="EntryBits">Width of a table entry: 12, 16 or 32.</param>
/// <param name="Tables">The copies of the table, each with the bytes that entries 0 to the last cluster's take.</param>
/// <param name="Heap">The bytes of the clusters.</param>
/// <param name="ClusterBytes">Length of a cluster.</param>
/// <param name="IsMarkedDirty">True when the boot sector says that the volume was in use or has errors.</param>
internal sealed record FatBootSector(int EntryBits, IReadOnlyList<ByteRange> Tables, ByteRange Heap, int ClusterBytes, bool IsMarkedDirty)
{
    internal const int ReservedEntries = 2;
    private const uint MaxFat12Clusters = 4084, MaxFat16Clusters = 65524, MaxFat32Clusters = 0x0FFFFFF5;

    internal long Clusters => Heap.Length / ClusterBytes;

    /// <exception cref="UnprovenMapException">The numbers contradict each other or the partition's length.</exception>
    internal static FatBootSector Read(PartitionReader reader)
    {
        var sector = reader.Read(0, 512);
        int sectorBytes = U16(sector, 11), clusterSectors = sector[13], reserved = U16(sector, 14), copies = sector[16], rootEntries = U16(sector, 17);
        long tableSectors16 = U16(sector, 22), tableSectors = tableSectors16 != 0 ? tableSectors16 : U32(sector, 36);
        long sectors = U16(sector, 19) != 0 ? U16(sector, 19) : U32(sector, 32);
        if (!IsPowerOfTwo(sectorBytes, 512, 4096) || !IsPowerOfTwo(clusterSectors, 1, 128) || reserved == 0 || copies is 0 or > 4 || tableSectors == 0 || sectors == 0)
            throw Impossible();

        var tablesStart = (long)reserved * sectorBytes;
        var tableBytes = tableSectors * sectorBytes;
        var rootSectors = (rootEntries * 32L + sectorBytes - 1) / sectorBytes;
        var heapStart = tablesStart + copies * tableBytes + rootSectors * sectorBytes;
        var clusterBytes = clusterSectors * sectorBytes;
        var clusters = (sectors * sectorBytes - heapStart) / clusterBytes;
        if (sectors * sectorBytes > reader.Length) throw new UnprovenMapException("the FAT file system is larger than its partition");
        if (clusters <= 0) throw Impossible();

        var entryBits = WidthOf(sector, tableSectors16 == 0, rootEntries, clusters);
        var neededBytes = ((clusters + ReservedEntries) * entryBits + 7) / 8;
        if (neededBytes > tableBytes) throw Impossible();
        var tables = Enumerable.Range(0, copies).Select(copy => new ByteRange(tablesStart + copy * tableBytes, neededBytes));
        var flags = sector[entryBits == 32 ? 65 : 37];
        return new FatBootSector(entryBits, [.. tables], new ByteRange(heapStart, clusters * clusterBytes), clusterBytes, (flags & 3) != 0);
    }

    // A wrong width would turn the whole map to nonsense: the field that Linux goes by, the cluster count that Microsoft goes by, and the label in the sector
    // must not contradict each other. Small FAT32 volumes made by mkfs.fat -F 32 have fewer clusters than the count allows, but carry the label.
    private static int WidthOf(byte[] sector, bool isLargeTable, int rootEntries, long clusters)
    {
        if (isLargeTable)
        {
            var isLabelled = sector.AsSpan(82, 8).SequenceEqual("FAT32   "u8);
            return rootEntries == 0 && clusters <= MaxFat32Clusters && (clusters > MaxFat16Clusters || isLabelled) ? 32 : throw Impossible();
        }

        if (rootEntries == 0 || clusters > MaxFat16Clusters) throw Impossible();
        var label = sector.AsSpan(54, 8);
        var isFat12 = clusters <= MaxFat12Clusters;
        return label.SequenceEqual(isFat12 ? "FAT16   "u8 : "FAT12   "u8) ? throw Impossible() : isFat12 ? 12 : 16;
    }

    private static bool IsPowerOfTwo(int value, int least, int most) => value >= least && value <= most && (value & (value - 1)) == 0;

    private static UnprovenMapException Impossible() => UnprovenMapException.Tables("impossible numbers in the FAT boot sector");

    private static ushort U16(byte[] sector, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(sector.AsSpan(offset));

    private static uint U32(byte[] sector, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(offset));
}
