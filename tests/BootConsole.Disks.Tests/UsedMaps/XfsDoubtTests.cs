// XFS file systems that must be saved whole.
using System.Buffers.Binary;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class XfsDoubtTests
{
    private const long PartitionBytes = 320 << 20;

    // partclone.xfs maps such a file system with exit code 0, and files are missing from its map.
    [Fact]
    public void A_log_with_changes_after_a_crash_is_enough_to_save_the_whole()
    {
        using var image = Made();
        using (var folder = image.Mount("xfs"))
        {
            for (var i = 0; i < 50; i++) File.WriteAllBytes(Path.Combine(folder.Path, $"new {i}"), new byte[10_000]);
            SystemTool.Run("xfs_io", "-x", "-c", "shutdown -f", folder.Path);
        }

        image.Map().AssertWhole(image, "its log holds changes");
    }

    [Fact]
    public void A_file_system_cut_off_while_mounted_is_saved_whole()
    {
        using var image = Made();
        using var folder = image.Mount("xfs");
        File.WriteAllBytes(Path.Combine(folder.Path, "new"), new byte[100_000]);
        SystemTool.Run("sync", "-f", folder.Path);
        using var cut = image.Copy();
        cut.Map().AssertWhole(cut, "its log holds changes");
    }

    [Fact]
    public void A_log_on_another_device_is_enough_to_save_the_whole()
    {
        using var image = new PartitionImage(PartitionBytes);
        using var log = new PartitionImage(128 << 20);
        using var device = log.Attach();
        image.Run("mkfs.xfs", "-q", "-f", "-l", $"logdev={device.Path},size=100m");
        image.Map().AssertWhole(image, "log on another device");
    }

    [Fact]
    public void A_realtime_device_is_enough_to_save_the_whole()
    {
        using var image = new PartitionImage(PartitionBytes);
        using var realtime = new PartitionImage(64 << 20);
        using var device = realtime.Attach();
        image.Run("mkfs.xfs", "-q", "-f", "-r", $"rtdev={device.Path}");
        image.Map().AssertWhole(image, "realtime device");
    }

    [Theory]
    [InlineData(219, 0x1B, "asks for repair")]
    [InlineData(218, 0x80, "features that are not known")]
    [InlineData(215, 0x40, "features that are not known")]
    [InlineData(126, 0x01, "is not finished")]
    [InlineData(102, 0xFF, "impossible sizes")]
    [InlineData(0, 0x00, "no XFS superblock")]
    public void A_superblock_in_doubt_is_enough_to_save_the_whole(int offset, byte value, string reason)
    {
        using var image = Made();
        image.Write(offset, [value]);
        image.Map(programs: new ScriptedPrograms().Finding("xfs")).AssertWhole(image, reason);
    }

    // Block numbers of 32 bits would wrap, and partclone would call the wrong blocks free.
    [Fact]
    public void More_blocks_than_partclone_can_count_are_saved_whole()
    {
        var superblock = new byte[512];
        "XFSB"u8.CopyTo(superblock);
        BinaryPrimitives.WriteUInt32BigEndian(superblock.AsSpan(4), 4096);
        BinaryPrimitives.WriteUInt64BigEndian(superblock.AsSpan(8), 17L << 28);
        superblock[55] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(superblock.AsSpan(84), 1 << 28);
        BinaryPrimitives.WriteUInt32BigEndian(superblock.AsSpan(88), 17);
        superblock[101] = 5;
        BinaryPrimitives.WriteUInt16BigEndian(superblock.AsSpan(102), 512);
        using var disk = new MemoryDisk(superblock, length: 17L << 40);
        var map = disk.Map(new ByteRange(0, 17L << 40), programs: new ScriptedPrograms().Finding("xfs"));
        Assert.Equal("The XFS file system is too large to be mapped; every sector is saved.", map.Note);
    }

    [Fact]
    public void A_file_system_larger_than_its_partition_is_saved_whole()
    {
        using var image = Made();
        using var disk = new ImageDisk(image.File);
        var map = disk.Map(new ByteRange(image.Range.Start, image.Range.Length / 2), programs: new ScriptedPrograms().Finding("xfs"));
        Assert.Contains("larger than its partition", map.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreadable_free_space_tree_is_noticed()
    {
        using var image = Made();
        // The tree that partclone walks has its root in the block after the group's four header sectors; the magic number goes.
        image.Write(4096, new byte[4]);
        image.Map().AssertWhole(image, "own count of free blocks");
    }

    [Fact]
    public void A_damaged_group_header_is_noticed()
    {
        using var image = Made();
        image.Write(512 + 52, [0, 0, 0, 1]);
        image.Map().AssertWhole(image, "partclone");
    }

    private static PartitionImage Made()
    {
        var image = new PartitionImage(PartitionBytes);
        image.Run("mkfs.xfs", "-q", "-f");
        return image;
    }
}
