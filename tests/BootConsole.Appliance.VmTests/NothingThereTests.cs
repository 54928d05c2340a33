// A PC that lacks what it needs: no settings, no disk, no network card; then a card without a cable, and a network without a DHCP server.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class NothingThereTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_PC_without_settings_disk_and_network_card_says_so_at_each_place()
    {
        using var pc = await VirtualPc.StartAsync(new PcPlan { Memory = 512, HasNetwork = false, Kernel = new DirectBoot([BootParts.Base], "console=ttyS0 console=ttyS1") });
        await pc.ShowsAsync("The kernel line has console=ttyS1, which this PC does not have.", "BootConsole starts in 10 seconds; Enter: now.");
        await pc.PressAsync("Enter", "Welcome", "No settings file: the store is asked for.");
        await pc.PressAsync("1", "This PC shows no disk.", "does its controller need a driver?");
        await pc.PressAsync("Escape", "Welcome");
        await pc.PressAsync("4", "Tools");
        await pc.PressAsync("1", "This PC has no network card that the kernel knows.");
        await pc.PressAsync("Escape", "Tools");
        await pc.PressAsync("Escape", "Welcome");
        var shell = await GuestShell.OpenAsync(pc);
        // Nor has it a screen: the serial line is the console of jobs, and the only one.
        Assert.Contains("ttyS0\r\nttyS0::respawn:/usr/lib/bootconsole/console ttyS0\r\ntty2", await shell.DoAsync("cat /run/bootconsole/primary /etc/inittab"), StringComparison.Ordinal);
        var (code, said) = await shell.RunAsync("echo '[pc]' > /tmp/pc.toml; echo 'name = \"x\"' >> /tmp/pc.toml; bootconsole setup --config /tmp/pc.toml");
        Assert.Equal(1, code);
        Assert.Contains("This PC has no network card that this boot image knows.", said, StringComparison.Ordinal);
        Assert.Contains("or local media: address = \"none\"", said, StringComparison.Ordinal);
        pc.Report(output, "nothing there");
    }

    [Fact]
    public async Task A_cable_without_a_link_and_a_network_without_a_DHCP_server_are_told_apart()
    {
        using var archive = new PcArchive();
        // A hub with nobody else on it.
        using var pc = await VirtualPc.StartAsync(new PcPlan
        {
            Memory = 512,
            HasNetwork = false,
            More = ["-netdev", "hubport,id=net0,hubid=1", "-device", "virtio-net-pci,id=card0,netdev=net0,romfile="],
            Kernel = new DirectBoot([BootParts.Base, archive.Make(
                """
                [pc]
                name = "vm-pc"
                [server]
                url = "sftp://pc@192.0.2.1/"
                host_keys = ["192.0.2.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPwtRQDA4hH1Y+5Ii4H7PlI3XqQjqCmJhcrbyqtNaKsa"]
                identity = "/etc/bootconsole.toml"
                [backup]
                store = "server"
                disks = ["only"]
                encryption = "none"
                [job]
                action = "backup"
                countdown = 0
                """)], "console=ttyS0"),
        });
        using (var monitor = await pc.OpenMonitorAsync())
        {
            await monitor.DoAsync("set_link", ("name", "card0"), ("up", false));
            await pc.SaysAsync("No cable with a link: eth0.", "Not everything of [pc] could be set up", "Enter: now.");
            await pc.PressAsync("Enter", "NOT DONE.", "To do:");
            await pc.PressAsync("Enter", "Welcome", "Network: No cable with a link: eth0.");
            await monitor.DoAsync("set_link", ("name", "card0"), ("up", true));
        }

        await pc.PressAsync("4", "Tools");
        await pc.PressAsync("1", "Network", "no address");
        await pc.PressAsync("s", "dhcp, none, or an address");
        await pc.PressAsync("Enter", "No DHCP server answers on eth0.", "give the PC a fixed address");
        await pc.PressAsync("s", "dhcp, none, or an address");
        for (var count = 0; count < 4; count++) await pc.PressAsync("BSpace");
        await pc.EnterAsync("192.0.2.17/24", "eth0 has the address 192.0.2.17/24");
        pc.Report(output, "no link, no DHCP");
    }
}
