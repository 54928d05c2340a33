// The boot sector of NTFS.
using System.Buffers.Binary;

namespace BootConsole.Disks.UsedMaps;

/// <summary>Geometry of an NTFS volume (the layout as documented by the Linux-NTFS project and used by ntfs-3g, <c>layout.h</c>).</summary>
/// <param name="ClusterBytes">Length of a cluster, 512 bytes to 2 MiB.</param>
/// <param name="Clusters">Whole clusters of the volume; the backup boot sector lies behind the last one.</param>
/// <param name="MftCluster">First cluster of the master file table.</param>
/// <param name="RecordBytes">Length of a file record.</param>
internal sealed record NtfsBootSector(int ClusterBytes, long Clusters, long MftCluster, int RecordBytes)
{
    /// <summary>Bytes that whole clusters cover.</summary>
    internal long CoveredBytes => Clusters * ClusterBytes;

    /// <exception cref="UnprovenMapException">No NTFS boot sector, or impossible numbers.</exception>
    internal static NtfsBootSector Read(PartitionReader reader)
    {
        var sector = reader.Read(0, 512);
        var sectorBytes = BinaryPrimitives.ReadUInt16LittleEndian(sector.AsSpan(11));
        var sectors = BinaryPrimitives.ReadInt64LittleEndian(sector.AsSpan(40));
        if (!sector.AsSpan(3, 8).SequenceEqual("NTFS    "u8) || sectorBytes is < 256 or > 4096 || (sectorBytes & (sectorBytes - 1)) != 0 || sectors <= 0) throw Impossible();
        // Above 64 KiB the count of sectors does not fit and its negative logarithm stands there instead.
        var clusterSectors = sector[13] <= 128 ? sector[13] : sector[13] >= 244 ? 1 << (256 - sector[13]) : 0;
        if (clusterSectors == 0 || (clusterSectors & (clusterSectors - 1)) != 0) throw Impossible();
        var clusterBytes = clusterSectors * sectorBytes;
        var recordSize = unchecked((sbyte)sector[64]);
        var recordBytes = recordSize is > 0 and <= 16 ? recordSize * clusterBytes : recordSize is <= -9 and >= -16 ? 1 << -recordSize : 0;
        if (clusterBytes is < 512 or > 2 << 20 || recordBytes is < 512 or > 65536 || (recordBytes & (recordBytes - 1)) != 0) throw Impossible();
        if (sectors > reader.Length / sectorBytes) throw new UnprovenMapException("the NTFS volume is larger than its partition");
        var found = new NtfsBootSector(clusterBytes, sectors / clusterSectors, BinaryPrimitives.ReadInt64LittleEndian(sector.AsSpan(48)), recordBytes);
        return found.MftCluster > 0 && found.MftCluster < found.Clusters ? found : throw Impossible();
    }

    private static UnprovenMapException Impossible() => UnprovenMapException.Tables("impossible numbers in the NTFS boot sector");
}
