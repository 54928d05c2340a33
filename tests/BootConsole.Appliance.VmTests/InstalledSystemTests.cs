// What a restore is for: the system that was installed on a disk starts from the disk that it was restored onto, in the same PC and in another one.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.Core;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class InstalledSystemTests(ITestOutputHelper output) : IDisposable
{
    private const string Serial = "VM-DISK-1", Shim = @"\EFI\debian\shimx64.efi";

    private readonly TempFolder _folder = new();
    private readonly PcArchive _archive = new();

    public void Dispose()
    {
        _archive.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_installed_Linux_starts_from_the_restored_disk_under_BIOS_and_UEFI_and_in_a_PC_that_does_not_know_the_disk()
    {
        await using var server = await GuestServer.StartAsync();
        var disk = SmallLinux.Install(_folder["disk"]);
        await StartsAsync("BIOS, as installed", disk, Firmware.Bios, "", "(hd0)");
        await BackUpAsync(server, disk);

        var restored = PartitionedImage.Sparse(_folder["restored"], SmallLinux.Bytes);
        await RestoreAsync(server, restored);
        // The boot loader for BIOS and the root are what they were; the EFI system partition has got its fallback.
        foreach (var range in (ByteRange[])[new(0, 440), SmallLinux.Core, SmallLinux.Root]) SystemTool.Run("cmp", "-i", $"{range.Start}", "-n", $"{range.Length}", disk, restored);

        await StartsAsync("BIOS, restored", restored, Firmware.Bios, "", "(hd0)");
        await StartsAsync("UEFI, restored, by its boot entry", restored, Firmware.Uefi, _folder["pc.fd"], "/EFI/debian");
        await StartsAsync("UEFI, restored, in a PC that does not know the disk", restored, Firmware.Uefi, _folder["other.fd"], "/EFI/BOOT");
    }

    private async Task BackUpAsync(GuestServer server, string disk)
    {
        var settings = _archive.Make(JobText.Backup(server.Settings, "", Serial), server.Key);
        using var pc = await VirtualPc.StartAsync(Plan(disk, Firmware.Uefi, _folder["old.fd"]) with { HasNetwork = true, Kernel = new DirectBoot([BootParts.Base, settings], "console=ttyS0 bootconsole.menu") });
        await pc.ShowsAsync("Welcome");
        var shell = await GuestShell.OpenAsync(pc);
        // As an installer does it.
        await shell.DoAsync($"efibootmgr --quiet --create --disk /dev/vda --part 2 --label debian --loader '{Shim}'");
        await pc.EnterAsync("bootconsole run --config /etc/bootconsole.toml");
        await pc.EndsAsync();
        pc.Report(output, "backup under UEFI");
        var manifest = File.ReadAllText(Path.Combine(server.Images().Single(), "image.json"));
        Assert.Contains("\"description\": \"debian\"", manifest, StringComparison.Ordinal);
    }

    private async Task RestoreAsync(GuestServer server, string disk)
    {
        var settings = _archive.Make(JobText.Restore(server.Settings, onlyDifferences: false, Serial), server.Key);
        using var pc = await VirtualPc.StartAsync(Plan(disk, Firmware.Uefi, _folder["pc.fd"]) with { HasNetwork = true, Kernel = new DirectBoot([BootParts.Base, settings], "console=ttyS0") });
        await pc.EndsAsync();
        pc.Report(output, "restore under UEFI");
        Assert.Contains("it is a copy of " + Shim, server.LastRecord(), StringComparison.Ordinal);
        Assert.Contains("did not know the boot entry 'debian'", server.LastRecord(), StringComparison.Ordinal);
    }

    private async Task StartsAsync(string what, string disk, Firmware firmware, string variables, string from)
    {
        using var pc = await VirtualPc.StartAsync(Plan(disk, firmware, variables));
        await pc.SaysAsync(SmallLinux.IsUp);
        pc.Report(output, what);
        await pc.EndsAsync();
        Assert.Contains(from + ".", pc.Log[pc.Log.IndexOf(SmallLinux.IsUp, StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    private static PcPlan Plan(string disk, Firmware firmware, string variables) =>
        new() { Firmware = firmware, Variables = variables, Memory = 512, HasNetwork = false, Disks = [new PcDisk(disk, Serial)] };
}
