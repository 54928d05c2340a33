// A PC with a disk of each kind, which come back on other connectors in another order.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class DiskKindTests(ITestOutputHelper output)
{
    private static readonly (string Serial, Bus Before, Bus After, int SectorBytes)[] Disks =
    [
        ("VM-VIRTIO", Bus.Virtio, Bus.Usb, 512), ("VM-SATA", Bus.Ahci, Bus.Scsi, 512), ("VM-NVME-4KN", Bus.Nvme, Bus.Virtio, 4096),
        ("VM-USB", Bus.Usb, Bus.Nvme, 512), ("VM-SCSI", Bus.Scsi, Bus.Ahci, 512),
    ];

    [Fact]
    public async Task Disks_of_every_kind_are_known_by_their_serials_wherever_they_are_attached()
    {
        await using var server = await GuestServer.StartAsync();
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        string[] serials = [.. Disks.Select(disk => disk.Serial)];
        foreach (var (serial, number) in serials.Select((serial, number) => (serial, number))) SampleDisk.Make(folder[serial], seed: number + 1, Disks[number].SectorBytes);

        await RunAsync("backup of five disks", [.. Disks.Select(disk => new PcDisk(folder[disk.Serial], disk.Serial) { Bus = disk.Before, SectorBytes = disk.SectorBytes })],
            archive.Make(JobText.Backup(server.Settings, "", serials), server.Key), "Image 20");
        var found = server.LastRecord();
        foreach (var said in (string[])[
            "model '', serial 'VM-VIRTIO', virtio", "model 'QEMU HARDDISK', serial 'VM-SATA', sata", "model 'QEMU NVMe Ctrl', serial 'VM-NVME-4KN', nvme",
            "model 'QEMU HARDDISK', serial 'VM-USB', usb", "model 'QEMU HARDDISK', serial 'VM-SCSI', scsi"])
            Assert.Contains(said, found, StringComparison.Ordinal);

        // The last one first, each on another connector than before.
        var targets = Disks.Reverse().Select(disk => new PcDisk(PartitionedImage.Sparse(folder["new-" + disk.Serial], SampleDisk.Bytes), disk.Serial) { Bus = disk.After, SectorBytes = disk.SectorBytes });
        await RunAsync("restore of five disks", [.. targets], archive.Make(JobText.Restore(server.Settings, onlyDifferences: false, serials), server.Key), "is restored and read back");
        foreach (var serial in serials) SystemTool.Run("cmp", folder[serial], folder["new-" + serial]);
    }

    private async Task RunAsync(string what, PcDisk[] disks, string archive, string said)
    {
        using var pc = await VirtualPc.StartAsync(new PcPlan { Disks = disks, Kernel = new DirectBoot([BootParts.Base, archive], "console=ttyS0") });
        await pc.SaysAsync("The PC will be switched off");
        Assert.Contains(said, pc.Log, StringComparison.Ordinal);
        pc.Report(output, what);
    }
}
