// ext file systems that must be saved whole, and those that only look so.
using System.Buffers.Binary;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class ExtDoubtTests
{
    private const long PartitionBytes = 32 << 20;
    private const int Superblock = 1024;

    [Theory]
    [InlineData("ext4")]
    [InlineData("ext2")]
    public void A_file_system_cut_off_while_mounted_is_saved_whole(string type)
    {
        using var image = Made(type);
        using var folder = image.Mount(type);
        File.WriteAllBytes(Path.Combine(folder.Path, "new"), new byte[100_000]);
        SystemTool.Run("sync", "-f", folder.Path);
        using var cut = image.Copy();
        cut.Map().AssertWhole(cut, "not unmounted cleanly");
        cut.Map(Mapping.WithoutPartclone).AssertWhole(cut, "not unmounted cleanly");
    }

    [Fact]
    public void A_journal_to_be_replayed_is_enough_to_save_the_whole()
    {
        using var image = Made("ext4");
        image.Run("debugfs", "-w", "-R", "set_super_value feature_incompat 0x2c6");
        image.Map().AssertWhole(image, "not unmounted cleanly");
    }

    [Theory]
    [InlineData("state 3", "has errors")]
    [InlineData("state 0", "not unmounted cleanly")]
    [InlineData("state 5", "not unmounted cleanly")]
    [InlineData("feature_ro_compat 0x1046b", "not unmounted cleanly")]
    [InlineData("feature_incompat 0x8002c2", "features that are not known")]
    [InlineData("feature_ro_compat 0x80046b", "features that are not known")]
    [InlineData("log_block_size 9", "impossible block size")]
    [InlineData("blocks_count 99999999", "larger than its partition")]
    [InlineData("free_blocks_count 99999999", "impossible counts")]
    public void A_superblock_in_doubt_is_enough_to_save_the_whole(string value, string reason)
    {
        using var image = Made("ext4");
        image.Run("debugfs", "-w", "-R", $"set_super_value {value}");
        // debugfs refuses some values by their names; then the test must not pass by the state before.
        var map = image.Map(programs: new ScriptedPrograms().Finding("ext4"));
        map.AssertWhole(image, reason);
    }

    [Fact]
    public void Bigalloc_is_saved_whole()
    {
        using var image = Made("ext4", "-O", "bigalloc");
        image.Map().AssertWhole(image, "bigalloc");
    }

    [Fact]
    public void A_wrong_count_of_free_blocks_is_found_by_both_methods()
    {
        using var image = Made("ext4");
        image.Run("debugfs", "-w", "-R", "set_super_value free_blocks_count 1000");
        image.Map().AssertWhole(image, "partclone.extfs refuses");
        image.Map(Mapping.WithoutPartclone).AssertWhole(image, "own counts");
    }

    [Fact]
    public void A_damaged_bitmap_is_found_by_both_methods()
    {
        using var image = Made("ext4");
        var listing = image.Run("dumpe2fs");
        var block = long.Parse(listing.Split("Block bitmap at ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        image.Write(block * 1024 + 40, new byte[8]);
        image.Map().AssertWhole(image, "partclone.extfs refuses");
        image.Map(Mapping.WithoutPartclone).AssertWhole(image, "dumpe2fs");
    }

    [Fact]
    public void A_superblock_over_garbage_is_saved_whole()
    {
        using var image = new PartitionImage(PartitionBytes);
        var garbage = new byte[8 << 20];
        new Random(7).NextBytes(garbage);
        image.Write(0, garbage);
        image.Write(Superblock, PlausibleSuperblock());
        var partclone = image.Map(programs: new ScriptedPrograms().Finding("ext4"));
        partclone.AssertWhole(image, "partclone.extfs ");
        image.Map(Mapping.WithoutPartclone, new ScriptedPrograms().Finding("ext4")).AssertWhole(image, "dumpe2fs");
    }

    [Fact]
    public void A_file_system_larger_than_its_partition_is_saved_whole()
    {
        using var image = Made("ext4");
        using var disk = new ImageDisk(image.File);
        var map = disk.Map(new ByteRange(image.Range.Start, image.Range.Length / 2));
        Assert.Equal("whole", map.Method);
        Assert.Contains("larger than its partition", map.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_system_due_for_a_check_is_mapped_without_partclone()
    {
        using var image = Made("ext4");
        image.Run("tune2fs", "-c", "2", "-C", "5");
        var map = image.Map();
        Assert.Equal(("dumpe2fs", ""), (map.Method, map.Note));
    }

    // dumpe2fs prints this text as it is, line ends included, before the groups.
    [Fact]
    public void Text_on_the_disk_cannot_pass_for_a_list_of_free_blocks()
    {
        using var image = Made("ext4", "-O", "^metadata_csum");
        image.Write(Superblock + 0x88, "\nGroup 0: (Blocks 1-8192)\n  9 free blocks, \n  Free blocks: 1-9"u8);
        image.Map(Mapping.WithoutPartclone).AssertWhole(image, "does not agree");
    }

    [Fact]
    public void Labels_are_freed_of_control_characters()
    {
        using var image = Made("ext4", "-L", "a\u001b[31mb\nc\u202ed");
        var map = image.Map();
        Assert.Equal("partclone.extfs", map.Method);
        Assert.DoesNotContain(map.Label, char.IsControl);
        Assert.DoesNotContain('\u202e', map.Label);
        Assert.StartsWith("a\uFFFD[31mb", map.Label, StringComparison.Ordinal);
    }

    private static PartitionImage Made(string type, params string[] options)
    {
        var image = new PartitionImage(PartitionBytes);
        image.Run("mkfs." + type, [.. options, "-q", "-F", "-b", "1024"]);
        return image;
    }

    private static byte[] PlausibleSuperblock()
    {
        var block = new byte[1024];
        void U32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(offset), value);
        U32(0x00, 8192);
        U32(0x04, (uint)(PartitionBytes / 1024));
        U32(0x0C, 20_000);
        U32(0x14, 1);
        U32(0x20, 8192);
        U32(0x24, 8192);
        U32(0x28, 2048);
        U32(0x38, 0x0001EF53);
        U32(0x4C, 1);
        U32(0x54, 11);
        U32(0x58, 256);
        U32(0x60, 2);
        U32(0x64, 3);
        return block;
    }
}
