// How far the last partition may grow, and when it may not.
using System.Buffers.Binary;
using BootConsole.Core;
using BootConsole.Disks.Tables;

namespace BootConsole.Disks.Tests.Tables;

public sealed class PartitionGrowthTests
{
    private const long MiB = 1 << 20, TiB = 1L << 40;

    [Theory]
    [InlineData(512, 100 * MiB, 100 * MiB)]
    [InlineData(512, 100 * MiB + 512, 100 * MiB)]
    [InlineData(512, 2 * TiB, 2 * TiB)]
    [InlineData(512, 5 * TiB, 2 * TiB)]
    [InlineData(4096, 5 * TiB, 5 * TiB)]
    [InlineData(4096, 20 * TiB, 16 * TiB)]
    public void On_an_MBR_it_ends_at_the_last_MiB_or_where_sector_numbers_end(int sectorBytes, long targetBytes, long end)
    {
        var layout = Mbr(sectorBytes, new Partition(1, new ByteRange(MiB, 4 * MiB), "83"), new Partition(3, new ByteRange(8 * MiB, 4 * MiB), "83"));
        var growth = PartitionGrowth.Plan(layout, new byte[512], targetBytes, number => number == 3 ? "ext4" : "");
        Assert.Equal((3, ByteRange.FromEnds(8 * MiB, end), false), (growth.Partition.Number, growth.Grown, growth.IsNtfs));
        var written = GptRebuild.For(layout, new byte[sectorBytes], 12 * MiB, targetBytes, new TableChanges { Growth = growth });
        var entry = Assert.Single(written).Bytes.Span.Slice(446 + 2 * 16, 16);
        Assert.Equal(growth.Grown.Length / sectorBytes, BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]));
    }

    [Fact]
    public void What_cannot_grow_is_refused_with_the_reason()
    {
        var one = new Partition(1, new ByteRange(MiB, 4 * MiB), "83");
        Refused("no partition table", new DiskLayout(TableKind.None, 512, []), "ext4");
        Refused("no partition table", Mbr(512, one) with { IsConsistent = false }, "ext4");
        Refused("no partition", Mbr(512), "ext4");
        Refused("logical", Mbr(512, one, new Partition(5, new ByteRange(8 * MiB, MiB), "83")), "ext4");
        Refused("an extended partition ends behind", Mbr(512, one) with { OccupiedEnd = 9 * MiB }, "ext4");
        Refused("no file system that can be grown", Mbr(512, one), "");
        Refused("no file system that can be grown", Mbr(512, one), "xfs");
        Refused("no file system that can be grown", Mbr(512, one), "BitLocker");
        Refused("no room", Mbr(512, new Partition(1, new ByteRange(MiB, 99 * MiB - 512), "83")), "ntfs", 100 * MiB - 512);
        Assert.True(PartitionGrowth.Plan(Mbr(512, one), new byte[512], 100 * MiB, _ => "ntfs").IsNtfs);

        static void Refused(string why, DiskLayout layout, string fileSystem, long targetBytes = 100 * MiB) =>
            Assert.Contains(why, Assert.Throws<RefusedFault>(() => PartitionGrowth.Plan(layout, new byte[512], targetBytes, _ => fileSystem)).Message, StringComparison.Ordinal);
    }

    private static DiskLayout Mbr(int sectorBytes, params Partition[] partitions) =>
        new(TableKind.Mbr, sectorBytes, partitions) { OccupiedEnd = partitions.Select(partition => partition.Range.End).DefaultIfEmpty().Max() };
}
