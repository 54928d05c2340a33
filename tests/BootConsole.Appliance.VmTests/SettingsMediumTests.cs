// Settings and keys that the kernel line says are on a medium: bootconsole.config=LABEL:PATH.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class SettingsMediumTests(ITestOutputHelper output)
{
    private const string Serial = "VM-DISK-1";

    [Fact]
    public async Task A_PC_takes_its_settings_and_its_key_from_a_stick_that_is_named_by_its_label_and_does_the_job()
    {
        await using var server = await GuestServer.StartAsync();
        using var folder = new TempFolder();
        var disk = SampleDisk.Make(folder["disk"]);
        File.WriteAllText(folder["pc.toml"], JobText.Backup(server.Settings, "", Serial));
        // FAT knows no modes: the key is readable by everybody there, and ssh would not take it so.
        PartitionedImage.Sparse(folder["stick"], 40 << 20);
        SystemTool.Run("mkfs.vfat", "-F", "32", "-n", "PCS", folder["stick"]);
        SystemTool.Run("mmd", "-i", folder["stick"], "::rooms", "::rooms/bootconsole");
        SystemTool.Run("mcopy", "-i", folder["stick"], folder["pc.toml"], "::rooms/room-7.toml");
        SystemTool.Run("mcopy", "-i", folder["stick"], server.Key.Source, "::rooms/bootconsole/" + Path.GetFileName(server.Key.Path));
        using var pc = await VirtualPc.StartAsync(new PcPlan
        {
            Memory = 512,
            Disks = [new PcDisk(disk, Serial), new PcDisk(folder["stick"], "STICK") { Bus = Bus.Usb }],
            Kernel = new DirectBoot([BootParts.Base], "console=ttyS0 bootconsole.config=PCS:rooms/room-7.toml"),
        });
        await pc.SaysAsync("The PC will be switched off");
        Assert.Contains("is finished", pc.Log, StringComparison.Ordinal);
        pc.Report(output, "backup by settings from a stick");
        server.Verify(Assert.Single(server.Images()));
    }
}
