// Network shares as the booted PC's own kernel and helpers mount them: here, servers that do not answer.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class ShareTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_share_whose_server_does_not_answer_is_named()
    {
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        File.WriteAllBytes(folder["disk"], RandomBytes.Of(1, 8 << 20));
        var port = FreePort.Find();
        (string, string) Job(string name, string url)
        {
            File.WriteAllText(folder[name], $"""
                [pc]
                name = "vm-pc"
                [[storage]]
                name = "share"
                url = "{url}"
                [backup]
                store = "share"
                disks = ["only"]
                encryption = "none"
                [job]
                action = "backup"
                countdown = 0
                """);
            return ($"/etc/bootconsole/{name}.toml", folder[name]);
        }

        var settings = archive.Make("[pc]\nname = \"vm-pc\"\n", Job("nfs", $"nfs://{GuestServer.Host}:{port}/export"), Job("smb", $"smb://{GuestServer.Host}:{port}/share"));
        using var pc = await VirtualPc.StartAsync(new PcPlan { Memory = 512, Disks = [new PcDisk(folder["disk"], "DISK")], Kernel = new DirectBoot([BootParts.Base, settings], "console=ttyS0") });
        await pc.ShowsAsync("Welcome", "Network: eth0 has the address 10.0.2.15/24");
        var shell = await GuestShell.OpenAsync(pc);
        foreach (var share in (string[])["nfs", "smb"]) await shell.RefusedAsync(share, "The server does not answer", $"{share}://{GuestServer.Host}", "Check the network cable");
        pc.Report(output, "shares that do not answer");
    }
}
