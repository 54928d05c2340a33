// Every way in which a PC comes to the menu from media that the administrator's program made of the real base.
using System.Diagnostics;
using System.Globalization;
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class BootMediaTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Bus.Cd, Firmware.Bios)]
    [InlineData(Bus.Cd, Firmware.Uefi)]
    [InlineData(Bus.Usb, Firmware.Bios)]
    [InlineData(Bus.Usb, Firmware.Uefi)]
    public async Task A_PC_comes_to_the_menu_from_a_CD_or_a_stick(Bus bus, Firmware firmware)
    {
        var medium = Build(bus == Bus.Cd ? "iso" : "usb", "medium");
        await ComesToTheMenuAsync($"{firmware}, {bus}", new PcPlan { Firmware = firmware, HasScreen = true, Memory = 512, HasNetwork = false, Disks = [new PcDisk(medium, "MEDIUM") { Bus = bus, BootsFirst = true }] });
    }

    [Fact]
    public async Task A_PC_that_boots_only_what_Secure_Boot_vouches_for_boots_the_stick()
    {
        var medium = Build("usb", "medium", "--kernel-option", "loglevel=7");
        var plan = new PcPlan { Firmware = Firmware.SecureBoot, HasScreen = true, Memory = 512, HasNetwork = false, Disks = [new PcDisk(medium, "MEDIUM") { Bus = Bus.Usb, BootsFirst = true }] };
        var log = await ComesToTheMenuAsync("Secure Boot, Usb", plan);
        Assert.Contains("secureboot: Secure boot enabled", log, StringComparison.Ordinal);
        Assert.Contains("Kernel is locked down from EFI Secure Boot", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PC_with_UEFI_comes_to_the_menu_from_a_unified_kernel_image()
    {
        var program = Build("uki", "medium.efi");
        var stick = PartitionedImage.Sparse(_folder["stick"], 128 << 20);
        SystemTool.Run("mkfs.vfat", "-F", "32", stick);
        SystemTool.Run("mmd", "-i", stick, "::/EFI", "::/EFI/BOOT");
        SystemTool.Run("mcopy", "-i", stick, program, "::/EFI/BOOT/BOOTX64.EFI");
        await ComesToTheMenuAsync("Uefi, UKI", new PcPlan { Firmware = Firmware.Uefi, Memory = 512, HasNetwork = false, Disks = [new PcDisk(stick, "MEDIUM") { Bus = Bus.Usb, BootsFirst = true }] });
    }

    [Theory]
    [InlineData(Firmware.Bios, "grubpxe.0")]
    [InlineData(Firmware.Uefi, "bootx64.efi")]
    public async Task A_PC_comes_to_the_menu_from_the_network(Firmware firmware, string file)
    {
        var tree = Build("pxe", "tree");
        await ComesToTheMenuAsync($"{firmware}, PXE", new PcPlan { Firmware = firmware, Memory = 512, Tftp = (tree, file) });
    }

    [Fact]
    public void The_real_base_makes_the_same_bytes_twice()
    {
        foreach (var kind in (string[])["iso", "usb", "pxe", "uki"])
        {
            var times = new List<double>();
            foreach (var name in (string[])["one", "two"])
            {
                var time = Stopwatch.StartNew();
                Build(kind, $"{kind}-{name}");
                times.Add(time.Elapsed.TotalSeconds);
            }

            SystemTool.Run("diff", "-r", _folder[$"{kind}-one"], _folder[$"{kind}-two"]);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: made in {times[0]:0.0} s and {times[1]:0.0} s"));
        }
    }

    private string Build(string kind, string name, params string[] options)
    {
        File.WriteAllText(
            _folder["pc.toml"],
            """
            [pc]
            name = "matrix-pc"
            address = "none"
            """);
        SystemTool.Run(BootParts.Server, ["media", "build", "--config", _folder["pc.toml"], "--base", BootParts.Folder, "--medium", kind, "--out", _folder[name], "--serial", "ttyS0", .. options]);
        return _folder[name];
    }

    private async Task<string> ComesToTheMenuAsync(string what, PcPlan plan)
    {
        using var pc = await VirtualPc.StartAsync(plan);
        await pc.ShowsAsync("matrix-pc", "Back up");
        pc.Report(output, what);
        return pc.Log;
    }
}
