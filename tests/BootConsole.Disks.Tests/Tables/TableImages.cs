// Disk images with the tables that the tests of this folder begin with.
using System.Globalization;
using System.Text.RegularExpressions;
using BootConsole.Disks.Access;
using BootConsole.Disks.Tables;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Tables;

/// <summary>Image files in a folder of their own, and ways to harm them.</summary>
internal sealed class TableImages : IDisposable
{
    internal const int MiB = 1 << 20;
    private readonly TempFolder _folder = new();

    internal string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();

    internal static DiskLayout Read(string image)
    {
        using var disk = OpenDisk.ForReading(ImageFileProbe.Describe(image));
        return PartitionTables.Read(disk);
    }

    internal string GptImage()
    {
        var image = PartitionedImage.Sparse(_folder["gpt.img"], 100 * MiB);
        PartitionedImage.Sfdisk(image, "label: gpt\nfirst-lba: 34\nstart=2048,size=2048,name=one\nstart=8192,size=100000\nstart=120000,size=30000,name=three\n");
        return image;
    }

    internal string MbrImage(params string[] lines)
    {
        var image = PartitionedImage.Sparse(_folder["mbr.img"], 64 * MiB);
        // sfdisk refuses tables that overlap, so each entry is written where it belongs.
        PartitionedImage.Sfdisk(image, "label: dos\n");
        for (var i = 0; i < lines.Length; i++)
        {
            var numbers = Regex.Matches(lines[i], @"\d+").Select(match => uint.Parse(match.Value, CultureInfo.InvariantCulture)).ToArray();
            Patch(image, 446 + 16 * i, [0, 0, 0, 0, 0x83, 0, 0, 0, .. BitConverter.GetBytes(numbers[0]), .. BitConverter.GetBytes(numbers[1])]);
        }

        return image;
    }

    internal string ExtendedImage(out long[] records)
    {
        var image = PartitionedImage.Sparse(_folder["extended.img"], 64 * MiB);
        PartitionedImage.Sfdisk(image, """
            label: dos
            start=2048,size=1000,type=83
            start=4096,size=100000,type=5
            start=6144,size=1000,type=83
            start=10240,size=1000,type=82
            start=20480,size=1000,type=7
            """);
        SfdiskTable.Read(image)!.AssertSame(Read(image));
        records = [.. Read(image).TableBytes.Ranges.Select(range => range.Start).Where(start => start > 0)];
        return image;
    }

    internal static void Damage(string image, long position)
    {
        using var stream = new FileStream(image, FileMode.Open);
        stream.Position = position;
        var value = stream.ReadByte();
        stream.Position = position;
        stream.WriteByte((byte)(value ^ 0x40));
    }

    internal static void Patch(string image, long position, byte[] bytes)
    {
        using var stream = new FileStream(image, FileMode.Open);
        stream.Position = position;
        stream.Write(bytes);
    }
}
