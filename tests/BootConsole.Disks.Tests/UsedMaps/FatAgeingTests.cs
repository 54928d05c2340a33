// Aged FAT and exFAT file systems live on the mapped bytes alone.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class FatAgeingTests
{
    public static TheoryData<string, int> Variants => Seeds.With("12 -s 4", "12 -s 1 -f 1", "16 -s 4", "16 -s 1 -S 4096", "32 -s 1", "32 -s 2");

    [Theory]
    [MemberData(nameof(Variants))]
    public void All_files_of_FAT_survive_when_everything_else_is_overwritten(string variant, int seed)
    {
        var words = variant.Split(' ');
        var partitionBytes = (words is ["12", "-s", "1", ..] ? 2L << 20 : words[0] == "12" ? 7L << 20 : words is ["32", "-s", "2"] ? 72L << 20 : 40L << 20) + 5 * 4096;
        using var image = new PartitionImage(partitionBytes);
        image.Run("mkfs.fat", ["-F", words[0], .. words[1..], "-n", "AGED"]);
        var files = new Ageing(seed, partitionBytes / 2);
        using var tree = new MtoolsTree(image.MtoolsName);
        files.Run(tree, steps: 60);

        var map = image.Map();
        Assert.Equal(("fat table", ""), (map.Method, map.Note));
        Assert.Equal("AGED", map.Label);
        // partclone 0.3.23 reads the table of FAT12 wrongly: it calls clusters in use free, with exit code 0.
        if (words[0] != "12") AssertHoldsAllOf(image, map, "partclone.fat");
        Assert.True(image.DestroyAllBut(map.Used) > partitionBytes / 5);
        image.Run("fsck.fat", "-n");
        Assert.Empty(files.Damaged(tree));
    }

    public static TheoryData<string, int> ExfatVariants => Seeds.With("-c 512", "-c 4096", "-c 32768", "-c 4096 -b 1048576", "--pack-bitmap");

    [Theory]
    [MemberData(nameof(ExfatVariants))]
    public void All_files_of_exFAT_survive_when_everything_else_is_overwritten(string options, int seed)
    {
        const long PartitionBytes = (64 << 20) + 5 * 512;
        using var image = new PartitionImage(PartitionBytes);
        image.Run("mkfs.exfat", [.. options.Split(' '), "-L", "aged"]);
        var files = new Ageing(seed, PartitionBytes / 2);
        using (var folder = image.Mount("exfat")) files.Run(new FolderTree(folder.Path));

        var map = image.Map();
        Assert.Equal(("exfat bitmap", ""), (map.Method, map.Note));
        Assert.Equal("aged", map.Label);
        AssertHoldsAllOf(image, map, "partclone.exfat");
        Assert.True(image.DestroyAllBut(map.Used) > PartitionBytes / 5);
        image.Run("fsck.exfat", "-n");
        using var after = image.Mount("exfat", "ro");
        Assert.Empty(files.Damaged(new FolderTree(after.Path)));
    }

    // What partclone calls used must be used in our map too.
    private static void AssertHoldsAllOf(PartitionImage image, PartitionMap map, string partclone)
    {
        using var folder = new TempFolder();
        image.Run(partclone, "-D", "-q", "-f", "1", "-L", folder["messages"], "-o", folder["map"], "-s");
        var used = File.ReadLines(folder["map"])
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields is [not "#", _, "+"])
            .Select(fields => new ByteRange(Convert.ToInt64(fields[0], 16), Convert.ToInt64(fields[1], 16)));
        // Its last line may reach beyond the partition.
        var partition = RangeSet.Of(new ByteRange(0, image.Range.Length));
        Assert.Empty(RangeSet.Of(used).Intersect(partition).Except(map.Used).Ranges);
    }
}
