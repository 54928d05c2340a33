// Partition tables that are damaged or lie: used where a whole copy is left, else distrusted.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Disks.Tables;
using BootConsole.TestKit;
using static BootConsole.Disks.Tests.Tables.TableImages;

namespace BootConsole.Disks.Tests.Tables;

public sealed class DamagedTablesTests : IDisposable
{
    private readonly TableImages _images = new();

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(512 + 20)]
    [InlineData(512 + 56)]
    [InlineData(1024 + 33)]
    [InlineData(1024 + 127 * 128)]
    public void A_damaged_primary_GPT_is_replaced_by_the_backup(int damagedByte)
    {
        var image = _images.GptImage();
        var whole = Read(image);
        Damage(image, damagedByte);
        var layout = Read(image);
        Assert.Equal(["The primary GPT is damaged; the backup GPT was used."], layout.Notes);
        Assert.Equal(whole.Partitions, layout.Partitions);
        Assert.Equal(whole.DiskId, layout.DiskId);
        SfdiskTable.Read(image)!.AssertSame(layout);
    }

    [Fact]
    public void A_damaged_backup_GPT_is_noted()
    {
        var image = _images.GptImage();
        var whole = Read(image);
        Damage(image, 100 * MiB - 512 + 16);
        var layout = Read(image);
        Assert.Equal(["The backup GPT is missing or damaged."], layout.Notes);
        Assert.Equal(whole.Partitions, layout.Partitions);
    }

    [Fact]
    public void A_GPT_of_a_disk_that_grew_has_its_backup_elsewhere()
    {
        var image = _images.GptImage();
        var whole = Read(image);
        using (var stream = new FileStream(image, FileMode.Open)) stream.SetLength(150 * MiB);
        var layout = Read(image);
        Assert.Equal(["The backup GPT is not at the end of the disk."], layout.Notes);
        Assert.Equal(whole.Partitions, layout.Partitions);
        Assert.True(layout.TableBytes.Contains(new ByteRange(100 * MiB - 33 * 512, 33 * 512)));

        Damage(image, 1024 + 33);
        Assert.Equal(whole.Partitions, Read(image).Partitions);
    }

    [Fact]
    public void The_copies_of_a_GPT_that_differ_are_noted()
    {
        var image = _images.GptImage();
        var old = File.ReadAllBytes(image);
        PartitionedImage.Sgdisk(image, "--delete=2");
        using (var stream = new FileStream(image, FileMode.Open))
        {
            stream.Position = 100 * MiB - 33 * 512;
            stream.Write(old.AsSpan(100 * MiB - 33 * 512));
        }

        Assert.Equal(["The primary and the backup GPT differ; the primary was used."], Read(image).Notes);
        Assert.Equal(2, Read(image).Partitions.Count);
    }

    [Fact]
    public void A_GPT_damaged_twice_makes_the_whole_disk_data()
    {
        var image = _images.GptImage();
        Damage(image, 512 + 20);
        Damage(image, 100 * MiB - 512 + 16);
        AssertNoTable(image, "Both copies of the GPT are missing or damaged");
    }

    [Fact]
    public void A_GPT_cut_short_with_its_disk_makes_the_whole_disk_data()
    {
        var image = _images.GptImage();
        using (var stream = new FileStream(image, FileMode.Open)) stream.SetLength(60 * MiB);
        AssertNoTable(image, "Both copies of the GPT are missing or damaged");
    }

    [Fact]
    public void A_GPT_without_its_protective_MBR_is_not_believed()
    {
        var image = _images.GptImage();
        Damage(image, 510);
        Assert.Null(SfdiskTable.Read(image));
        AssertNoTable(image, "without the protective MBR");
    }

    [Fact]
    public async Task A_GPT_of_another_sector_size_is_named_as_such()
    {
        using var loop = LoopDisk.Create(_images["disk.img"], 64 * MiB, sectorBytes: 4096);
        PartitionedImage.Sfdisk(loop.BackingFile, "label: gpt\nstart=2048,size=4096\n");
        using var disk = OpenDisk.ForReading(await Devices.DescribeAsync(loop));
        var layout = PartitionTables.Read(disk);
        Assert.Equal(TableKind.None, layout.Kind);
        Assert.Contains("another sector size", Assert.Single(layout.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Partitions_that_overlap_make_the_whole_disk_data()
    {
        var image = _images.MbrImage("start=2048,size=4096,type=83", "start=4096,size=8192,type=83");
        var layout = Read(image);
        Assert.False(layout.IsConsistent);
        Assert.Empty(layout.Partitions);
        Assert.Contains("Partitions 1 and 2 overlap.", Assert.Single(layout.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_partition_behind_the_end_of_the_disk_makes_the_whole_disk_data()
    {
        var image = _images.MbrImage("start=2048,size=4096,type=83", "start=8192,size=100000,type=83");
        using (var stream = new FileStream(image, FileMode.Open)) stream.SetLength(16 * MiB);
        var layout = Read(image);
        Assert.False(layout.IsConsistent);
        Assert.Contains("Partition 2 ends behind the end of the disk.", Assert.Single(layout.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_partition_from_the_first_sector_makes_the_whole_disk_data()
    {
        var image = PartitionedImage.Sparse(_images["disk.img"], 64 * MiB);
        SystemTool.Run("mkfs.vfat", "-F", "32", "--mbr=y", image);
        Assert.NotEqual(TableKind.Gpt, Read(image).Kind);
        Assert.Empty(Read(image).Partitions);

        Patch(image, 0, new byte[446]);
        var layout = Read(image);
        Assert.False(layout.IsConsistent);
        Assert.Contains("holds a part of the partition table", Assert.Single(layout.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_logical_partitions_that_runs_in_a_circle_ends()
    {
        var image = _images.ExtendedImage(out var records);
        // The last record links to the first: an offset of zero from the extended partition, with a length.
        Patch(image, records[^1] + 446 + 16, [0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
        AssertDistrusted(image, "circle");
    }

    [Fact]
    public void A_broken_chain_of_logical_partitions_makes_the_whole_disk_data()
    {
        var image = _images.ExtendedImage(out var records);
        Patch(image, records[1] + 510, [0]);
        AssertDistrusted(image, "broken");
    }

    [Fact]
    public void A_logical_partition_that_leaves_its_container_makes_the_whole_disk_data()
    {
        var image = _images.ExtendedImage(out var records);
        Patch(image, records[1] + 446 + 12, [0, 0, 0, 1]);
        AssertDistrusted(image, "leaves the extended partition");
    }

    [Fact]
    public void An_unreadable_first_sector_or_primary_GPT_is_damage_not_a_fault()
    {
        var bytes = File.ReadAllBytes(_images.GptImage());
        using var withoutFirst = new MemoryDisk(bytes) { Bad = RangeSet.Of(new ByteRange(0, 512)) };
        Assert.Contains("first sector is unreadable", Assert.Single(PartitionTables.Read(withoutFirst).Notes), StringComparison.Ordinal);
        using var withoutPrimary = new MemoryDisk(bytes) { Bad = RangeSet.Of(new ByteRange(512, 512)) };
        Assert.Equal(3, PartitionTables.Read(withoutPrimary).Partitions.Count);
        using var gone = new MemoryDisk(bytes) { Bad = RangeSet.Of(new ByteRange(0, 512)), Problem = DiskProblem.Gone };
        Assert.Throws<DiskFault>(() => PartitionTables.Read(gone));
    }

    private static void AssertNoTable(string image, string note)
    {
        var layout = Read(image);
        Assert.Equal(TableKind.None, layout.Kind);
        Assert.Empty(layout.Partitions);
        Assert.Contains(note, Assert.Single(layout.Notes), StringComparison.Ordinal);
    }

    private static void AssertDistrusted(string image, string note)
    {
        var layout = Read(image);
        Assert.False(layout.IsConsistent);
        Assert.Empty(layout.Partitions);
        Assert.Contains(note, Assert.Single(layout.Notes), StringComparison.Ordinal);
    }
}
