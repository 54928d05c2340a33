// Our reading of partition tables against that of sfdisk and sgdisk.
using System.Globalization;
using System.Text.RegularExpressions;
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Disks.Tables;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Tables;

public sealed class PartitionTablesTests : IDisposable
{
    private const int MiB = 1 << 20;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 24)];

    public static TheoryData<int> FewSeeds => [.. Enumerable.Range(101, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_GPT_reads_as_sfdisk_reads_it(int seed)
    {
        var image = PartitionedImage.Sparse(_folder["disk.img"], 200L * MiB);
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
        var image = PartitionedImage.Sparse(_folder["disk.img"], 300L * MiB);
        PartitionedImage.Sfdisk(image, RandomTables.Mbr(seed, 300L * MiB / 512));
        SfdiskTable.Read(image)!.AssertSame(Read(image));
    }

    [Theory]
    [MemberData(nameof(FewSeeds))]
    public async Task Tables_of_4096_byte_sectors_read_as_sfdisk_reads_them(int seed)
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 800L * MiB, sectorBytes: 4096);
        PartitionedImage.Sfdisk(loop.Path, seed % 2 == 0 ? RandomTables.Gpt(seed, 800L * MiB / 4096) : RandomTables.Mbr(seed, 800L * MiB / 4096));
        using var disk = OpenDisk.ForReading(await Devices.DescribeAsync(loop));
        SfdiskTable.Read(loop.Path)!.AssertSame(PartitionTables.Read(disk));
    }

    [Fact]
    public async Task The_sector_size_of_an_image_file_is_found_by_its_GPT()
    {
        foreach (var sectorBytes in new[] { 512, 1024, 2048, 4096 })
        {
            using var loop = LoopDisk.Create(_folder[$"{sectorBytes}.img"], 64 * MiB, sectorBytes);
            PartitionedImage.Sfdisk(loop.Path, "label: gpt\nstart=2048,size=4096\n");
            Assert.Equal(sectorBytes, ImageFileProbe.Describe(loop.BackingFile).SectorBytes);
            using var device = OpenDisk.ForReading(await Devices.DescribeAsync(loop));
            Assert.Equal(PartitionTables.Read(device).Partitions, Read(loop.BackingFile).Partitions);

            Damage(loop.BackingFile, sectorBytes + 8);
            Assert.Equal(sectorBytes, ImageFileProbe.Describe(loop.BackingFile).SectorBytes);
        }

        Assert.Equal(512, ImageFileProbe.Describe(PartitionedImage.Sparse(_folder["empty.img"], MiB)).SectorBytes);
        Assert.Equal(4096, ImageFileProbe.Describe(_folder["empty.img"], 4096).SectorBytes);
    }

    [Theory]
    [InlineData(512 + 20)]
    [InlineData(512 + 56)]
    [InlineData(1024 + 33)]
    [InlineData(1024 + 127 * 128)]
    public void A_damaged_primary_GPT_is_replaced_by_the_backup(int damagedByte)
    {
        var image = GptImage();
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
        var image = GptImage();
        var whole = Read(image);
        Damage(image, 100 * MiB - 512 + 16);
        var layout = Read(image);
        Assert.Equal(["The backup GPT is missing or damaged."], layout.Notes);
        Assert.Equal(whole.Partitions, layout.Partitions);
    }

    [Fact]
    public void A_GPT_of_a_disk_that_grew_has_its_backup_elsewhere()
    {
        var image = GptImage();
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
        var image = GptImage();
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
        var image = GptImage();
        Damage(image, 512 + 20);
        Damage(image, 100 * MiB - 512 + 16);
        AssertNoTable(image, "Both copies of the GPT are missing or damaged");
    }

    [Fact]
    public void A_GPT_cut_short_with_its_disk_makes_the_whole_disk_data()
    {
        var image = GptImage();
        using (var stream = new FileStream(image, FileMode.Open)) stream.SetLength(60 * MiB);
        AssertNoTable(image, "Both copies of the GPT are missing or damaged");
    }

    [Fact]
    public void A_GPT_without_its_protective_MBR_is_not_believed()
    {
        var image = GptImage();
        Damage(image, 510);
        Assert.Null(SfdiskTable.Read(image));
        AssertNoTable(image, "without the protective MBR");
    }

    [Fact]
    public async Task A_GPT_of_another_sector_size_is_named_as_such()
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 64 * MiB, sectorBytes: 4096);
        PartitionedImage.Sfdisk(loop.BackingFile, "label: gpt\nstart=2048,size=4096\n");
        using var disk = OpenDisk.ForReading(await Devices.DescribeAsync(loop));
        var layout = PartitionTables.Read(disk);
        Assert.Equal(TableKind.None, layout.Kind);
        Assert.Contains("another sector size", Assert.Single(layout.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Large_and_moved_entry_arrays_are_read()
    {
        var image = GptImage();
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
        var image = GptImage();
        // Type EE stays first in the MBR: the only order that sfdisk takes for a GPT.
        PartitionedImage.Sgdisk(image, "--hybrid=1:2");
        var layout = Read(image);
        Assert.Equal(TableKind.Gpt, layout.Kind);
        Assert.Equal(3, layout.Partitions.Count);
        Assert.Contains("hybrid", Assert.Single(layout.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Partitions_that_overlap_make_the_whole_disk_data()
    {
        var image = MbrImage("start=2048,size=4096,type=83", "start=4096,size=8192,type=83");
        var layout = Read(image);
        Assert.False(layout.IsConsistent);
        Assert.Empty(layout.Partitions);
        Assert.Contains("Partitions 1 and 2 overlap.", Assert.Single(layout.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_partition_behind_the_end_of_the_disk_makes_the_whole_disk_data()
    {
        var image = MbrImage("start=2048,size=4096,type=83", "start=8192,size=100000,type=83");
        using (var stream = new FileStream(image, FileMode.Open)) stream.SetLength(16 * MiB);
        var layout = Read(image);
        Assert.False(layout.IsConsistent);
        Assert.Contains("Partition 2 ends behind the end of the disk.", Assert.Single(layout.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_partition_from_the_first_sector_makes_the_whole_disk_data()
    {
        var image = PartitionedImage.Sparse(_folder["disk.img"], 64 * MiB);
        DiskTool.Run("mkfs.vfat", "-F", "32", "--mbr=y", image);
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
        var image = ExtendedImage(out var records);
        // The last record links to the first: an offset of zero from the extended partition, with a length.
        Patch(image, records[^1] + 446 + 16, [0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
        AssertDistrusted(image, "circle");
    }

    [Fact]
    public void A_broken_chain_of_logical_partitions_makes_the_whole_disk_data()
    {
        var image = ExtendedImage(out var records);
        Patch(image, records[1] + 510, [0]);
        AssertDistrusted(image, "broken");
    }

    [Fact]
    public void A_logical_partition_that_leaves_its_container_makes_the_whole_disk_data()
    {
        var image = ExtendedImage(out var records);
        Patch(image, records[1] + 446 + 12, [0, 0, 0, 1]);
        AssertDistrusted(image, "leaves the extended partition");
    }

    [Fact]
    public void The_records_of_logical_partitions_are_table_bytes_and_the_container_counts_as_occupied()
    {
        var image = ExtendedImage(out var records);
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
        var image = PartitionedImage.Sparse(_folder["disk.img"], (long)mebibytes * MiB);
        DiskTool.Run(program, [.. arguments, image]);
        Assert.Equal(type, DiskTool.Run("blkid", "-p", "-o", "value", "-s", "TYPE", image).Trim());
        var layout = Read(image);
        Assert.Equal(TableKind.None, layout.Kind);
        Assert.Empty(layout.Notes);
        Assert.Equal(new ByteRange(0, (long)mebibytes * MiB), layout.Usable);
    }

    [Fact]
    public void An_empty_disk_an_empty_MBR_and_a_tiny_disk_have_no_table()
    {
        Assert.Equal(TableKind.None, Read(PartitionedImage.Sparse(_folder["empty.img"], MiB)).Kind);
        Assert.Equal(TableKind.None, Read(PartitionedImage.Sparse(_folder["tiny.img"], 512)).Kind);
        AssertNoTable(MbrImage(), "lists no partitions");
    }

    [Fact]
    public void An_unreadable_first_sector_or_primary_GPT_is_damage_not_a_fault()
    {
        var bytes = File.ReadAllBytes(GptImage());
        using var withoutFirst = new MemoryDisk(bytes) { Bad = RangeSet.Of(new ByteRange(0, 512)) };
        Assert.Contains("first sector is unreadable", Assert.Single(PartitionTables.Read(withoutFirst).Notes), StringComparison.Ordinal);
        using var withoutPrimary = new MemoryDisk(bytes) { Bad = RangeSet.Of(new ByteRange(512, 512)) };
        Assert.Equal(3, PartitionTables.Read(withoutPrimary).Partitions.Count);
        using var gone = new MemoryDisk(bytes) { Bad = RangeSet.Of(new ByteRange(0, 512)), Problem = DiskProblem.Gone };
        Assert.Throws<DiskFault>(() => PartitionTables.Read(gone));
    }

    [Fact]
    public void The_ends_of_a_disk_are_enough_to_read_its_GPT()
    {
        var image = GptImage();
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
        var bytes = File.ReadAllBytes(GptImage());
        // Written as UTF-16 with an escape sequence and half a surrogate pair, then both checksums made right again.
        System.Text.Encoding.Unicode.GetBytes("\u001b[2Jboo").CopyTo(bytes.AsSpan(1024 + 56));
        (bytes[1024 + 56 + 14], bytes[1024 + 56 + 15]) = (0x00, 0xD8);
        (bytes[1024 + 56 + 16], bytes[1024 + 56 + 17]) = (0x00, 0x00);
        GptBytes.FixChecksums(bytes, 512);
        using var disk = new MemoryDisk(bytes);
        Assert.Equal("\uFFFD[2Jboo\uFFFD", PartitionTables.Read(disk).Partitions[0].Name);
    }

    private static DiskLayout Read(string image)
    {
        using var disk = OpenDisk.ForReading(ImageFileProbe.Describe(image));
        return PartitionTables.Read(disk);
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

    // "   1            2048            4095   1024.0 KiB  8300  name"
    private static void AssertAsSgdiskPrints(string image, DiskLayout layout)
    {
        var lines = Regex.Matches(DiskTool.Run("sgdisk", "--print", image), @"^ +(\d+) +(\d+) +(\d+) ", RegexOptions.Multiline);
        var printed = lines.Select(line => (Number(line, 1), Number(line, 2) * 512, (Number(line, 3) + 1) * 512)).Order();
        Assert.Equal(printed, layout.Partitions.Select(partition => ((long)partition.Number, partition.Range.Start, partition.Range.End)).Order());

        static long Number(Match line, int group) => long.Parse(line.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private string GptImage()
    {
        var image = PartitionedImage.Sparse(_folder["gpt.img"], 100 * MiB);
        PartitionedImage.Sfdisk(image, "label: gpt\nfirst-lba: 34\nstart=2048,size=2048,name=one\nstart=8192,size=100000\nstart=120000,size=30000,name=three\n");
        return image;
    }

    private string MbrImage(params string[] lines)
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

    private string ExtendedImage(out long[] records)
    {
        var image = PartitionedImage.Sparse(_folder["extended.img"], 64 * MiB);
        PartitionedImage.Sfdisk(
            image, "label: dos\nstart=2048,size=1000,type=83\nstart=4096,size=100000,type=5\nstart=6144,size=1000,type=83\nstart=10240,size=1000,type=82\nstart=20480,size=1000,type=7\n");
        SfdiskTable.Read(image)!.AssertSame(Read(image));
        records = [.. Read(image).TableBytes.Ranges.Select(range => range.Start).Where(start => start > 0)];
        return image;
    }

    private static void Damage(string image, long position)
    {
        using var stream = new FileStream(image, FileMode.Open);
        stream.Position = position;
        var value = stream.ReadByte();
        stream.Position = position;
        stream.WriteByte((byte)(value ^ 0x40));
    }

    private static void Patch(string image, long position, byte[] bytes)
    {
        using var stream = new FileStream(image, FileMode.Open);
        stream.Position = position;
        stream.Write(bytes);
    }
}
