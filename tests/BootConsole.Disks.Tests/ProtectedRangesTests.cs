// The ends of a restore's target.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Disks.Tables;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests;

public sealed class ProtectedRangesTests : IDisposable
{
    private const long MiB = 1 << 20;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(512, 34 * 512, 33 * 512)]
    [InlineData(4096, 6 * 4096, 5 * 4096)]
    public void A_disk_has_its_MBR_and_both_GPTs_protected(int sectorBytes, long start, long end)
    {
        var ranges = ProtectedRanges.ForDisk(100 * MiB, sectorBytes);
        Assert.Equal(new ByteRange(0, start), ranges.Start);
        Assert.Equal(ByteRange.FromEnds(100 * MiB - end, 100 * MiB), ranges.End);
    }

    [Fact]
    public void Every_byte_of_any_GPT_lies_in_them()
    {
        var image = PartitionedImage.Sparse(_folder["disk.img"], 100 * MiB);
        PartitionedImage.Sfdisk(image, "label: gpt\nstart=2048,size=4096\n");
        foreach (var change in new[] { "--resize-table=128", "--resize-table=800", "--move-main-table=600" })
        {
            PartitionedImage.Sgdisk(image, change);
            using var disk = OpenDisk.ForReading(ImageFileProbe.Describe(image));
            var layout = PartitionTables.Read(disk);
            var ranges = ProtectedRanges.ForDisk(disk.Info.Length, 512, layout);
            Assert.True(layout.TableBytes.Except(RangeSet.Of(ranges.Start, ranges.End)).IsEmpty, change);
            Assert.DoesNotContain(layout.Partitions, partition => partition.Range.Overlaps(ranges.Start) || partition.Range.Overlaps(ranges.End));
        }
    }

    [Fact]
    public void The_larger_of_two_tables_counts()
    {
        var image = PartitionedImage.Sparse(_folder["disk.img"], 100 * MiB);
        PartitionedImage.Sfdisk(image, "label: gpt\nstart=2048,size=4096\n");
        PartitionedImage.Sgdisk(image, "--resize-table=800");
        using var disk = OpenDisk.ForReading(ImageFileProbe.Describe(image));
        var large = PartitionTables.Read(disk);
        var none = new DiskLayout(TableKind.None, 512, []);
        Assert.Equal(ProtectedRanges.ForDisk(100 * MiB, 512, large), ProtectedRanges.ForDisk(100 * MiB, 512, none, large));
        Assert.Equal(800 * 128 + 512, ProtectedRanges.ForDisk(100 * MiB, 512, none, large).End.Length);
    }

    [Fact]
    public void The_ends_of_a_small_disk_never_overlap()
    {
        for (var bytes = 512; bytes < 100 * 512; bytes += 512)
        {
            var ranges = ProtectedRanges.ForDisk(bytes, 512);
            Assert.False(ranges.Start.Overlaps(ranges.End));
            Assert.True(ranges.End.End == bytes && ranges.Start.End <= bytes);
        }
    }

    [Fact]
    public void A_partition_has_its_first_and_last_MiB_protected()
    {
        var ranges = ProtectedRanges.ForPartition(new ByteRange(10 * MiB, 5 * MiB));
        Assert.Equal(new ByteRange(10 * MiB, MiB), ranges.Start);
        Assert.Equal(new ByteRange(14 * MiB, MiB), ranges.End);
    }
}
