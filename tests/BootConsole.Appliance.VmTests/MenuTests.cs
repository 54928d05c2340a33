// From the kernel to the menu.
using System.Globalization;
using BootConsole.Appliance.VmTests.Pc;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class MenuTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_PC_with_512_MiB_shows_the_menu_on_its_serial_console()
    {
        using var pc = await VirtualPc.StartAsync(new PcPlan { Processors = 2, HasScreen = true, Memory = 512, Kernel = new DirectBoot([BootParts.Base], "console=ttyS0") });
        await pc.SaysAsync("Linux version");
        var firstLine = pc.Uptime;
        await pc.ShowsAsync("Welcome", "Back up");
        pc.Report(output, "power on to menu");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the kernel's first line to menu: {(pc.Uptime - firstLine).TotalSeconds:0.0} s"));
    }
}
