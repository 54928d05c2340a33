// Aged ext file systems live on the mapped bytes alone.
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class ExtAgeingTests
{
    private const long PartitionBytes = 96 << 20;

    public static TheoryData<string, int> Variants => Seeds.With(
        "ext2",
        "ext3",
        "ext4",
        "ext4 -b 1024",
        "ext4 -b 2048 -O meta_bg,^resize_inode",
        "ext4 -O ^has_journal",
        "ext4 -O ^flex_bg,^64bit",
        "ext4 -b 1024 -O ^metadata_csum,uninit_bg",
        "ext4 -b 1024 -O sparse_super2,orphan_file,metadata_csum_seed,inline_data",
        "ext4 -b 1024 -g 1024 -O ^flex_bg");

    [Theory]
    [MemberData(nameof(Variants))]
    public void All_files_survive_when_everything_else_is_overwritten(string variant, int seed)
    {
        var words = variant.Split(' ');
        using var image = new PartitionImage(PartitionBytes);
        image.Run("mkfs." + words[0], [.. words[1..], "-q", "-F", "-L", "aged"]);
        var files = new Ageing(seed, PartitionBytes / 2);
        using (var folder = image.Mount(words[0])) files.Run(new FolderTree(folder.Path));

        var map = image.Map();
        Assert.Equal(("partclone.extfs", ""), (map.Method, map.Note));
        Assert.Equal("aged", map.Label);
        var listed = image.Map(Mapping.WithoutPartclone);
        Assert.Equal(("dumpe2fs", ""), (listed.Method, listed.Note));
        Assert.Equal(map.Used.Ranges, listed.Used.Ranges);

        Assert.True(image.DestroyAllBut(map.Used) > PartitionBytes / 5);
        image.Run("e2fsck", "-f", "-n");
        using var after = image.Mount(words[0], "ro");
        Assert.Empty(files.Damaged(new FolderTree(after.Path)));
    }

    // Group 1 has the first backup, and as long as no file was ever put there its bitmap is not even written (BLOCK_UNINIT).
    [Theory]
    [InlineData("-b 1024")]
    [InlineData("-b 1024 -O ^metadata_csum,uninit_bg")]
    [InlineData("-b 1024 -O ^resize_inode,meta_bg")]
    public void Backup_superblocks_are_kept(string options)
    {
        const long Backup = 8193 * 1024;
        using var image = new PartitionImage(PartitionBytes);
        image.Run("mkfs.ext4", [.. options.Split(' '), "-q", "-F"]);
        var before = image.Read(Backup, 2048);
        image.DestroyAllBut(image.Map().Used);
        Assert.Equal(before, image.Read(Backup, 2048));
        image.Run("dumpe2fs", "-h", "-o", "superblock=8193", "-o", "blocksize=1024");
    }
}
