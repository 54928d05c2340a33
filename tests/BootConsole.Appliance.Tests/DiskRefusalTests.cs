// Disks that may not be used: refused by name with exit code 3, for backup and restore alike.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class DiskRefusalTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Theory]
    [InlineData("/dev/no-such-disk")]
    [InlineData("no-such-disk.img")]
    [InlineData("serial:no-such-disk")]
    [InlineData("wwn:no-such-disk")]
    [InlineData("/dev/null")]
    [InlineData("/")]
    public void An_unknown_disk_is_refused_by_name(string disk)
    {
        Backup(disk).Reports(3, disk, "bootconsole disks");
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(sample.Store, "leases")));
    }

    [Fact]
    public void An_unknown_disk_is_refused_by_name_in_json() => Backup("/dev/no-such-disk", "--json").ReportsJson(3, "refused", "/dev/no-such-disk");

    [Fact]
    public void A_disk_named_by_nothing_is_a_usage_error() => Backup("serial:").Reports(2, "serial:");

    [SkippableFact]
    public void The_disk_of_the_running_system_is_refused()
    {
        var disks = Bootconsole.Run("disks", "--json").Succeeds().Document.GetProperty("disks").EnumerateArray();
        var system = disks.FirstOrDefault(disk => disk.GetProperty("backupRefusals").EnumerateArray().Any(reason => reason.GetString()!.Contains("running system", StringComparison.Ordinal)));
        Skip.If(system.ValueKind == System.Text.Json.JsonValueKind.Undefined, "no disk of this machine is known to hold its system (a container)");
        var path = system.GetProperty("path").GetString()!;
        Backup(path).Reports(3, path, "It holds the running system");
        Restore(path, system.GetProperty("overwriteToken").GetString()!).Reports(3, path, "It holds the running system");
    }

    // This machine has no partitions on any free disk, so lsblk is asked to show a loop device as one.
    [Fact]
    public void A_partition_is_not_taken_for_a_disk()
    {
        using var loop = LoopDisk.Create(sample.NewPath(), 8 << 20);
        using var lsblk = FakeLsblk.WithPartition(loop.Path, model: "Test disk", serial: "TEST1");
        var run = Bootconsole.RunWithPath(lsblk.Folder, "backup", "--disk", loop.Path, "--store", sample.Store, "--no-encryption");
        run.Reports(3, loop.Path, "not a whole disk", "It is a partition of /dev/sdz");
        run = Bootconsole.RunWithPath(lsblk.Folder, "restore", "--store", sample.Store, "latest", "--disk", loop.Path, "--yes-overwrite", loop.Path);
        run.Reports(3, loop.Path, "It is a partition of /dev/sdz");
    }

    [Fact]
    public async Task A_mounted_device_and_the_file_behind_it_are_refused()
    {
        await using var mounted = await SmallFileSystem.CreateAsync(8 << 20);
        var (device, file) = DeviceOf(mounted);
        Backup(device).Reports(3, device, "is mounted at");
        Backup(file).Reports(3, file, "is mounted at");
        Restore(device, $"{device}:{8 << 20}").Reports(3, device, "is mounted at");
        Restore(file, file).Reports(3, file, "is mounted at");
    }

    [Fact]
    public async Task The_disk_that_holds_the_store_is_refused()
    {
        await using var mounted = await SmallFileSystem.CreateAsync(24 << 20);
        var (device, file) = DeviceOf(mounted);
        var store = Path.Combine(mounted.Path, "store");
        SystemTool.Run("cp", "-a", sample.Store, store);
        Bootconsole.Run("backup", "--disk", device, "--store", store, "--no-encryption").Reports(3, device, "It holds the store");
        Bootconsole.Run("restore", "--store", store, "latest", "--disk", device, "--yes-overwrite", $"{device}:{24 << 20}").Reports(3, device, "It holds the store");
        Bootconsole.Run("restore", "--store", store, "latest", "--disk", file, "--yes-overwrite", file).Reports(3, file, "is mounted at");
    }

    [Fact]
    public void A_disk_named_twice_is_refused_under_whatever_names()
    {
        using var loop = LoopDisk.Attach(sample.Source, isReadOnly: true);
        Bootconsole.Run("backup", "--disk", sample.Source, "--disk", loop.Path, "--store", sample.Store, "--no-encryption").Reports(3, "The same disk is named twice", loop.Path);
    }

    [Fact]
    public void A_file_that_is_not_made_of_whole_sectors_is_refused()
    {
        var odd = sample.NewPath();
        File.WriteAllBytes(odd, new byte[1000]);
        Backup(odd).Reports(3, odd, "whole sectors", "1000 bytes");
        File.WriteAllBytes(odd, []);
        Backup(odd).Reports(3, odd, "empty");
    }

    private static (string Device, string File) DeviceOf(SmallFileSystem mounted)
    {
        var device = SystemTool.Run("findmnt", "--noheadings", "--output", "SOURCE", "--mountpoint", mounted.Path).Trim();
        return (device, SystemTool.Run("losetup", "--noheadings", "--output", "BACK-FILE", device).Trim());
    }

    private Run Backup(string disk, params string[] more) => Bootconsole.Run(["backup", "--disk", disk, "--store", sample.Store, "--no-encryption", .. more]);

    private Run Restore(string disk, string token) => Bootconsole.Run("restore", "--store", sample.Store, "latest", "--disk", disk, "--yes-overwrite", token);
}
