// restore --grow-last on real file systems, judged by their own checkers.
using System.Globalization;
using System.Text.Json;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class GrowLastTests : IDisposable
{
    private const long MiB = 1 << 20, SourceBytes = 96 * MiB, TargetBytes = 160 * MiB + 20480;
    private static readonly ByteRange Last = new(24 * MiB, 48 * MiB);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpt", "ext4", 512, false)]
    [InlineData("gpt", "ext4", 4096, true)]
    [InlineData("dos", "ext4", 512, true)]
    [InlineData("dos", "ext2", 512, false)]
    [InlineData("gpt", "ntfs", 512, true)]
    [InlineData("dos", "ntfs", 512, false)]
    public void The_last_partition_and_its_file_system_reach_the_end_of_the_target(string label, string type, int sectorBytes, bool isDevice)
    {
        var (store, content) = Backup(label, type, sectorBytes);
        var file = PartitionedImage.Sparse(_folder["target.img"], TargetBytes);
        using (var loop = isDevice ? LoopDisk.Attach(file, sectorBytes) : null)
        {
            var (target, token) = loop is null ? (file, file) : (loop.Path, string.Create(CultureInfo.InvariantCulture, $"{loop.Path}:{TargetBytes}"));
            var run = Restore(store, target, token, "--grow-last").Succeeds();
            Assert.Contains("grows from 48.0 MiB to 136 MiB", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("To grow it by hand", run.Output, StringComparison.Ordinal);
            if (label == "gpt") Assert.Contains("No problems found", SystemTool.Run("sgdisk", "--verify", target), StringComparison.Ordinal);
            Assert.Contains("No errors detected", SystemTool.Run("sfdisk", "--verify", target), StringComparison.Ordinal);
            Assert.Equal(new ByteRange(Last.Start, 136 * MiB), LastPartition(target, sectorBytes));
        }

        using (var device = LoopDisk.Attach(file, sectorBytes, range: new ByteRange(Last.Start, 136 * MiB)))
        {
            if (type == "ntfs") Assert.Contains("Current volume size: 142", SystemTool.Run("ntfsresize", "--info", "--force", device.Path), StringComparison.Ordinal);
            else SystemTool.Run("e2fsck", "-f", "-n", device.Path);
            if (type != "ntfs") Assert.Matches(@"Block count: +(139264|34816)\n", SystemTool.Run("dumpe2fs", "-h", device.Path));
            using var mounted = MountedFolder.Mount(device.Path, _folder["after"], type);
            Assert.Equal(content, Content.Hash(Path.Combine(mounted.Path, "file")));
        }

        Assert.DoesNotContain(file, SystemTool.Run("losetup", "--list"), StringComparison.Ordinal);
    }

    [Fact]
    public void When_growing_fails_the_restore_is_done_and_a_warning_says_what_is_safe()
    {
        var (store, content) = Backup("gpt", "ext4", 512);
        var tools = Directory.CreateDirectory(_folder["tools"]).FullName;
        File.WriteAllText(Path.Combine(tools, "resize2fs"), "#!/bin/sh\necho 'resize2fs 1.47 (today)' >&2\necho 'resize2fs: not today' >&2\nexit 1\n");
        SystemTool.Run("chmod", "+x", Path.Combine(tools, "resize2fs"));
        var target = PartitionedImage.Sparse(_folder["target.img"], TargetBytes);
        var run = Bootconsole.RunWithPath(tools, "restore", "--store", store, "latest", "--disk", target, "--yes-overwrite", target, "--grow-last", "--json").Succeeds();
        var warning = run.Document.GetProperty("warnings").EnumerateArray().Single().GetString()!;
        Assert.Contains("is longer now, its ext4 file system is not: resize2fs: not today. What was restored is safe", warning, StringComparison.Ordinal);
        Assert.Contains("run e2fsck -f and then resize2fs", warning, StringComparison.Ordinal);
        // As it says: the partition is longer, the file system whole, and the hand finishes it.
        using var device = LoopDisk.Attach(target, range: LastPartition(target, 512));
        SystemTool.Run("e2fsck", "-f", "-p", device.Path);
        SystemTool.Run("resize2fs", device.Path);
        using var mounted = MountedFolder.Mount(device.Path, _folder["after"], "ext4");
        Assert.Equal(content, Content.Hash(Path.Combine(mounted.Path, "file")));
    }

    [Fact]
    public void What_cannot_grow_is_refused_before_the_first_write()
    {
        var (store, _) = Backup("gpt", "ext4", 512);
        var same = PartitionedImage.Sparse(_folder["same.img"], 73 * MiB);
        Restore(store, same, same, "--grow-last").Reports(3, "no room behind the last partition");
        Restore(store, same, same, "--grow-last", "--partition", "2").Reports(2, "--partition leaves it alone");
        var plain = PartitionedImage.Sparse(_folder["plain.img"], 8 * MiB);
        Bootconsole.Run("backup", "--disk", plain, "--store", _folder["plain"], "--no-encryption").Succeeds();
        Restore(_folder["plain"], same, same, "--grow-last").Reports(3, "no partition table");
        Assert.False(File.ReadAllBytes(same).AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void All_choices_together_make_a_sound_disk()
    {
        var (store, content) = Backup("gpt", "ext4", 512);
        var target = PartitionedImage.Sparse(_folder["target.img"], TargetBytes);
        Restore(store, target, target, "--grow-last").Succeeds();
        Restore(store, target, target, "--grow-last", "--new-ids", "--only-differences", "--wipe-unused").Succeeds();
        Assert.Contains("No problems found", SystemTool.Run("sgdisk", "--verify", target), StringComparison.Ordinal);
        using var device = LoopDisk.Attach(target, range: LastPartition(target, 512));
        SystemTool.Run("e2fsck", "-f", "-n", device.Path);
        using var mounted = MountedFolder.Mount(device.Path, _folder["after"], "ext4");
        Assert.Equal(content, Content.Hash(Path.Combine(mounted.Path, "file")));
    }

    private static Run Restore(string store, string target, string token, params string[] more) =>
        Bootconsole.Run(["restore", "--store", store, "latest", "--disk", target, "--yes-overwrite", token, .. more]);

    private static ByteRange LastPartition(string disk, int sectorBytes)
    {
        using var document = JsonDocument.Parse(SystemTool.Run("sfdisk", "--json", disk));
        var last = document.RootElement.GetProperty("partitiontable").GetProperty("partitions").EnumerateArray().Last();
        return new ByteRange(last.GetProperty("start").GetInt64() * sectorBytes, last.GetProperty("size").GetInt64() * sectorBytes);
    }

    // A disk whose last partition has been in use, so that resize2fs asks for a check; its image; the hash of a file on it.
    private (string Store, string Content) Backup(string label, string type, int sectorBytes)
    {
        var (disk, store, file) = (_folder["source.img"], _folder["store"], _folder["file"]);
        PartitionedImage.Sparse(disk, SourceBytes);
        File.WriteAllBytes(file, RandomBytes.Of(5, 3_000_000));
        using var loop = LoopDisk.Attach(disk, sectorBytes);
        var mib = MiB / sectorBytes;
        PartitionedImage.Sfdisk(loop.Path, $"label: {label}\nstart={mib}, size={mib}\nstart={24 * mib}, size={48 * mib}, type={(label == "gpt" ? type == "ntfs" ? "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7" : "linux" : type == "ntfs" ? "7" : "83")}\n");
        using (var device = LoopDisk.Attach(disk, sectorBytes, range: Last))
        {
            if (type == "ntfs") SystemTool.Run("mkntfs", "--quiet", "--fast", "--force", device.Path);
            else SystemTool.Run("mke2fs", "-q", "-t", type, device.Path);
            using var mounted = MountedFolder.Mount(device.Path, _folder["before"], type);
            File.Copy(file, Path.Combine(mounted.Path, "file"));
        }

        Bootconsole.Run("backup", "--disk", loop.Path, "--store", store, "--no-encryption").Succeeds();
        return (store, Content.Hash(file));
    }
}
