// Cuts into NTFS images: states that only Windows makes.
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

internal static class NtfsSurgery
{
    internal const int ClusterBytes = 4096;
    private const int LogPageBytes = 4096;

    internal static PartitionImage Made(long partitionBytes = 24 << 20, params string[] options)
    {
        var image = new PartitionImage(partitionBytes);
        image.Run("mkfs.ntfs", ["-q", "-F", "-f", .. options.Length > 0 ? options : ["-c", "4096"]]);
        return image;
    }

    /// <summary>First cluster and count of clusters of a system file's unnamed data.</summary>
    internal static (long Cluster, long Count) RunOf(this PartitionImage image, int record)
    {
        var words = image.Run("ntfsinfo", "-v", "-i", record.ToString(CultureInfo.InvariantCulture)).Split("Runlist:")[1].Split('\n')[1].Split('\t', StringSplitOptions.RemoveEmptyEntries);
        return (Convert.ToInt64(words[1], 16), Convert.ToInt64(words[2], 16));
    }

    /// <summary>Writes restart pages as Windows leaves them: open while it runs or sleeps, closed after a shutdown.</summary>
    internal static void WriteLog(this PartitionImage image, bool isClosed)
    {
        const int Area = 48, Client = 48, ClientBytes = 160;
        var (cluster, count) = image.RunOf(2);
        var fileBytes = count * ClusterBytes;
        var page = new byte[LogPageBytes];
        void U16(int offset, int value) => BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(offset), (ushort)value);
        void U32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(offset), value);
        "RSTR"u8.CopyTo(page);
        U16(4, 30);
        U16(6, 1 + LogPageBytes / 512);
        U32(16, LogPageBytes);
        U32(20, LogPageBytes);
        U16(24, Area);
        U16(26, 1);
        U16(28, 1);
        U32(Area, 0x1000);
        U16(Area + 8, 1);
        U16(Area + 10, 0xFFFF);
        U16(Area + 12, isClosed ? 0xFFFF : 0);
        U16(Area + 14, isClosed ? 2 : 0);
        U32(Area + 16, (uint)(67 - (64 - (int)long.LeadingZeroCount(fileBytes))));
        U16(Area + 20, Client + ClientBytes);
        U16(Area + 22, Client);
        U32(Area + 24, (uint)fileBytes);
        U16(Area + 36, 48);
        U16(Area + 38, 64);
        U32(Area + Client, 0x1000);
        U32(Area + Client + 8, 0x1000);
        U16(Area + Client + 16, 0xFFFF);
        U16(Area + Client + 18, 0xFFFF);
        U32(Area + Client + 28, 8);
        Encoding.Unicode.GetBytes("NTFS").CopyTo(page, Area + Client + 32);
        U16(30, 1);
        for (var end = 512; end <= LogPageBytes; end += 512)
        {
            page.AsSpan(end - 2, 2).CopyTo(page.AsSpan(30 + end / 256));
            U16(end - 2, 1);
        }

        image.Write(cluster * ClusterBytes, page);
        image.Write(cluster * ClusterBytes + LogPageBytes, page);
    }

    /// <summary>Makes $Bitmap call a cluster free.</summary>
    internal static void CallFree(this PartitionImage image, long cluster)
    {
        var position = image.RunOf(6).Cluster * ClusterBytes + cluster / 8;
        var bits = image.Read(position, 1);
        bits[0] &= unchecked((byte)~(1 << (int)(cluster % 8)));
        image.Write(position, bits);
    }
}
