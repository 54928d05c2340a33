// Aged XFS file systems live on the mapped bytes alone.
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class XfsAgeingTests
{
    // mkfs.xfs makes nothing smaller.
    private const long PartitionBytes = 320 << 20;

    private const string ManyGroups = "-d agcount=8";

    public static TheoryData<string, int> Variants => Seeds.With(
        "",
        "-m reflink=1,rmapbt=1",
        ManyGroups,
        "-b size=1024 -i nrext64=1");

    [Theory]
    [MemberData(nameof(Variants))]
    public void All_files_survive_when_everything_else_is_overwritten(string options, int seed)
    {
        using var image = new PartitionImage(options == ManyGroups ? 2 * PartitionBytes : PartitionBytes);
        image.Run("mkfs.xfs", [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-q", "-f", "-L", "aged"]);
        var files = new Ageing(seed, 100 << 20);
        using (var folder = image.Mount("xfs")) files.Run(new FolderTree(folder.Path));

        var map = image.Map();
        Assert.Equal(("partclone.xfs", ""), (map.Method, map.Note));
        Assert.Equal("aged", map.Label);
        Assert.True(image.DestroyAllBut(map.Used) > PartitionBytes / 5);
        image.Run("xfs_repair", "-n");
        using var after = image.Mount("xfs");
        Assert.Empty(files.Damaged(new FolderTree(after.Path)));
    }

    // Linux mounts version 4 no more, so its files cannot be looked at.
    [Fact]
    public void XFS_of_version_4_is_mapped()
    {
        using var image = new PartitionImage(PartitionBytes);
        image.Run("mkfs.xfs", "-q", "-f", "-m", "crc=0");
        var map = image.Map();
        Assert.Equal(("partclone.xfs", ""), (map.Method, map.Note));
        Assert.True(image.DestroyAllBut(map.Used) > PartitionBytes / 5);
        image.Run("xfs_repair", "-n");
    }
}
