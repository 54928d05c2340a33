// Aged btrfs file systems live on the mapped bytes alone, every copy of everything included.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class BtrfsAgeingTests
{
    private const long PartitionBytes = 960 << 20;

    public static TheoryData<string, int> Variants => Seeds.With(
        "",
        "--mixed",
        "-m single -d single",
        "-m dup -d dup",
        "-n 4096 --checksum sha256",
        "-O ^no-holes,^skinny-metadata -R ^free-space-tree --checksum xxhash");

    [Theory]
    [MemberData(nameof(Variants))]
    public void All_files_and_all_copies_survive_when_everything_else_is_overwritten(string options, int seed)
    {
        using var image = Made(options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var files = new Ageing(seed, 100 << 20);
        using (var folder = image.Mount("btrfs", "compress=zstd"))
        {
            files.Run(new FolderTree(folder.Path));
            // A snapshot keeps what is deleted after it; the deleted one leaves holes in the chunks.
            SystemTool.Run("btrfs", "subvolume", "snapshot", "-r", folder.Path, Path.Combine(folder.Path, "kept"));
            File.WriteAllBytes(Path.Combine(folder.Path, "for long"), new byte[3 << 20]);
        }

        var map = image.Map();
        Assert.Equal(("btrfs", "btrfs chunks", "", "aged"), (map.FileSystem, map.Method, map.Note, map.Label));
        Assert.True(image.DestroyAllBut(map.Used) > PartitionBytes / 20);
        image.Run("btrfs", "check", "--readonly");
        using var after = image.Mount("btrfs");
        Assert.Empty(files.Damaged(new FolderTree(after.Path)));
        Assert.Empty(files.Damaged(new FolderTree(Path.Combine(after.Path, "kept"))));
        Assert.Contains("no errors found", SystemTool.Run("btrfs", "scrub", "start", "-B", after.Path), StringComparison.Ordinal);
    }

    // What was synced but not committed is in the tree log alone.
    [Fact]
    public void What_the_log_holds_after_a_power_cut_survives_too()
    {
        using var image = Made();
        var content = new byte[300_000];
        new Random(8).NextBytes(content);
        using var folder = image.Mount("btrfs", "commit=300");
        File.WriteAllBytes(Path.Combine(folder.Path, "old"), content);
        SystemTool.Run("sync", "-f", folder.Path);
        using (var file = File.Create(Path.Combine(folder.Path, "synced")))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        using var cut = image.Copy();
        Assert.NotEqual(0UL, BitConverter.ToUInt64(cut.Read((64 << 10) + 0x60, 8)));
        folder.Dispose();
        var map = cut.Map();
        Assert.Equal("btrfs chunks", map.Method);
        cut.DestroyAllBut(map.Used);
        using var after = cut.Mount("btrfs");
        foreach (var name in new[] { "old", "synced" }) Assert.Equal(ChunkHash.Of(content), ChunkHash.Of(File.ReadAllBytes(Path.Combine(after.Path, name))));
        Assert.Contains("no errors found", SystemTool.Run("btrfs", "scrub", "start", "-B", after.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Superblocks_the_first_MiB_and_the_tail_are_kept()
    {
        // A sparse file: the copy at 256 GiB lies in no chunk.
        using var image = new PartitionImage(257L << 30);
        image.Run("mkfs.btrfs", "-q", "-f");
        using (var folder = image.Mount("btrfs")) SystemTool.Run("btrfs", "filesystem", "resize", "-1m", folder.Path);
        var used = image.Map().Used;
        foreach (var place in new[] { 64L << 10, 64L << 20, 256L << 30 })
        {
            Assert.Equal("_BHRfS_M"u8.ToArray(), image.Read(place + 0x40, 8));
            Assert.True(used.Contains(new ByteRange(place, 4096)));
        }

        Assert.True(used.Contains(new ByteRange(0, 1 << 20)));
        Assert.True(used.Contains(ByteRange.FromEnds(image.Range.Length - (1 << 20), image.Range.Length)));
        Assert.True(used.TotalBytes < 3L << 30);
    }

    // More extents than one block of the tree has: the dump has nodes too.
    [Fact]
    public void A_device_tree_of_several_levels_is_read()
    {
        using var image = new PartitionImage(150L << 30);
        image.Run("mkfs.btrfs", "-q", "-f", "-n", "4096");
        using (var folder = image.Mount("btrfs")) SystemTool.Run("fallocate", "-l", "100G", Path.Combine(folder.Path, "large"));
        Assert.Contains("node ", image.Run("btrfs", "inspect-internal", "dump-tree", "-t", "dev"), StringComparison.Ordinal);
        var map = image.Map();
        Assert.Equal(("btrfs chunks", ""), (map.Method, map.Note));
        Assert.InRange(map.Used.TotalBytes, 100L << 30, 110L << 30);
    }

    private static PartitionImage Made(params string[] options)
    {
        var image = new PartitionImage(PartitionBytes);
        image.Run("mkfs.btrfs", [.. options, "-q", "-f", "-L", "aged"]);
        return image;
    }
}
