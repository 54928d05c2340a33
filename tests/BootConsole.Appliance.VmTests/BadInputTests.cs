// What is wrong in a PC's settings, disks and servers: each has its reason on the serial console, and a way on.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class BadInputTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_PC_with_256_MiB_says_what_it_needs_and_can_be_switched_off()
    {
        using var pc = await VirtualPc.StartAsync(new PcPlan { Memory = 256, Kernel = new DirectBoot([BootParts.Base], "console=ttyS0") });
        await pc.ShowsAsync("too little memory", "BootConsole needs 5", "Enter: power off.");
        await pc.PressAsync("Enter");
        await pc.EndsAsync();
        pc.Report(output, "256 MiB");
    }

    [Fact]
    public async Task Settings_that_are_wrong_disks_that_are_not_there_and_servers_that_do_not_answer_are_named_and_recorded()
    {
        await using var server = await GuestServer.StartAsync();
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        (string, string) Settings(string name, string text)
        {
            File.WriteAllText(folder[name], text);
            return ($"/etc/bootconsole/{name}.toml", folder[name]);
        }

        (string, string) Job(string name, string disk, string settings, string store = "server") => Settings(name, $"""
            [pc]
            name = "vm-pc"
            {settings}
            [backup]
            store = "{store}"
            disks = ["{disk}"]
            encryption = "none"
            [job]
            action = "backup"
            countdown = 0
            """);
        PcDisk Disk(string serial, int mebibytes, string path)
        {
            File.WriteAllBytes(path, RandomBytes.Of(mebibytes, mebibytes << 20));
            return new PcDisk(path, serial);
        }

        var nobody = server.SettingsThrough(FreePort.Find());
        var settings = archive.Make(
            "[pc]\nname = \"vm-pc\"\n[server]\nurl = \"sftp://nowhere\n", server.Key,
            Settings("pc", $"[pc]\nname = \"vm-pc\"\nkeyboard = \"de\"\n{server.Settings}"),
            Settings("vlan", "[pc]\nname = \"vm-pc\"\naddress = \"192.0.2.17/24\"\nvlan = 12\n"),
            Job("absent", "serial:NOBODY", server.Settings), Job("twice", "serial:TWIN", server.Settings), Job("closed", "serial:ONE", nobody),
            Job("address", "serial:ONE", nobody.Replace(GuestServer.Host, "10.0.2.99", StringComparison.Ordinal)),
            Job("name", "serial:ONE", nobody.Replace("@" + GuestServer.Host, "@nobody.invalid", StringComparison.Ordinal)),
            Job("full", "serial:ONE", "[[storage]]\nname = \"full\"\nurl = \"label:FULL\"", "full"),
            Job("label", "serial:ONE", "[[storage]]\nname = \"full\"\nurl = \"label:EMPTY\"", "full"));
        using var pc = await VirtualPc.StartAsync(new PcPlan
        {
            Memory = 512,
            Disks = [Disk("ONE", 32, folder["one"]), Disk("TWIN", 8, folder["twin"]), Disk("TWIN", 8, folder["other-twin"]), new PcDisk(Full(folder["full-medium"]), "FULL")],
            Kernel = new DirectBoot([BootParts.Base, settings], "console=ttyS0 bootconsole.frobnicate"),
        });
        await pc.SaysAsync("'bootconsole.frobnicate', which this boot image does not know. It knows bootconsole.menu", "BootConsole starts in 10 seconds; Enter: now.");
        await pc.PressAsync("Enter", "NOT DONE.", "bootconsole.toml:4:");
        await pc.PressAsync("Enter", "Welcome", "No settings file");
        var shell = await GuestShell.OpenAsync(pc);
        Assert.Contains("keyboard layout is de", await shell.DoAsync("bootconsole setup --config /etc/bootconsole/vlan.toml && cat /proc/net/vlan/config && bootconsole setup --config /etc/bootconsole/pc.toml"), StringComparison.Ordinal);
        Assert.Contains("| 12 ", pc.Log, StringComparison.Ordinal);
        Assert.Contains("typed z.", await TypeAsync(pc, "y", shell), StringComparison.Ordinal);
        await shell.RefusedAsync("absent", "There is no such disk", "serial:NOBODY");
        await shell.RefusedAsync("twice", "More than one disk goes by this name", "serial:TWIN");
        await shell.RefusedAsync("closed", "refused");
        await shell.RefusedAsync("address", "10.0.2.99");
        await shell.RefusedAsync("name", "nobody.invalid");
        await shell.RefusedAsync("label", "No medium with this label is attached");
        await shell.RefusedAsync("full", "full");
        var records = Directory.GetFiles(Path.Combine(server.Store, "runs")).Select(File.ReadAllText).ToList();
        // Those that could not reach a server came with the first that did.
        foreach (var reason in (string[])["There is no such disk", "More than one disk goes by this name", "bootconsole.toml:4:"]) Assert.Contains(records, record => record.Contains(reason, StringComparison.Ordinal));
        pc.Report(output, "bad settings, disks and servers");
    }

    // At the PC's own keyboard, in a console that nothing else uses.
    private static async Task<string> TypeAsync(VirtualPc pc, string key, GuestShell shell)
    {
        await shell.DoAsync("exec 3< /dev/tty3 && chvt 3");
        using (var monitor = await pc.OpenMonitorAsync())
        {
            foreach (var code in (string[])[key, "ret"])
                await monitor.DoAsync("send-key", ("keys", new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["type"] = "qcode", ["data"] = code })));
        }

        return await shell.DoAsync("read -r answer <&3; chvt 1; echo \"typed $answer.\"");
    }

    private static string Full(string path)
    {
        PartitionedImage.Sparse(path, 12 << 20);
        SystemTool.Run("mkfs.ext4", "-q", "-F", "-L", "FULL", path);
        return path;
    }
}
