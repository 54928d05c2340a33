// NTFS volumes that must be saved whole, and odd ones that need not.
using System.Text;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class NtfsDoubtTests
{
    [Fact]
    public void A_volume_marked_dirty_is_saved_whole()
    {
        using var image = NtfsSurgery.Made();
        image.Run("ntfsfix");
        image.Map().AssertWhole(image, "marked dirty");
    }

    // Windows 8 and later write their kernel to hiberfil.sys at every "shut down" (Fast Startup).
    [Theory]
    [InlineData("hibr", "hibernated")]
    [InlineData("HIBR", "hibernated")]
    [InlineData("RSTR", "hibernated")]
    [InlineData("wake", "")]
    [InlineData("\0\0\0\0", "")]
    public void A_sleeping_Windows_is_saved_whole(string header, string reason)
    {
        using var image = NtfsSurgery.Made();
        using (var folder = image.Mount("ntfs"))
        {
            var content = new byte[20_000];
            Encoding.ASCII.GetBytes(header).CopyTo(content, 0);
            File.WriteAllBytes(Path.Combine(folder.Path, "hiberfil.sys"), content);
        }

        var map = image.Map();
        if (reason.Length > 0) map.AssertWhole(image, reason);
        else Assert.Equal(("partclone.ntfs", ""), (map.Method, map.Note));
    }

    [Fact]
    public void A_volume_that_a_sleeping_or_crashed_Windows_keeps_open_is_saved_whole()
    {
        using var image = NtfsSurgery.Made();
        image.WriteLog(isClosed: false);
        image.Map().AssertWhole(image, "not unmounted cleanly");
        image.WriteLog(isClosed: true);
        Assert.Equal("partclone.ntfs", image.Map().Method);
    }

    [Fact]
    public void The_backup_boot_sector_behind_the_last_cluster_is_kept()
    {
        using var image = NtfsSurgery.Made((24 << 20) + 7 * 512);
        var map = image.Map();
        Assert.True(map.Used.Contains(new ByteRange(image.Range.Length - 7 * 512, 7 * 512)));
        image.DestroyAllBut(map.Used);
        Assert.Contains("alternate boot sector... OK", image.Run("ntfsfix", "-n"), StringComparison.Ordinal);
    }

    // Seen in the wild: https://github.com/tuxera/ntfs-3g/pull/40
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Clusters_of_files_that_the_bitmap_calls_free_are_kept(bool withPartclone)
    {
        using var image = NtfsSurgery.Made();
        var content = new byte[300_000];
        new Random(5).NextBytes(content);
        using (var folder = image.Mount("ntfs")) File.WriteAllBytes(Path.Combine(folder.Path, "file"), content);
        // The first file of a volume gets record 64.
        var (cluster, count) = image.RunOf(64);
        Assert.True(count > 10);
        for (var i = 3; i < 9; i++) image.CallFree(cluster + i);

        var map = image.Map(withPartclone ? null : Mapping.WithoutPartclone);
        Assert.Equal(withPartclone ? "partclone.ntfs" : "ntfs bitmap", map.Method);
        Assert.StartsWith("Files of this NTFS volume lie on clusters that its own bitmap calls free", map.Note, StringComparison.Ordinal);
        image.DestroyAllBut(map.Used);
        using var after = image.Mount("ntfs", "ro");
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(after.Path, "file")));
    }

    [Fact]
    public void A_file_table_in_many_pieces_is_read_to_its_end()
    {
        using var image = NtfsSurgery.Made(16 << 20, "-c", "512");
        var files = new Dictionary<string, byte[]>();
        using (var folder = image.Mount("ntfs")) Fragment(folder.Path, files);
        Assert.Contains("Dumping attribute $ATTRIBUTE_LIST (0x20) from mft record 0", image.Run("ntfsinfo", "-i", "0"), StringComparison.Ordinal);

        var map = image.Map();
        Assert.Equal(("partclone.ntfs", ""), (map.Method, map.Note));
        Assert.Equal(map.Used.Ranges, image.Map(Mapping.WithoutPartclone).Used.Ranges);
        image.DestroyAllBut(map.Used);
        using var after = image.Mount("ntfs", "ro");
        Assert.All(files, file => Assert.Equal(file.Value, File.ReadAllBytes(Path.Combine(after.Path, file.Key))));
    }

    [Fact]
    public void A_torn_file_record_is_enough_to_save_the_whole()
    {
        using var image = NtfsSurgery.Made();
        using (var folder = image.Mount("ntfs")) File.WriteAllText(Path.Combine(folder.Path, "file"), "text");
        image.Write(image.RunOf(0).Cluster * NtfsSurgery.ClusterBytes + 64 * 1024 + 1022, [0xAA, 0xAA]);
        image.Map().AssertWhole(image, "damaged NTFS file record");
    }

    [Fact]
    public void A_volume_larger_than_its_partition_is_saved_whole()
    {
        using var image = NtfsSurgery.Made();
        using var disk = new ImageDisk(image.File);
        var map = disk.Map(new ByteRange(image.Range.Start, image.Range.Length / 2), programs: new ScriptedPrograms().Finding("ntfs"));
        Assert.Contains("larger than its partition", map.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0x1A8)]
    public void BitLocker_is_recognised_whatever_else_the_sector_looks_like(int offset)
    {
        using var image = NtfsSurgery.Made();
        image.Write(offset, offset == 3 ? "-FVE-FS-"u8 : [0x3B, 0xD6, 0x67, 0x49, 0x29, 0x2E, 0xD8, 0x4A, 0x83, 0x99, 0xF6, 0xA3, 0x39, 0xE3, 0xD0, 0x01]);
        var map = image.Map(programs: new ScriptedPrograms().Finding("ntfs"));
        map.AssertWhole(image, "encrypted by BitLocker");
        Assert.Equal("BitLocker", map.FileSystem);
    }

    // Holes of one record's size between files, then more files than the table has room for.
    private static void Fragment(string folder, Dictionary<string, byte[]> files)
    {
        var random = new Random(3);
        var full = new List<string>();
        try
        {
            while (true)
            {
                var name = Path.Combine(folder, $"filler {full.Count}");
                full.Add(name);
                File.WriteAllBytes(name, new byte[900]);
            }
        }
        catch (IOException)
        {
            // The volume is full.
        }

        for (var i = 0; i < full.Count; i += 2) File.Delete(full[i]);
        for (var i = 0; i < full.Count * 5 / 9; i++)
        {
            var content = new byte[200];
            random.NextBytes(content);
            File.WriteAllBytes(Path.Combine(folder, $"small {i}"), content);
            files[$"small {i}"] = content;
        }
    }
}
