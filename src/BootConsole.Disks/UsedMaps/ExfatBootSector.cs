// The boot region of exFAT, its checksum included.
using System.Buffers.Binary;
using BootConsole.Core;

namespace BootConsole.Disks.UsedMaps;

/// <summary>Geometry of an exFAT volume (Microsoft, "exFAT file system specification", section 3).</summary>
/// <param name="Fat">The bytes of the FAT.</param>
/// <param name="Heap">The bytes of the clusters.</param>
/// <param name="ClusterBytes">Length of a cluster.</param>
/// <param name="RootCluster">First cluster of the root folder.</param>
internal sealed record ExfatBootSector(ByteRange Fat, ByteRange Heap, int ClusterBytes, uint RootCluster)
{
    internal const uint FirstCluster = 2;
    private const int Dirty = 2, MediaFailure = 4;
    private const int BootSectors = 11;

    internal long Clusters => Heap.Length / ClusterBytes;

    /// <summary>Reads the boot region and refuses what is not clean.</summary>
    /// <exception cref="UnprovenMapException">Dirty, damaged, TexFAT, or numbers that contradict each other.</exception>
    internal static ExfatBootSector ReadClean(PartitionReader reader)
    {
        var sector = reader.Read(0, 512);
        int sectorShift = sector[108], clusterShift = sector[109];
        if (!sector.AsSpan(3, 8).SequenceEqual("EXFAT   "u8) || sectorShift is < 9 or > 12 || clusterShift > 25 - sectorShift) throw Impossible();
        if (sector[105] != 1) throw new UnprovenMapException("the exFAT file system is of a version that is not known here");
        CheckSum(reader, 1 << sectorShift);
        var flags = U16(sector, 106);
        if ((flags & Dirty) != 0) throw new UnprovenMapException("the exFAT file system was not unmounted cleanly");
        if ((flags & MediaFailure) != 0) throw new UnprovenMapException("the exFAT file system has met disk errors");
        // With a second FAT and bitmap (TexFAT) either pair may be the valid one.
        if (sector[110] != 1 || (flags & 1) != 0) throw new UnprovenMapException("the exFAT file system keeps two allocation tables (TexFAT)");

        long clusters = U32(sector, 92);
        var fat = new ByteRange((long)U32(sector, 80) << sectorShift, (long)U32(sector, 84) << sectorShift);
        var heap = new ByteRange((long)U32(sector, 88) << sectorShift, clusters << (sectorShift + clusterShift));
        var volumeSectors = BinaryPrimitives.ReadUInt64LittleEndian(sector.AsSpan(72));
        if (volumeSectors > (ulong)(reader.Length >> sectorShift)) throw new UnprovenMapException("the exFAT file system is larger than its partition");
        if (clusters is 0 or > 0xFFFFFFF5 || fat.Start < (24L << sectorShift) || fat.Length < (clusters + FirstCluster) * 4 || fat.End > heap.Start || heap.End > reader.Length)
            throw Impossible();
        return new ExfatBootSector(fat, heap, 1 << (sectorShift + clusterShift), U32(sector, 96));
    }

    /// <summary>The bytes of a cluster.</summary>
    /// <exception cref="UnprovenMapException">There is no such cluster.</exception>
    internal ByteRange BytesOf(uint cluster) =>
        cluster >= FirstCluster && cluster - FirstCluster < Clusters
            ? new ByteRange(Heap.Start + (cluster - FirstCluster) * (long)ClusterBytes, ClusterBytes)
            : throw UnprovenMapException.Tables("a cluster number out of range");

    // Section 3.4: the twelfth sector repeats a sum over the first eleven, without the bytes that change in use (VolumeFlags, PercentInUse).
    private static void CheckSum(PartitionReader reader, int sectorBytes)
    {
        var region = reader.Read(0, (BootSectors + 1) * sectorBytes);
        var sum = 0u;
        for (var i = 0; i < BootSectors * sectorBytes; i++)
            if (i is not (106 or 107 or 112)) sum = unchecked(((sum << 31) | (sum >> 1)) + region[i]);
        for (var i = BootSectors * sectorBytes; i < region.Length; i += 4)
            if (U32(region, i) != sum) throw UnprovenMapException.Tables("checksum of the exFAT boot region");
    }

    private static UnprovenMapException Impossible() => UnprovenMapException.Tables("impossible numbers in the exFAT boot sector");

    private static ushort U16(byte[] sector, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(sector.AsSpan(offset));

    private static uint U32(byte[] sector, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(offset));
}
