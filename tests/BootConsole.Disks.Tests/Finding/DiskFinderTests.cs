// Which disks a PC has, and which must not be touched.
using BootConsole.Core;
using BootConsole.Disks.Finding;
using BootConsole.Host;
using BootConsole.TestKit;
using static BootConsole.Disks.Tests.Finding.FakePc;

namespace BootConsole.Disks.Tests.Finding;

public sealed class DiskFinderTests : IDisposable
{
    private readonly FakePc _pc = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _pc.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_office_PC_offers_exactly_its_free_disks()
    {
        _pc.Add(
            Device("nvme0n1", "259:0", "disk", children:
            [
                Device("nvme0n1p1", "259:1", "part", mount: "/boot/efi"),
                Device("nvme0n1p2", "259:2", "part", children: Device("mapper/luks", "252:0", "crypt", children:
                    [Device("mapper/vg-root", "252:1", "lvm", mount: "/"), Device("mapper/vg-swap", "252:2", "lvm", mount: "[SWAP]")])),
            ]),
            Device("sda", "8:0", "disk", children: Device("sda1", "8:1", "part")),
            Device("sdb", "8:16", "disk", children: Device("sdb1", "8:17", "part", mount: "/media/stick")),
            Device("sdc", "8:32", "disk", children: Device("md0", "9:0", "raid1")),
            Device("sdd", "8:48", "disk", children: Device("md0", "9:0", "raid1")),
            Device("sde", "8:64", "disk", size: 0),
            Device("sdf", "8:80", "disk", mount: "[SWAP]"),
            With(Device("sdg", "8:96", "disk"), "ro", true),
            Device("mmcblk0", "179:0", "disk"),
            Device("mmcblk0boot0", "179:8", "disk"),
            Device("sr0", "11:0", "rom"),
            Device("fd0", "2:0", "disk"),
            Device("zram0", "251:0", "disk"),
            Device("ram0", "1:0", "disk"),
            Device("nbd0", "43:0", "disk", size: 0),
            Device("loop0", "7:0", "loop", size: 0),
            Device("loop1", "7:1", "loop"));
        _pc.AddLoop("loop1", "7:1", "/srv/disk.img", 99, "0:30");
        var inventory = await _pc.FindAsync();

        Assert.Equal(["/dev/sda", "/dev/sdc", "/dev/sdd", "/dev/sdg", "/dev/mmcblk0"], inventory.Candidates(DiskPurpose.Backup).Select(disk => disk.Info.Path));
        Assert.Equal(["/dev/sda", "/dev/mmcblk0"], inventory.Candidates(DiskPurpose.Restore).Select(disk => disk.Info.Path));
        Assert.Equal("/dev/loop1", inventory.Disks[^1].Info.Path);
        Assert.Equal(
            "It holds the running system: /dev/nvme0n1p1 is mounted at /boot/efi, /dev/mapper/vg-root is mounted at /, /dev/mapper/vg-swap is in use as swap.",
            Sentence("/dev/nvme0n1", RefusalReason.HoldsSystem));
        Assert.Equal("A file system on it is mounted: /dev/sdb1 is mounted at /media/stick.", Sentence("/dev/sdb", RefusalReason.Mounted));
        Assert.Equal("It is in use by /dev/md0 (raid1).", Sentence("/dev/sdc", RefusalReason.InUse));
        Assert.Equal("It holds no medium.", Sentence("/dev/sde", RefusalReason.NoMedium));
        Assert.Equal("It holds the running system: /dev/sdf is in use as swap.", Sentence("/dev/sdf", RefusalReason.HoldsSystem));
        Assert.Equal("It is read-only.", Sentence("/dev/sdg", RefusalReason.ReadOnly));

        Assert.Equal("It is an LVM volume on /dev/nvme0n1.", Other("/dev/mapper/vg-root"));
        Assert.Equal("It is a partition of /dev/sda.", Other("/dev/sda1"));
        Assert.Equal("It is a RAID array on /dev/sdc.", Other("/dev/md0"));
        Assert.Equal("It is a boot area inside an eMMC chip, not the disk.", Other("/dev/mmcblk0boot0"));
        Assert.Equal("It is an optical drive.", Other("/dev/sr0"));
        Assert.Equal("It is a floppy drive.", Other("/dev/fd0"));
        Assert.Equal("It is memory, not a disk.", Other("/dev/zram0"));
        Assert.Equal("It is memory, not a disk.", Other("/dev/ram0"));
        Assert.Equal("It is a network block device that is not connected.", Other("/dev/nbd0"));
        Assert.Equal("It is a loop device without a file behind it.", Other("/dev/loop0"));

        string Sentence(string path, RefusalReason reason) => Find(inventory, path).Refusals.First(refusal => refusal.Reason == reason).Sentence;
        string Other(string path) => inventory.Others.Single(other => other.Path == path).Sentence;
    }

    [Fact]
    public async Task What_udev_knows_is_taken_from_lsblk_and_the_rest_from_the_kernel()
    {
        var known = Device("sda", "8:0", "disk");
        (known["model"], known["serial"], known["wwn"], known["tran"], known["hotplug"]) = ("Samsung  SSD 870 ", "S6PUNX0T", "0x5002538f00000001", "sata", true);
        _pc.Add(known, Device("sdb", "8:16", "disk"), Device("vda", "254:0", "disk"));
        _pc.Add(Device("nvme0n1", "259:0", "disk"), Device("mmcblk0", "179:0", "disk"), Device("sdc", "8:32", "disk"));
        _pc.AddAttribute("block/sda/serial", "OTHER");
        _pc.AddAttribute("block/sda/diskseq", "17\n");
        _pc.AddAttribute("block/sdb/device/model", "ST4000DM004-2CV1\n");
        _pc.AddAttribute("block/sdb/device/vpd_pg80", [0, 0x80, 0, 12, .. "    ZFN0ABCD"u8, 0, 0]);
        _pc.AddAttribute("block/sdb/device/wwid", "naa.5000c500a1b2c3d4\n");
        _pc.AddAttribute("block/vda/serial", "backup-disk-7");
        _pc.AddAttribute("block/nvme0n1/wwid", "eui.0025385b21404321\n");
        _pc.AddAttribute("block/nvme0n1/device/serial", "S4EVNF0M  \n");
        _pc.AddAttribute("block/mmcblk0/device/name", "SD64G\n");
        _pc.AddAttribute("block/mmcblk0/device/serial", "0x1234abcd\n");
        _pc.AddAttribute("block/sdc/device/vpd_pg80", [0, 0x80, 0xFF, 0xFF, .. "SHORT\u001b"u8]);
        _pc.AddAttribute("block/sdc/device/wwid", "t10.ATA     SOMETHING   SHORT\n");
        var disks = (await _pc.FindAsync()).Disks.ToDictionary(disk => disk.Info.Path, disk => disk);

        Assert.Equal(("Samsung SSD 870", "S6PUNX0T", "0x5002538f00000001", "sata"), Said("/dev/sda"));
        Assert.Equal(17UL, disks["/dev/sda"].Info.Sequence);
        Assert.True(disks["/dev/sda"].IsRemovable);
        Assert.Equal("S6PUNX0T", disks["/dev/sda"].Info.OverwriteToken);
        Assert.Equal(("ST4000DM004-2CV1", "ZFN0ABCD", "0x5000c500a1b2c3d4", "scsi"), Said("/dev/sdb"));
        Assert.Equal(("", "backup-disk-7", "", "virtio"), Said("/dev/vda"));
        Assert.Equal(("", "S4EVNF0M", "eui.0025385b21404321", "nvme"), Said("/dev/nvme0n1"));
        Assert.Equal(("SD64G", "0x1234abcd", "", "mmc"), Said("/dev/mmcblk0"));
        Assert.Equal(("", "SHORT", "", "scsi"), Said("/dev/sdc"));

        (string, string, string, string) Said(string path) => (disks[path].Info.Model, disks[path].Info.Serial, disks[path].Info.Wwn, disks[path].Info.Attachment);
    }

    [Fact]
    public async Task Without_udev_the_kernel_says_a_SATA_disk_s_whole_model_and_a_USB_disk_s_serial()
    {
        var identify = new byte[572];
        (identify[1], identify[2], identify[3]) = (0x89, 2, 0x38);
        // Words with their two characters swapped.
        "aSsmnu gSS D68 0VE O05G0 B              "u8.CopyTo(identify.AsSpan(60 + 54));
        _pc.Add(With(Device("sda", "8:0", "disk"), "model", "Samsung SSD 860"), With(Device("sdb", "8:16", "disk"), "tran", "usb"), Device("sdc", "8:32", "disk"));
        _pc.AddAttribute("block/sda/device/vpd_pg89", identify);
        _pc.AddAttribute("devices/usb1/1-1/serial", "4C530001\n").AddAttribute("devices/usb1/1-1/1-1:1.0/bInterfaceClass", "08\n").AddAttribute("devices/usb1/1-1/1-1:1.0/host2/target2:0:0/2:0:0:0/model", "Cruzer Blade\n");
        _pc.AddLink("block/sdb/device", "../../devices/usb1/1-1/1-1:1.0/host2/target2:0:0/2:0:0:0");
        // What lies above another disk is not its own.
        _pc.AddAttribute("devices/pci0/virtio1/serial", "OF-THE-CARD\n").AddAttribute("devices/pci0/virtio1/port/host3/target3:0:0/3:0:0:0/model", "Disk\n");
        _pc.AddLink("block/sdc/device", "../../devices/pci0/virtio1/port/host3/target3:0:0/3:0:0:0");
        var disks = (await _pc.FindAsync()).Disks;
        Assert.Equal([("Samsung SSD 860 EVO 500GB", ""), ("Cruzer Blade", "4C530001"), ("Disk", "")], disks.Select(disk => (disk.Info.Model, disk.Info.Serial)));
    }

    [Fact]
    public async Task The_store_and_the_boot_medium_are_refused_by_name()
    {
        _pc.Add(
            Device("sda", "8:0", "disk", children: Device("sda1", "8:1", "part", mount: _folder.Path)),
            Device("sdb", "8:16", "disk", children: Device("sdb1", "8:17", "part")),
            Device("sdc", "8:32", "disk"));
        // The folder's own device has a number that is not the partition's, as with btrfs: the list of mounts tells.
        var stick = _pc.Node("sdb1", 8, 17);
        var device = FileIdentity.Of(_folder.Path)!.FileSystem;
        var inventory = await _pc.FindAsync(new DiskSurroundings { BootMedium = stick });
        Assert.Equal(RefusalReason.HoldsBootMedium, Assert.Single(Find(inventory, "/dev/sdb").Refusals).Reason);

        using var pc = new FakePc();
        pc.Add(Device("sda", "8:0", "disk", children: Device("sda1", $"{device}", "part", mount: "/somewhere")), Device("sdc", "8:32", "disk"));
        inventory = await pc.FindAsync(new DiskSurroundings { StoreFolder = _folder["not/yet/there"] });
        Assert.Equal([RefusalReason.HoldsStore, RefusalReason.Mounted], Find(inventory, "/dev/sda").Refusals.Select(refusal => refusal.Reason));
        Assert.True(Find(inventory, "/dev/sdc").IsOfferedFor(DiskPurpose.Restore));
    }

    [Fact]
    public async Task The_store_on_a_real_mounted_device_is_found()
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 16 << 20);
        SystemTool.Run("mkfs.ext4", "-q", loop.Path);
        using var mount = MountedFolder.Mount(loop.Path, _folder["store"]);
        var disk = Find(await Devices.FindAsync(new DiskSurroundings { StoreFolder = Path.Combine(mount.Path, "new") }), loop.Path);
        Assert.Equal([RefusalReason.HoldsStore, RefusalReason.Mounted], disk.Refusals.Select(refusal => refusal.Reason));
        Assert.Equal([mount.Path], disk.MountPoints);
        Assert.False(disk.IsOfferedFor(DiskPurpose.Backup));
    }

    [Fact]
    public async Task All_disks_of_a_btrfs_are_mounted_when_one_is()
    {
        _pc.Add(
            Device("sda", "8:0", "disk", children: Device("sda2", "8:2", "part", mount: "/")),
            Device("sdb", "8:16", "disk"),
            Device("sdc", "8:32", "disk"));
        _pc.AddAttribute("fs/btrfs/5e0c/devices/sda2", "").AddAttribute("fs/btrfs/5e0c/devices/sdb", "").AddAttribute("fs/btrfs/features/raid1c34", "1");
        var inventory = await _pc.FindAsync();
        Assert.Equal("It holds the running system: /dev/sdb is mounted at /.", Assert.Single(Find(inventory, "/dev/sdb").Refusals).Sentence);
        Assert.Empty(Find(inventory, "/dev/sdc").Refusals);
    }

    [Fact]
    public async Task A_live_system_that_runs_from_a_file_on_a_disk_holds_that_disk()
    {
        // sdb1 → live.squashfs → loop0 → /; and sdc1 stands behind loop1 without being mounted itself.
        var node = _pc.Node("sdc1", 8, 33);
        _pc.Add(
            Device("sdb", "8:16", "disk", children: Device("sdb1", "8:17", "part", mount: "/run/live/medium")),
            Device("sdc", "8:32", "disk", children: Device("sdc1", "8:33", "part")),
            Device("loop0", "7:0", "loop", mount: "/"),
            Device("loop1", "7:1", "loop", mount: "/mnt/old"));
        _pc.AddLoop("loop0", "7:0", "/run/live/medium/live.squashfs", 11, "8:17").AddLoop("loop1", "7:1", node, 12, "0:6");
        var inventory = await _pc.FindAsync();
        Assert.Equal("It holds the running system: /dev/loop0 is mounted at /.", Find(inventory, "/dev/sdb").Refusals[0].Sentence);
        Assert.Equal(
            ["A file system on it is mounted: /dev/loop1 is mounted at /mnt/old.", "It is in use by /dev/loop1 (loop)."],
            Find(inventory, "/dev/sdc").Refusals.Select(refusal => refusal.Sentence));
    }

    [SkippableFact]
    public async Task The_disk_of_this_running_system_is_never_offered()
    {
        var root = FileIdentity.Of("/")!.FileSystem;
        var inventory = await Devices.FindAsync();
        var holder = inventory.Find(root) ?? inventory.Disks.FirstOrDefault(disk => disk.MountPoints.Contains("/"));
        Skip.If(holder is null, "the root of this machine lies on no disk");
        Assert.Equal(RefusalReason.HoldsSystem, holder.Refusals[0].Reason);
        Assert.False(holder.IsOfferedFor(DiskPurpose.Backup));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public async Task A_loop_device_is_shown_with_the_file_behind_it(int sectorBytes)
    {
        using var loop = LoopDisk.Create(_folder["disk.img"], 4 << 20, sectorBytes);
        var disk = await Devices.FindAsync(loop);
        Assert.Equal((4L << 20, sectorBytes, "loop", true), (disk.Info.Length, disk.Info.SectorBytes, disk.Info.Attachment, disk.IsLoop));
        Assert.True(disk.Backing!.IsSameAs(FileIdentity.Of(loop.BackingFile)!));
        Assert.Empty(disk.Refusals);
        Assert.DoesNotContain(disk, (await Devices.FindAsync()).Candidates(DiskPurpose.Restore));
        Assert.Equal($"{loop.Path}:{4 << 20}", disk.Info.OverwriteToken);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"blockdevices":[{"kname":"sda"}]}""")]
    [InlineData("""{"blockdevices":[{"kname":"sda","path":"/dev/sda","maj:min":"x","type":"disk"}]}""")]
    public async Task Output_that_is_not_lsblks_is_a_fault_of_this_machine(string output)
    {
        _pc.LsblkResult = new ProgramResult(0, output, "", TimedOut: false);
        Assert.Equal("lsblk", (await Assert.ThrowsAsync<HostFault>(() => _pc.FindAsync())).Which);
    }

    [Fact]
    public async Task A_failing_lsblk_is_a_fault_but_a_disk_that_left_meanwhile_is_not()
    {
        _pc.LsblkResult = new ProgramResult(32, "", "lsblk: none of specified devices found", TimedOut: false);
        Assert.Contains("32", (await Assert.ThrowsAsync<HostFault>(() => _pc.FindAsync())).Found, StringComparison.Ordinal);
        _pc.LsblkResult = new ProgramResult(64, """{"blockdevices":[]}""", "", TimedOut: false);
        Assert.Empty((await _pc.FindAsync()).Disks);
    }

    [Fact]
    public async Task Older_lsblk_that_prints_numbers_and_flags_as_text_is_understood()
    {
        var device = Device("sda", "8:0", "disk");
        (device["size"], device["log-sec"], device["ro"]) = ("4096000", "512", "1");
        _pc.Add(device);
        var disk = Assert.Single((await _pc.FindAsync()).Disks);
        Assert.Equal(4_096_000, disk.Info.Length);
        Assert.True(disk.IsReadOnly);
    }

    [Fact]
    public async Task A_disk_with_sectors_no_one_knows_is_refused()
    {
        _pc.Add(With(Device("sda", "8:0", "disk"), "log-sec", 8192));
        Assert.Equal(RefusalReason.OddSectors, Assert.Single(Assert.Single((await _pc.FindAsync()).Disks).Refusals).Reason);
    }

    private static FoundDisk Find(DiskInventory inventory, string path) => inventory.Disks.Single(disk => disk.Info.Path == path);
}
