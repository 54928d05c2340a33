// Names of disks: exactly one, or a refusal.
using BootConsole.Core;
using BootConsole.Disks.Access;
using BootConsole.Disks.Finding;
using BootConsole.Host;
using BootConsole.TestKit;
using static BootConsole.Disks.Tests.Finding.FakePc;

namespace BootConsole.Disks.Tests.Finding;

public sealed class DiskSelectorTests : IDisposable
{
    private readonly FakePc _pc = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _pc.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_serial_number_or_world_wide_name_names_one_disk()
    {
        var selector = await LabAsync();
        Assert.Equal("/dev/sda", selector.Resolve("serial:S4EVNF0M", DiskPurpose.Restore).Path);
        Assert.Equal("/dev/sda", selector.Resolve("serial: S4EVNF0M ", DiskPurpose.Restore).Path);
        Assert.Equal("/dev/sda", selector.Resolve("wwn:0x5002538F00000001", DiskPurpose.Backup).Path);
    }

    [Theory]
    [InlineData("serial:S4EVNF0")]
    [InlineData("serial:s4evnf0m")]
    [InlineData("wwn:0x50")]
    [InlineData("sda")]
    [InlineData("/dev/no-such-disk")]
    [InlineData("/etc/passwd/sda")]
    public async Task What_is_unknown_is_refused_and_the_disks_are_listed(string text)
    {
        var selector = await LabAsync();
        var fault = Assert.Throws<RefusedFault>(() => selector.Resolve(text, DiskPurpose.Backup));
        Assert.Equal(text, fault.Which);
        Assert.Contains("/dev/sda 932 GiB Samsung serial:S4EVNF0M wwn:0x5002538f00000001", fault.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_disks_a_refusal_lists_some_and_real_ones_first()
    {
        for (var number = 0; number < 60; number++) _pc.Add(Device($"loop{number}", $"7:{number}", "loop")).AddLoop($"loop{number}", $"7:{number}", $"/srv/{number}.img", (ulong)number + 100, "8:1");
        var selector = await LabAsync();
        var found = Assert.Throws<RefusedFault>(() => selector.Resolve("serial:NONE", DiskPurpose.Backup)).Found;
        Assert.StartsWith("/dev/sda 932 GiB", found, StringComparison.Ordinal);
        Assert.Equal(7, found.Count(character => character == ';') - 1);
        Assert.EndsWith(" more", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("serial:")]
    [InlineData("serial:  ")]
    [InlineData("wwn:")]
    public async Task An_empty_name_is_a_mistake_of_usage(string text)
    {
        var selector = await LabAsync();
        Assert.Throws<UsageFault>(() => selector.Resolve(text, DiskPurpose.Backup));
    }

    [Fact]
    public async Task A_serial_number_of_two_disks_is_refused_naming_both()
    {
        var selector = await LabAsync();
        var fault = Assert.Throws<RefusedFault>(() => selector.Resolve("serial:DUPLICATE", DiskPurpose.Backup));
        Assert.Contains("/dev/sdb", fault.Found, StringComparison.Ordinal);
        Assert.Contains("/dev/sdc", fault.Found, StringComparison.Ordinal);
        Assert.DoesNotContain("/dev/sda", fault.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_means_the_single_free_disk_and_never_a_loop_device()
    {
        _pc.Add(
            Device("sda", "8:0", "disk", mount: "/"),
            Device("sdb", "8:16", "disk"),
            Device("loop0", "7:0", "loop"));
        _pc.AddLoop("loop0", "7:0", "/srv/disk.img", 9, "8:99");
        var selector = new DiskSelector(await _pc.FindAsync());
        Assert.Equal("/dev/sdb", selector.Resolve("only", DiskPurpose.Restore).Path);
        Assert.Equal("/dev/sdb", Assert.Single(selector.ResolveAll(DiskPurpose.Backup)).Path);

        _pc.Add(With(Device("sdc", "8:32", "disk"), "ro", true));
        selector = new DiskSelector(await _pc.FindAsync());
        Assert.Equal("/dev/sdb", selector.Resolve("only", DiskPurpose.Restore).Path);
        var fault = Assert.Throws<RefusedFault>(() => selector.Resolve("only", DiskPurpose.Backup));
        Assert.Contains("/dev/sdb", fault.Found, StringComparison.Ordinal);
        Assert.Contains("/dev/sdc", fault.Found, StringComparison.Ordinal);
        Assert.Equal(2, selector.ResolveAll(DiskPurpose.Backup).Count);
    }

    [Fact]
    public async Task Only_is_refused_where_no_disk_is_free()
    {
        _pc.Add(Device("sda", "8:0", "disk", mount: "/"));
        var selector = new DiskSelector(await _pc.FindAsync());
        Assert.Contains("/dev/sda", Assert.Throws<RefusedFault>(() => selector.Resolve("only", DiskPurpose.Backup)).Found, StringComparison.Ordinal);
        Assert.Throws<RefusedFault>(() => selector.ResolveAll(DiskPurpose.Backup));
    }

    [Fact]
    public async Task A_link_names_the_disk_it_leads_to()
    {
        var selector = await LabAsync();
        var node = _pc.Node("sda", 8, 0);
        File.CreateSymbolicLink(_folder["ata-Samsung_S4EVNF0M"], node);
        var info = selector.Resolve(_folder["ata-Samsung_S4EVNF0M"], DiskPurpose.Backup);
        Assert.Equal("/dev/sda", info.CanonicalPath);
        Assert.Equal(_folder["ata-Samsung_S4EVNF0M"], info.Path);
        Assert.Equal("S4EVNF0M", info.OverwriteToken);
    }

    [Fact]
    public async Task A_partition_or_volume_is_refused_naming_its_disk()
    {
        var selector = await LabAsync();
        Assert.Equal("It is a partition of /dev/sda.", Assert.Throws<RefusedFault>(() => selector.Resolve(_pc.Node("sda1", 8, 1), DiskPurpose.Backup)).Found);
        Assert.Equal("It is an LVM volume on /dev/sdd.", Assert.Throws<RefusedFault>(() => selector.Resolve(_pc.Node("vg", 252, 0), DiskPurpose.Backup)).Found);
        Assert.Equal("It is an optical drive.", Assert.Throws<RefusedFault>(() => selector.Resolve(_pc.Node("sr0", 11, 0), DiskPurpose.Backup)).Found);
        var unknown = Assert.Throws<RefusedFault>(() => selector.Resolve(_pc.Node("new", 8, 240), DiskPurpose.Backup));
        Assert.Contains("not in the list", unknown.Message, StringComparison.Ordinal);
        Assert.Throws<RefusedFault>(() => selector.Resolve("/dev/null", DiskPurpose.Backup));
        Assert.Throws<RefusedFault>(() => selector.Resolve(_folder.Path, DiskPurpose.Backup));
    }

    [Fact]
    public async Task A_refused_disk_stays_refused_under_every_name()
    {
        _pc.Add(
            With(Device("sda", "8:0", "disk", children: Device("sda1", "8:1", "part", mount: "/")), "serial", "SYSTEM"),
            With(Device("sdb", "8:16", "disk", children: Device("mapper/vg", "252:0", "lvm")), "serial", "LVM"));
        var selector = new DiskSelector(await _pc.FindAsync());
        foreach (var name in new[] { "serial:SYSTEM", _pc.Node("sda", 8, 0) })
        {
            var fault = Assert.Throws<RefusedFault>(() => selector.Resolve(name, DiskPurpose.Backup));
            Assert.Equal(("/dev/sda", "It holds the running system: /dev/sda1 is mounted at /."), (fault.Which, fault.Found));
        }

        Assert.Equal("/dev/sdb", selector.Resolve("serial:LVM", DiskPurpose.Backup).Path);
        Assert.Equal("It is in use by /dev/mapper/vg (lvm).", Assert.Throws<RefusedFault>(() => selector.Resolve("serial:LVM", DiskPurpose.Restore)).Found);
    }

    [Fact]
    public async Task An_image_file_is_a_disk_of_its_own()
    {
        var selector = new DiskSelector(await Devices.FindAsync());
        var image = PartitionedImage.Sparse(_folder["disk.img"], 1 << 20);
        File.CreateSymbolicLink(_folder["link.img"], image);
        var info = selector.Resolve(_folder["link.img"], DiskPurpose.Restore, sectorBytes: 4096);
        Assert.Equal((image, 4096, "file", true), (info.CanonicalPath, info.SectorBytes, info.Attachment, info.IsImageFile));
        Assert.Equal(image, info.OverwriteToken);
        using var disk = OpenDisk.ForWriting(info);
        disk.Write(4096, new byte[4096]);
    }

    [Fact]
    public async Task An_image_file_in_the_store_is_no_target()
    {
        Directory.CreateDirectory(_folder["store/images"]);
        var image = PartitionedImage.Sparse(_folder["store/images/disk.img"], 1 << 20);
        var selector = new DiskSelector(await Devices.FindAsync(new DiskSurroundings { StoreFolder = _folder["store"] }));
        Assert.Contains("in the store", Assert.Throws<RefusedFault>(() => selector.Resolve(image, DiskPurpose.Restore)).Found, StringComparison.Ordinal);
        Assert.Equal(image, selector.Resolve(image, DiskPurpose.Backup).CanonicalPath);

        Directory.CreateDirectory(_folder["elsewhere"]);
        SystemTool.Run("mount", "--bind", _folder["store"], _folder["elsewhere"]);
        try
        {
            Assert.Throws<RefusedFault>(() => selector.Resolve(_folder["elsewhere/images/disk.img"], DiskPurpose.Restore));
        }
        finally
        {
            SystemTool.Run("umount", _folder["elsewhere"]);
        }
    }

    [Fact]
    public async Task An_image_file_behind_a_loop_device_is_no_target_and_no_source_while_mounted()
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 16 << 20);
        SystemTool.Run("mkfs.ext4", "-q", loop.Path);
        SystemTool.Run("ln", loop.BackingFile, _folder["hard.img"]);
        var selector = new DiskSelector(await Devices.FindAsync());
        Assert.Contains(loop.Path, Assert.Throws<RefusedFault>(() => selector.Resolve(_folder["hard.img"], DiskPurpose.Restore)).Found, StringComparison.Ordinal);
        selector.Resolve(_folder["hard.img"], DiskPurpose.Backup);

        using var mount = MountedFolder.Mount(loop.Path, _folder["mount"]);
        selector = new DiskSelector(await Devices.FindAsync());
        Assert.Contains(mount.Path, Assert.Throws<RefusedFault>(() => selector.Resolve(_folder["hard.img"], DiskPurpose.Backup)).Found, StringComparison.Ordinal);
        Assert.Contains(mount.Path, Assert.Throws<RefusedFault>(() => selector.Resolve(loop.Path, DiskPurpose.Backup)).Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_and_target_are_told_to_be_one_through_links_and_loop_devices()
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 1 << 20);
        using var above = LoopDisk.Attach(loop.Path);
        using var other = LoopDisk.Create(_folder["other.img"], 1 << 20);
        SystemTool.Run("ln", loop.BackingFile, _folder["hard.img"]);
        File.CreateSymbolicLink(_folder["soft"], loop.Path);
        var inventory = await Devices.FindAsync();
        var selector = new DiskSelector(inventory);
        var same = new[]
        {
            selector.Resolve(loop.Path, DiskPurpose.Backup), selector.Resolve(_folder["soft"], DiskPurpose.Backup), selector.Resolve(above.Path, DiskPurpose.Backup),
            ImageFileProbe.Describe(loop.BackingFile), ImageFileProbe.Describe(_folder["hard.img"]),
        };
        foreach (var left in same)
        {
            foreach (var right in same) Assert.Throws<RefusedFault>(() => selector.RequireDifferent(left, right));
            selector.RequireDifferent(left, selector.Resolve(other.Path, DiskPurpose.Restore));
            selector.RequireDifferent(ImageFileProbe.Describe(other.BackingFile), left);
        }

        Assert.Contains("in use by", Assert.Throws<RefusedFault>(() => selector.Resolve(loop.Path, DiskPurpose.Restore)).Found, StringComparison.Ordinal);
    }

    private async Task<DiskSelector> LabAsync()
    {
        var first = Device("sda", "8:0", "disk", children: Device("sda1", "8:1", "part"));
        (first["model"], first["serial"], first["wwn"]) = ("Samsung", "S4EVNF0M", "0x5002538f00000001");
        _pc.Add(
            first,
            With(Device("sdb", "8:16", "disk"), "serial", "DUPLICATE"),
            With(Device("sdc", "8:32", "disk"), "serial", "DUPLICATE"),
            Device("sdd", "8:48", "disk", children: Device("mapper/vg", "252:0", "lvm")),
            Device("sr0", "11:0", "rom"));
        return new DiskSelector(await _pc.FindAsync());
    }
}
