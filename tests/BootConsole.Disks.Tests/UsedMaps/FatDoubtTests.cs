// FAT and exFAT file systems that must be saved whole, and odd ones that need not.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class FatDoubtTests
{
    private const int SectorBytes = 512;

    // Reserved sectors as mkfs.fat makes them here: 32 for FAT32, 4 for FAT16.
    [Theory]
    [InlineData(32, (32 * SectorBytes) + 7, 0x07, "not unmounted cleanly")]
    [InlineData(32, (32 * SectorBytes) + 7, 0x0B, "not unmounted cleanly")]
    [InlineData(32, 65, 0x01, "not unmounted cleanly")]
    [InlineData(16, (4 * SectorBytes) + 3, 0x7F, "not unmounted cleanly")]
    [InlineData(16, (4 * SectorBytes) + 3, 0xBF, "not unmounted cleanly")]
    [InlineData(16, 37, 0x01, "not unmounted cleanly")]
    [InlineData(16, 37, 0x02, "not unmounted cleanly")]
    [InlineData(16, 12, 0x03, "impossible numbers")]
    [InlineData(16, 13, 0x03, "impossible numbers")]
    [InlineData(16, 16, 0x00, "impossible numbers")]
    [InlineData(16, 22, 0x01, "impossible numbers")]
    [InlineData(16, 58, 0x32, "impossible numbers")]
    [InlineData(32, 17, 0x10, "impossible numbers")]
    [InlineData(32, 35, 0x10, "larger than its partition")]
    public void A_byte_of_doubt_is_enough_to_save_the_whole(int bits, long offset, byte value, string reason)
    {
        using var image = MadeFat(bits);
        Assert.Equal("fat table", image.Map().Method);
        image.Write(offset, [value]);
        image.Map(programs: new ScriptedPrograms().Finding("vfat")).AssertWhole(image, reason);
    }

    [Fact]
    public void The_dirty_mark_of_the_second_table_counts_too()
    {
        using var image = MadeFat(32);
        var second = image.Read(36, 4)[0] * SectorBytes + image.Read(37, 1)[0] * 256 * SectorBytes + 32 * SectorBytes;
        image.Write(second + 7, [0x07]);
        image.Map().AssertWhole(image, "not unmounted cleanly");
    }

    [Fact]
    public void A_cluster_is_free_only_when_both_tables_say_so_and_a_bad_one_is_not()
    {
        using var image = MadeFat(32);
        var before = image.Map().Used;
        var first = 32 * SectorBytes;
        var second = first + (image.Read(36, 1)[0] + image.Read(37, 1)[0] * 256) * SectorBytes;
        image.Write(first + 1000 * 4, [0xF7, 0xFF, 0xFF, 0x0F]);
        image.Write(second + 2000 * 4, [0xFF, 0xFF, 0xFF, 0x0F]);
        // The highest four bits are not part of the entry: still free.
        image.Write(first + 3000 * 4, [0x00, 0x00, 0x00, 0xF0]);
        var heap = second + (second - first);
        var expected = before.Union(RangeSet.Of(new ByteRange(heap + 998 * SectorBytes, SectorBytes), new ByteRange(heap + 1998 * SectorBytes, SectorBytes)));
        Assert.Equal(expected.Ranges, image.Map().Used.Ranges);
    }

    [Theory]
    [InlineData(0x6A, 0x02, "not unmounted cleanly")]
    [InlineData(0x6A, 0x04, "met disk errors")]
    [InlineData(0x6A, 0x01, "TexFAT")]
    [InlineData(0x69, 0x02, "version")]
    [InlineData(0x6E, 0x02, "checksum")]
    [InlineData(0x58, 0x01, "checksum")]
    public void A_byte_of_doubt_in_exFAT_is_enough_to_save_the_whole(long offset, byte value, string reason)
    {
        using var image = MadeExfat();
        Assert.Equal("exfat bitmap", image.Map().Method);
        image.Write(offset, [value]);
        image.Map(programs: new ScriptedPrograms().Finding("exfat")).AssertWhole(image, reason);
    }

    // partclone.exfat maps such a volume with exit code 0 and a warning.
    [Fact]
    public void An_exFAT_volume_cut_off_while_mounted_is_saved_whole()
    {
        using var image = MadeExfat();
        using var folder = image.Mount("exfat");
        File.WriteAllBytes(Path.Combine(folder.Path, "new"), new byte[100_000]);
        SystemTool.Run("sync");
        using var cut = image.Copy();
        cut.Map().AssertWhole(cut, "not unmounted cleanly");
    }

    [Fact]
    public void An_exFAT_bitmap_that_is_missing_broken_or_in_pieces_is_not_trusted()
    {
        using var image = MadeExfat();
        var fat = image.Read(80, 4)[0] * SectorBytes + image.Read(81, 1)[0] * 256 * SectorBytes;
        var heap = (image.Read(88, 1)[0] + image.Read(89, 1)[0] * 256) * SectorBytes;
        int cluster = 4096, root = heap + (image.Read(96, 1)[0] - 2) * cluster;
        var entry = Enumerable.Range(0, 8).Select(i => root + i * 32).First(position => image.Read(position, 1)[0] == 0x81);
        var bitmap = image.Read(entry + 20, 1)[0];

        Assert.Equal("exfat bitmap", image.Map().Method);
        // The bitmap's chain goes on into another cluster.
        Spoil(image, fat + bitmap * 4, [0x09, 0, 0, 0], "allocation bitmap");
        // Another file's bytes are called the bitmap.
        Spoil(image, entry + 20, [0x00, 0x10, 0, 0], "allocation bitmap");
        Spoil(image, entry + 20, [0xFF, 0xFF, 0xFF, 0xFF], "out of range");
        Spoil(image, entry + 24, [1, 0], "too short");
        Spoil(image, entry + 31, [0x40], "too long");
        Spoil(image, entry, [0x01], "no allocation bitmap");
        Spoil(image, entry + 32, [0x81], "two allocation bitmaps");
        // The root folder runs in a circle and has no end.
        var rootChain = fat + image.Read(96, 1)[0] * 4;
        var full = new byte[cluster];
        for (var i = 0; i < cluster; i += 32) full[i] = 0x05;
        image.Write(rootChain, [image.Read(96, 1)[0], 0, 0, 0]);
        image.Write(root, full);
        image.Map().AssertWhole(image, "no allocation bitmap");
    }

    [Fact]
    public void An_exFAT_bitmap_of_many_clusters_must_be_in_one_piece_and_hold_itself()
    {
        using var image = MadeExfat(clusterBytes: 512);
        var fat = image.Read(80, 4)[0] * SectorBytes + image.Read(81, 1)[0] * 256 * SectorBytes;
        var heap = (image.Read(88, 1)[0] + image.Read(89, 1)[0] * 256) * SectorBytes;
        Assert.Equal("exfat bitmap", image.Map().Method);
        // mkfs.exfat puts the bitmap first: clusters 2, 3, 4 … An earlier one as the next makes a circle.
        Assert.Equal(6, image.Read(fat + 5 * 4, 1)[0]);
        Spoil(image, fat + 5 * 4, [0x03], "in pieces");
        Spoil(image, heap, new byte[8], "does not even hold itself");
        Assert.Equal("exfat bitmap", image.Map().Method);
    }

    private static void Spoil(PartitionImage image, long offset, byte[] bytes, string reason)
    {
        var before = image.Read(offset, bytes.Length);
        image.Write(offset, bytes);
        image.Map().AssertWhole(image, reason);
        image.Write(offset, before);
    }

    private static PartitionImage MadeFat(int bits)
    {
        var image = new PartitionImage(40 << 20);
        image.Run("mkfs.fat", "-F", bits.ToString(System.Globalization.CultureInfo.InvariantCulture), "-s", bits == 32 ? "1" : "4");
        return image;
    }

    private static PartitionImage MadeExfat(int clusterBytes = 4096)
    {
        var image = new PartitionImage(64 << 20);
        image.Run("mkfs.exfat", "-c", clusterBytes.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return image;
    }
}
