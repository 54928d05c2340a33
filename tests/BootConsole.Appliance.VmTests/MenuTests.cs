// From the kernel to the menu.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class MenuTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_PC_with_512_MiB_shows_the_menu_on_its_serial_console()
    {
        using var pc = await VirtualPc.StartAsync(new PcPlan { Memory = 512, Kernel = new DirectBoot([BootParts.Base], "console=ttyS0") });
        await pc.ShowsAsync("Welcome", "Back up");
        pc.Report(output, "power on to menu");
    }
}
