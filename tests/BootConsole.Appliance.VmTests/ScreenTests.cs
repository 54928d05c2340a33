// A PC's own screen and keyboard: the menu on tty1, and Ctrl-Alt-Del.
using System.Text.Json.Nodes;
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class ScreenTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_menu_is_on_the_PC_s_own_screen_too_and_Ctrl_Alt_Del_starts_it_anew_with_its_disks_unmounted()
    {
        using var folder = new TempFolder();
        PartitionedImage.Sparse(folder["medium"], 64 << 20);
        SystemTool.Run("mkfs.ext4", "-q", "-F", folder["medium"]);
        using var pc = await VirtualPc.StartAsync(new PcPlan { HasScreen = true, Memory = 512, Disks = [new PcDisk(folder["medium"], "MEDIUM")], Kernel = new DirectBoot([BootParts.Base], "console=ttyS0 console=tty1") });
        await pc.ShowsAsync("Welcome", "Back up");
        pc.Report(output, "menu on the serial console");
        var shell = await GuestShell.OpenAsync(pc);
        // What the kernel has in the cells of the screen, a line for each of its rows.
        await shell.DoAsync("until tr '\\000' ' ' < /dev/vcs1 | grep -q 'Back up'; do sleep 0.2; done");
        var cells = await shell.DoAsync("fold -b -w $(stty -F /dev/tty1 size | cut -d' ' -f2) /dev/vcs1");
        foreach (var words in (string[])["BootConsole", "Welcome", "Back up", "Save whole disks of this PC as an image.", "Switch this PC off"]) Assert.Contains(words, cells, StringComparison.Ordinal);
        using var monitor = await pc.OpenMonitorAsync();
        await monitor.DoAsync("screendump", ("filename", folder["screen.ppm"]));
        var lit = Lit(File.ReadAllBytes(folder["screen.ppm"]));
        output.WriteLine($"{lit:P1} of the screen are lit");
        Assert.InRange(lit, 0.01, 0.5);
        pc.Report(output, "menu on the screen");

        await shell.DoAsync("/usr/bin/mount /dev/vda /mnt && echo kept > /mnt/file");
        await monitor.DoAsync("send-key", ("keys", new JsonArray([.. ((string[])["ctrl", "alt", "delete"]).Select(key => (JsonNode)new JsonObject { ["type"] = "qcode", ["data"] = key })])));
        // QEMU is told to end where the PC would start anew.
        await pc.EndsAsync();
        Assert.Contains("reboot: Restarting system", pc.Log, StringComparison.Ordinal);
        pc.Report(output, "Ctrl-Alt-Del");
        // Unmounted, not only written back: the journal has nothing left to do.
        Assert.DoesNotContain("needs_recovery", SystemTool.Run("dumpe2fs", "-h", folder["medium"]), StringComparison.Ordinal);
        using var device = LoopDisk.Attach(folder["medium"]);
        using var mount = MountedFolder.Mount(device.Path, folder["mount"]);
        Assert.Equal("kept\n", File.ReadAllText(Path.Combine(mount.Path, "file")));
    }

    // A binary portable pixmap: "P6", width, height and 255 as text, then three bytes a pixel.
    private static double Lit(ReadOnlySpan<byte> pixmap)
    {
        for (var lines = 0; lines < 3; lines++) pixmap = pixmap[(pixmap.IndexOf((byte)'\n') + 1)..];
        var (lit, pixels) = (0, pixmap.Length / 3);
        for (var pixel = 0; pixel < pixels; pixel++) lit += pixmap.Slice(pixel * 3, 3).IndexOfAnyExcept((byte)0) >= 0 ? 1 : 0;
        return (double)lit / pixels;
    }
}
