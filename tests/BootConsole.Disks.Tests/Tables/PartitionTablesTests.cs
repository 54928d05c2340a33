// Our reading of partition tables against that of sfdisk and sgdisk.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Disks.Tables;
using BootConsole.TestKit;
using static BootConsole.Disks.Tests.Tables.TableImages;

namespace BootConsole.Disks.Tests.Tables;

public sealed class PartitionTablesTests : IDisposable
{
    private readonly TableImages _images = new();

    public void Dispose() => _images.Dispose();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 24)];

    public static TheoryData<int> FewSeeds => [.. Enumerable.Range(101, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_GPT_reads_as_sfdisk_reads_it(int seed)
    {
        var image = PartitionedImage.Sparse(_images["disk.img"], 200L * MiB);
        PartitionedImage.Sfdisk(image, RandomTables.Gpt(seed, 200L * MiB / 512));
        var layout = Read(image);
        Assert.Empty(layout.Notes);
        SfdiskTable.Read(image)!.AssertSame(layout);
        AssertAsSgdiskPrints(image, layout);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_MBR_reads_as_sfdisk_reads_it(int seed)
    {
        var image = PartitionedImage.Sparse(_images["disk.img"], 300L * MiB);
        PartitionedImage.Sfdisk(image, RandomTables.Mbr(seed, 300L * MiB / 512));
        SfdiskTable.Read(image)!.AssertSame(Read(image));
    }

    [Theory]
    [MemberData(nameof(FewSeeds))]
    public async Task Tables_of_4096_byte_sectors_read_as_sfdisk_reads_them(int seed)
    {
        using var loop = LoopDisk.Create(_images["disk.img"], 800L * MiB, sectorBytes: 4096);
        PartitionedImage.Sfdisk(loop.Path, seed % 2 == 0 ? RandomTables.Gpt(seed, 800L * MiB / 4096) : RandomTables.Mbr(seed, 800L * MiB / 4096));
        using var disk = OpenDisk.ForReading(await Devices.DescribeAsync(loop));
        SfdiskTable.Read(loop.Path)!.AssertSame(PartitionTables.Read(disk));
    }

    [Fact]
    public async Task The_sector_size_of_an_image_file_is_found_by_its_GPT()
    {
        foreach (var sectorBytes in new[] { 512, 1024, 2048, 4096 })
        {
            using var loop = LoopDisk.Create(_images[$"{sectorBytes}.img"], 64 * MiB, sectorBytes);
            PartitionedImage.Sfdisk(loop.Path, "label: gpt\nstart=2048,size=4096\n");
            Assert.Equal(sectorBytes, ImageFileProbe.Describe(loop.BackingFile).SectorBytes);
            using var device = OpenDisk.ForReading(await Devices.DescribeAsync(loop));
            Assert.Equal(PartitionTables.Read(device).Partitions, Read(loop.BackingFile).Partitions);

            Damage(loop.BackingFile, sectorBytes + 8);
            Assert.Equal(sectorBytes, ImageFileProbe.Describe(loop.BackingFile).SectorBytes);
        }

        Assert.Equal(512, ImageFileProbe.Describe(PartitionedImage.Sparse(_images["empty.img"], MiB)).SectorBytes);
        Assert.Equal(4096, ImageFileProbe.Describe(_images["empty.img"], 4096).SectorBytes);
    }

    [Fact]
    public void Large_and_moved_entry_arrays_are_read()
    {
        var image = _images.GptImage();
        PartitionedImage.Sgdisk(image, "--resize-table=512");
        PartitionedImage.Sgdisk(image, "--move-main-table=200");
        var layout = Read(image);
        SfdiskTable.Read(image)!.AssertSame(layout);
        Assert.Equal(512, layout.Gpt!.Header.EntryCount);
        Assert.True(layout.TableBytes.Contains(new ByteRange(200 * 512, 512 * 128)));
        Assert.True(layout.TableBytes.Contains(new ByteRange(100L * MiB - 512 - 512 * 128, 512 * 128 + 512)));
    }

    [Fact]
    public void A_hybrid_MBR_gives_way_to_the_GPT_with_a_note()
    {
        var image = _images.GptImage();
        // Type EE stays first in the MBR: the only order that sfdisk takes for a GPT.
        PartitionedImage.Sgdisk(image, "--hybrid=1:2");
        var layout = Read(image);
        Assert.Equal(TableKind.Gpt, layout.Kind);
        Assert.Equal(3, layout.Partitions.Count);
        Assert.Contains("hybrid", Assert.Single(layout.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void The_records_of_logical_partitions_are_table_bytes_and_the_container_counts_as_occupied()
    {
        var image = _images.ExtendedImage(out var records);
        var layout = Read(image);
        Assert.Equal(records.Prepend(0).Select(record => new ByteRange(record, 512)), layout.TableBytes.Ranges);
        Assert.Equal((4096 + 100_000) * 512L, layout.OccupiedEnd);
        Assert.Equal([1, 5, 6, 7], layout.Partitions.Select(partition => partition.Number));
    }

    [Theory]
    [InlineData(8, "vfat", "mkfs.vfat", "-F", "12")]
    [InlineData(320, "vfat", "mkfs.vfat", "-F", "16")]
    [InlineData(320, "vfat", "mkfs.vfat", "-F", "32")]
    [InlineData(320, "vfat", "mkfs.vfat", "-S", "4096")]
    [InlineData(320, "ntfs", "mkfs.ntfs", "-F", "-Q")]
    [InlineData(320, "exfat", "mkfs.exfat")]
    [InlineData(320, "ext4", "mkfs.ext4", "-q")]
    [InlineData(320, "xfs", "mkfs.xfs", "-q")]
    [InlineData(320, "btrfs", "mkfs.btrfs", "-q")]
    [InlineData(320, "swap", "mkswap")]
    public void A_file_system_on_the_whole_disk_is_no_partition_table(int mebibytes, string type, string program, params string[] arguments)
    {
        var image = PartitionedImage.Sparse(_images["disk.img"], (long)mebibytes * MiB);
        SystemTool.Run(program, [.. arguments, image]);
        Assert.Equal(type, SystemTool.Run("blkid", "-p", "-o", "value", "-s", "TYPE", image).Trim());
        var layout = Read(image);
        Assert.Equal(TableKind.None, layout.Kind);
        Assert.Empty(layout.Notes);
        Assert.Equal(new ByteRange(0, (long)mebibytes * MiB), layout.Usable);
    }

    [Fact]
    public void An_empty_disk_an_empty_MBR_and_a_tiny_disk_have_no_table()
    {
        Assert.Equal(TableKind.None, Read(PartitionedImage.Sparse(_images["empty.img"], MiB)).Kind);
        Assert.Equal(TableKind.None, Read(PartitionedImage.Sparse(_images["tiny.img"], 512)).Kind);
        var withoutPartitions = Read(_images.MbrImage());
        Assert.Equal(TableKind.None, withoutPartitions.Kind);
        Assert.Equal(["The MBR lists no partitions; the whole disk is saved."], withoutPartitions.Notes);
    }

    [Fact]
    public void The_ends_of_a_disk_are_enough_to_read_its_GPT()
    {
        var image = _images.GptImage();
        var bytes = File.ReadAllBytes(image);
        var info = ImageFileProbe.Describe(image);
        using var ends = new DiskEnds(info, bytes.AsMemory(0, MiB), bytes.AsMemory(bytes.Length - MiB));
        Assert.Equal(Read(image).Partitions, PartitionTables.Read(ends).Partitions);
        Damage(image, 512 + 20);
        using var damaged = new DiskEnds(info, File.ReadAllBytes(image).AsMemory(0, MiB), bytes.AsMemory(bytes.Length - MiB));
        Assert.Equal(Read(image).Partitions, PartitionTables.Read(damaged).Partitions);
        Assert.Throws<DiskFault>(() => ends.Read(2 * MiB, new byte[512]));
    }

    [Fact]
    public void Control_characters_in_partition_names_reach_no_terminal()
    {
        var bytes = File.ReadAllBytes(_images.GptImage());
        // Written as UTF-16 with an escape sequence and half a surrogate pair, then both checksums made right again.
        Encoding.Unicode.GetBytes("\u001b[2Jboo").CopyTo(bytes.AsSpan(1024 + 56));
        (bytes[1024 + 56 + 14], bytes[1024 + 56 + 15]) = (0x00, 0xD8);
        (bytes[1024 + 56 + 16], bytes[1024 + 56 + 17]) = (0x00, 0x00);
        GptBytes.FixChecksums(bytes, 512);
        using var disk = new MemoryDisk(bytes);
        Assert.Equal("\uFFFD[2Jboo\uFFFD", PartitionTables.Read(disk).Partitions[0].Name);
    }

    // "   1            2048            4095   1024.0 KiB  8300  name"
    private static void AssertAsSgdiskPrints(string image, DiskLayout layout)
    {
        var lines = Regex.Matches(SystemTool.Run("sgdisk", "--print", image), @"^ +(\d+) +(\d+) +(\d+) ", RegexOptions.Multiline);
        var printed = lines.Select(line => (Number(line, 1), Number(line, 2) * 512, (Number(line, 3) + 1) * 512)).Order();
        Assert.Equal(printed, layout.Partitions.Select(partition => ((long)partition.Number, partition.Range.Start, partition.Range.End)).Order());

        static long Number(Match line, int group) => long.Parse(line.Groups[group].Value, CultureInfo.InvariantCulture);
    }
}
