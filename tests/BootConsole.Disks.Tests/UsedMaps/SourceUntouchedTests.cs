// Mapping never writes, never forces, never mounts; and what is mounted is not mapped.
using System.Security.Cryptography;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class SourceUntouchedTests
{
    [Theory]
    [InlineData("mkfs.ext4", "-F")]
    [InlineData("mkfs.xfs", "-f")]
    [InlineData("mkfs.btrfs", "-f")]
    [InlineData("mkfs.ntfs", "-f")]
    [InlineData("mkfs.exfat", "--cluster-size=4096")]
    [InlineData("mkfs.fat", "-v")]
    [InlineData("mkswap", "-f")]
    public void The_disk_is_not_changed_and_no_program_is_asked_to_force_or_write(string maker, string option)
    {
        using var image = new PartitionImage(320 << 20);
        image.Run(maker, option);
        var before = Fingerprint(image);
        var programs = new ScriptedPrograms();
        foreach (var options in new[] { new UsedMapOptions(), Mapping.WithoutPartclone }) Assert.NotEqual("whole", image.Map(options, programs).Method);
        Assert.Equal(before, Fingerprint(image));
        foreach (var call in programs.Calls)
        {
            Assert.Contains(call.Program, new[] { "blkid", "losetup", "blockdev", "partclone.extfs", "partclone.ntfs", "partclone.xfs", "dumpe2fs", "ntfs-3g.probe", "xfs_logprint", "btrfs" });
            Assert.DoesNotContain(call.Arguments, argument => argument is "-F" or "-I" or "-O" or "--force" or "--ignore_fschk" or "--overwrite" && call.Program != "blkid");
            if (call.Program == "losetup") Assert.Contains(call.Arguments, argument => argument is "--read-only" or "--detach");
            // No program but blkid and losetup is shown the disk itself.
            if (call.Program is not ("blkid" or "losetup")) Assert.DoesNotContain(image.File, call.Arguments);
        }
    }

    [Theory]
    [InlineData("ext4", "mkfs.ext4", "-F")]
    [InlineData("xfs", "mkfs.xfs", "-f")]
    [InlineData("btrfs", "mkfs.btrfs", "-f")]
    [InlineData("ntfs", "mkfs.ntfs", "-f")]
    [InlineData("exfat", "mkfs.exfat", "--cluster-size=4096")]
    public void A_mounted_file_system_is_saved_whole_even_when_it_looks_clean(string type, string maker, string option)
    {
        using var image = new PartitionImage(320 << 20);
        image.Run(maker, option);
        using (var folder = image.Mount(type, "ro")) image.Map().AssertWhole(image, "is mounted");
        Assert.NotEqual("whole", image.Map().Method);
    }

    [Theory]
    [InlineData("ext4", "-F")]
    [InlineData("btrfs", "-f")]
    public void A_mounted_device_is_saved_whole(string type, string option)
    {
        using var image = new PartitionImage(160 << 20);
        image.Run("mkfs." + type, option);
        using var folder = image.Mount(type, "ro");
        using var disk = new ImageDisk(folder.Device, image.Range.Length);
        Assert.Equal("The file system is mounted; every sector is saved.", disk.Map(new ByteRange(0, image.Range.Length)).Note);
    }

    // ntfs-3g on a plain file: the kernel knows only the name it was mounted from.
    [Fact]
    public void A_file_mounted_by_a_program_in_user_space_is_saved_whole()
    {
        using var folder = new TempFolder();
        var file = folder["name with blanks.img"];
        using (var image = new PartitionImage(24 << 20))
        {
            image.Run("mkfs.ntfs", "-f");
            SystemTool.Run("dd", $"if={image.File}", $"of={file}", "bs=1M", "skip=1", "count=24", "status=none");
        }

        using var disk = new ImageDisk(file);
        var range = new ByteRange(0, disk.Info.Length);
        Directory.CreateDirectory(folder["mounted"]);
        SystemTool.Run("ntfs-3g", "-o", "ro", file, folder["mounted"]);
        var note = disk.Map(range).Note;
        SystemTool.Run("umount", folder["mounted"]);
        Assert.Equal("The file system is mounted; every sector is saved.", note);
        Assert.Equal("partclone.ntfs", disk.Map(range).Method);
    }

    [Fact]
    public void A_mount_elsewhere_on_the_disk_does_not_matter()
    {
        using var image = new PartitionImage(64 << 20);
        image.Run("mkfs.ext4", "-F");
        using var second = image.Copy();
        using (var file = File.Open(second.File, FileMode.Append)) file.SetLength(second.Range.End + second.Range.Length);
        SystemTool.Run("dd", $"if={image.File}", $"of={second.File}", "bs=1M", "skip=1", "seek=65", "count=64", "conv=notrunc", "status=none");
        using var folder = second.Mount("ext4", "ro");
        using var disk = new ImageDisk(second.File);
        Assert.Equal("whole", disk.Map(second.Range).Method);
        Assert.Equal("partclone.extfs", disk.Map(second.Range.Shift(second.Range.Length)).Method);
    }

    [Fact]
    public void A_whole_disk_without_a_table_is_mapped_like_a_partition()
    {
        using var image = new PartitionImage(64 << 20);
        image.Run("mkfs.ext4", "-F");
        using var device = image.Attach();
        using var disk = new ImageDisk(device.Path, image.Range.Length);
        Assert.Equal("partclone.extfs", disk.Map(new ByteRange(0, image.Range.Length)).Method);
    }

    [Fact]
    public void A_disk_with_sectors_of_4096_bytes_is_mapped()
    {
        using var image = new PartitionImage(320 << 20, sectorBytes: 4096);
        image.Run("mkfs.xfs", "-q", "-f");
        using var disk = new ImageDisk(image.File, sectorBytes: 4096);
        Assert.Equal("partclone.xfs", disk.Map(image.Range).Method);
    }

    [Fact]
    public void A_map_of_too_many_ranges_grows_but_never_loses_a_used_byte()
    {
        using var image = new PartitionImage(64 << 20);
        image.Run("mkfs.ext4", "-q", "-F", "-b", "1024");
        using (var folder = image.Mount("ext4")) new Ageing(4, 40 << 20).Run(new FolderTree(folder.Path), steps: 400);
        var exact = image.Map().Used;
        Assert.True(exact.Ranges.Count > 40);
        var coarse = image.Map(new UsedMapOptions { MaxRanges = 16 }).Used;
        Assert.InRange(coarse.Ranges.Count, 2, 16);
        Assert.Empty(exact.Except(coarse).Ranges);
        Assert.True(coarse.TotalBytes < image.Range.Length);
    }

    private static (string Hash, DateTime Changed) Fingerprint(PartitionImage image)
    {
        using var file = File.OpenRead(image.File);
        return (Convert.ToHexString(SHA256.HashData(file)), File.GetLastWriteTimeUtc(image.File));
    }
}
