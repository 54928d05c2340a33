// A PC that backs itself up and restores itself with nobody at the keyboard.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class UnattendedTests(ITestOutputHelper output)
{
    private const string Serial = "VM-DISK-1";

    [Fact]
    public async Task A_PC_backs_itself_up_twice_and_restores_itself_over_SFTP()
    {
        await using var server = await GuestServer.StartAsync();
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        var disk = SampleDisk.Make(folder["disk"]);
        var backup = archive.Make(
            $"""
            [pc]
            name = "vm-pc"
            {server.Settings}
            [backup]
            store = "server"
            disks = ["serial:{Serial}"]
            kind = "incremental"
            encryption = "none"
            verify = true
            [job]
            action = "backup"
            countdown = 1
            afterwards = "poweroff"
            """, server.Key);
        await RunAsync("full backup", disk, backup, "every chunk checked");
        await RunAsync("incremental backup", Worked(disk), backup, "every chunk checked");
        var images = Directory.GetDirectories(Path.Combine(server.Store, "images")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(2, images.Count);
        Assert.Contains("\"incremental\"", File.ReadAllText(Path.Combine(images[1], "image.json")), StringComparison.Ordinal);

        var wiped = PartitionedImage.Sparse(folder["wiped"], SampleDisk.Bytes);
        await RunAsync("restore", wiped, archive.Make(
            $"""
            [pc]
            name = "vm-pc"
            {server.Settings}
            [restore]
            store = "server"
            image = "latest"
            disks = ["serial:{Serial}"]
            overwrite = ["{Serial}"]
            only_differences = false
            [job]
            action = "restore"
            countdown = 1
            afterwards = "poweroff"
            """, server.Key), "restored");
        SystemTool.Run("cmp", disk, wiped);
    }

    private static string Worked(string disk)
    {
        SampleDisk.Work(disk, seed: 77);
        return disk;
    }

    private async Task RunAsync(string what, string disk, string archive, string said)
    {
        using var pc = await VirtualPc.StartAsync(new PcPlan { Memory = 512, Disks = [new PcDisk(disk, Serial)], Kernel = new DirectBoot([BootParts.Base, archive], "console=ttyS0") });
        await pc.EndsAsync();
        Assert.Contains(said, pc.Log, StringComparison.Ordinal);
        pc.Report(output, what);
    }
}
