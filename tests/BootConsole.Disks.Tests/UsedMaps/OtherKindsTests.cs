// Swap, and everything that has no used map: what it is and why it is saved whole.
using System.Text;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class OtherKindsTests
{
    [Theory]
    [InlineData(4096)]
    [InlineData(16384)]
    [InlineData(65536)]
    public void Of_swap_only_the_header_is_kept(int pageBytes)
    {
        using var image = MadeSwap(pageBytes);
        var map = image.Map();
        Assert.Equal(("swap", "swap header", "", "swappy"), (map.FileSystem, map.Method, map.Note, map.Label));
        Assert.Equal([new ByteRange(0, pageBytes)], map.Used.Ranges);
        image.DestroyAllBut(map.Used);
        Assert.Contains($"UUID=\"{map.Uuid}\"", image.Run("blkid", "-p"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("S1SUSPEND\0")]
    [InlineData("S2SUSPEND\0")]
    [InlineData("ULSUSPEND\0")]
    [InlineData("LINHIB0001")]
    [InlineData("\u00ED\u00C3\u0002\u00E9\u0098\u0056\u00E5\u000C\0\0")]
    public void Swap_with_a_hibernated_system_is_saved_whole(string signature)
    {
        using var image = MadeSwap(4096);
        image.Write(4096 - 10, Encoding.Latin1.GetBytes(signature));
        // blkid does not know every one of them.
        if (signature[0] < 128) image.Map().AssertWhole(image, "hibernated system");
        image.Map(programs: new ScriptedPrograms().Finding("swap")).AssertWhole(image, "hibernated system");
    }

    // The kernel of the sleeping system had other pages than an earlier mkswap: what wakes first counts.
    [Fact]
    public void A_hibernated_system_is_not_hidden_by_the_signature_of_larger_pages()
    {
        using var image = MadeSwap(8192);
        image.Write(4096 - 10, "S1SUSPEND"u8);
        image.Map(programs: new ScriptedPrograms().Finding("swap")).AssertWhole(image, "hibernated system");
    }

    [Theory]
    [InlineData("mkfs.f2fs", "-q", "f2fs", "F2FS has no used map yet")]
    public void File_systems_without_a_map_are_saved_whole(string maker, string option, string type, string reason)
    {
        using var image = new PartitionImage(160 << 20);
        image.Run(maker, option, "-f");
        var map = image.Map();
        map.AssertWhole(image, reason);
        Assert.Equal(type, map.FileSystem);
    }

    [Theory]
    [InlineData("crypto_LUKS", "The volume is encrypted by LUKS; every sector is saved.")]
    [InlineData("BitLocker", "The volume is encrypted by BitLocker; every sector is saved.")]
    [InlineData("LVM2_member", "It is part of an LVM volume group; every sector is saved.")]
    [InlineData("linux_raid_member", "It is part of a Linux RAID; every sector is saved.")]
    [InlineData("isw_raid_member", "It is part of a RAID made by the firmware; every sector is saved.")]
    [InlineData("bcache", "It is part of a bcache device; every sector is saved.")]
    [InlineData("zfs_member", "It is part of a ZFS pool; every sector is saved.")]
    [InlineData("hfsplus", "HFS+ has no used map yet; every sector is saved.")]
    [InlineData("apfs", "APFS has no used map yet; every sector is saved.")]
    [InlineData("jbd", "It is the journal of another file system; every sector is saved.")]
    [InlineData("minix", "The file system minix has no used map; every sector is saved.")]
    public void Every_kind_has_its_sentence(string type, string note)
    {
        using var disk = new MemoryDisk([], length: 1 << 20);
        var map = disk.Map(new ByteRange(0, 1 << 20), programs: new ScriptedPrograms().Finding(type));
        Assert.Equal((type, "whole", note), (map.FileSystem, map.Method, map.Note));
        Assert.Equal(1 << 20, map.Used.TotalBytes);
    }

    [Fact]
    public void A_LUKS_header_is_recognised_by_blkid()
    {
        using var image = new PartitionImage(8 << 20);
        image.Write(0, [.. "LUKS"u8, 0xBA, 0xBE, 0, 1]);
        image.Map().AssertWhole(image, "encrypted by LUKS");
    }

    [Fact]
    public void An_empty_partition_is_saved_whole()
    {
        using var image = new PartitionImage(8 << 20);
        var map = image.Map();
        map.AssertWhole(image, "No file system was recognised");
        Assert.Equal("", map.FileSystem);
    }

    [Fact]
    public void A_tiny_partition_is_saved_whole()
    {
        using var disk = new MemoryDisk([1, 2, 3], length: 100);
        Assert.Equal([new ByteRange(0, 100)], disk.Map(new ByteRange(0, 100), programs: new ScriptedPrograms().Answer("blkid", 2)).Used.Ranges);
    }

    [Fact]
    public void Signs_of_two_file_systems_are_saved_whole_and_both_named()
    {
        using var image = new PartitionImage(20 << 20);
        image.Run("mkfs.ext2", "-q", "-F");
        using var other = new PartitionImage(20 << 20);
        other.Run("mkfs.fat", "-F", "16");
        image.Write(0, other.Read(0, 512));
        image.Map().AssertWhole(image, "signs of several file systems (vfat, ext2)");
    }

    [Fact]
    public void An_ambivalent_answer_is_not_believed_even_when_it_names_a_kind()
    {
        using var image = MadeSwap(4096);
        image.Map(programs: new ScriptedPrograms().Answer("blkid", 8, "ID_FS_TYPE=swap\n")).AssertWhole(image, "No file system was recognised");
    }

    [Fact]
    public void A_partition_table_inside_a_partition_is_saved_whole()
    {
        using var image = new PartitionImage(20 << 20);
        using (var device = image.Attach()) SystemTool.Feed("label: gpt\n,10M\n", "sfdisk", "--no-reread", "--no-tell-kernel", "-q", device.Path);
        image.Map().AssertWhole(image, "partition table inside");
    }

    private static PartitionImage MadeSwap(int pageBytes)
    {
        var image = new PartitionImage(4 << 20);
        image.Run("mkswap", "-p", pageBytes.ToString(System.Globalization.CultureInfo.InvariantCulture), "-L", "swappy");
        return image;
    }
}
