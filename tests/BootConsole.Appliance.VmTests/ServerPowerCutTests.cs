// A server that loses its power while a PC sends it a backup.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class ServerPowerCutTests(ITestOutputHelper output)
{
    private const string Serial = "VM-DISK-1";

    [Fact]
    public async Task A_backup_outlives_a_server_that_loses_what_it_had_not_flushed()
    {
        using var server = new ServerPc();
        await using var line = new TcpFaultProxy(server.Port) { BytesPerSecond = 1_000_000 };
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        var disk = SampleDisk.Make(folder["disk"]);
        var settings = archive.Make(JobText.Backup(server.SettingsThrough(line.Port), "", Serial), server.Key);
        using (var first = await server.StartAsync())
        {
            first.Report(output, "server is on");
            using var pc = await VirtualPc.StartAsync(new PcPlan { Memory = 512, Disks = [new PcDisk(disk, Serial)], Kernel = new DirectBoot([BootParts.Base, settings], "console=ttyS0") });
            // Half of the disk's content: some segments are committed, one is open.
            await pc.UntilAsync(() => line.BytesToServer > 3_500_000, "half of the backup");
            first.PullThePlug();
            await pc.SaysAsync("connection lost");
            using var second = await server.StartAsync();
            line.BytesPerSecond = 0;
            await pc.SaysAsync("connected again", "The PC will be switched off");
            // What the PC was told to be safe has to be.
            second.PullThePlug();
            Assert.Contains("is finished", pc.Log, StringComparison.Ordinal);
            pc.Report(output, "backup through a power cut of the server");
        }

        using var device = server.Attach();
        using var mount = server.Mount(device);
        var store = Path.Combine(mount.Path, "store");
        ServerView.Verify(store, Assert.Single(Directory.GetDirectories(Path.Combine(store, "images"))));
    }
}
