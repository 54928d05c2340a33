// Aged NTFS volumes live on the mapped bytes alone.
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class NtfsAgeingTests
{
    private const long PartitionBytes = 96 << 20;

    public static TheoryData<string, int> Variants => Seeds.With("512", "4096", "65536");

    [Theory]
    [MemberData(nameof(Variants))]
    public void All_files_survive_when_everything_else_is_overwritten(string clusterBytes, int seed)
    {
        // Some sectors more than whole clusters: the backup boot sector lies behind the last cluster.
        using var image = new PartitionImage(PartitionBytes + 9 * 512);
        image.Run("mkfs.ntfs", "-q", "-F", "-f", "-c", clusterBytes, "-L", "gealtert ä");
        var files = new Ageing(seed, PartitionBytes / 2);
        using (var folder = image.Mount("ntfs")) files.Run(new FolderTree(folder.Path));

        var map = image.Map();
        Assert.Equal(("partclone.ntfs", ""), (map.Method, map.Note));
        Assert.Equal("gealtert ä", map.Label);
        var own = image.Map(Mapping.WithoutPartclone);
        Assert.Equal(("ntfs bitmap", ""), (own.Method, own.Note));
        Assert.Equal(map.Used.Ranges, own.Used.Ranges);

        Assert.True(image.DestroyAllBut(map.Used) > PartitionBytes / 5);
        Assert.Contains("alternate boot sector... OK", image.Run("ntfsfix", "-n"), StringComparison.Ordinal);
        using var after = image.Mount("ntfs", "ro");
        Assert.Empty(files.Damaged(new FolderTree(after.Path)));
    }
}
