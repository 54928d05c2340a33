// A PC that loses its power in the middle of a backup, and of a restore.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class PowerCutTests(ITestOutputHelper output)
{
    private const string Serial = "VM-DISK-1";

    // So slow that there is time to pull the plug.
    private const long Slow = 1_000_000;

    [Fact]
    public async Task A_power_cut_in_a_backup_and_in_a_restore_costs_time_and_nothing_else()
    {
        await using var server = await GuestServer.StartAsync();
        await using var line = new TcpFaultProxy(server.Sshd.Port);
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        var disk = SampleDisk.Make(folder["disk"]);
        var backup = archive.Make(JobText.Backup(server.SettingsThrough(line.Port), "verify = true", Serial), server.Key);

        line.BytesPerSecond = Slow;
        await CutAsync("backup, cut", disk, backup, () => server.Tables() > 0);
        var cut = Assert.Single(server.Images());
        Assert.False(ServerView.IsFinished(cut));
        var committed = ServerView.Tables(cut);

        // At once: the lease of the boot that was cut is still fresh.
        line.BytesPerSecond = 0;
        await RunAsync("backup, gone on with", disk, backup, "The backup was cut off and gone on with", "every chunk checked");
        Assert.Equal(cut, Assert.Single(server.Images()));
        Assert.True(ServerView.IsFinished(cut) && ServerView.Tables(cut) > committed);
        server.Verify(cut);

        var target = PartitionedImage.Sparse(folder["target"], SampleDisk.Bytes);
        line.BytesPerSecond = Slow;
        await CutAsync("restore, cut", target, archive.Make(JobText.Restore(server.SettingsThrough(line.Port), onlyDifferences: false, Serial), server.Key), () => AllocatedBytes(target) > 2 << 20);
        Assert.NotEqual(0, SystemTool.Try("cmp", "--silent", disk, target).ExitCode);
        line.BytesPerSecond = 0;
        await RunAsync("restore, again", target, archive.Make(JobText.Restore(server.SettingsThrough(line.Port), onlyDifferences: true, Serial), server.Key), "is restored and read back");
        SystemTool.Run("cmp", disk, target);
    }

    private static long AllocatedBytes(string path) => long.Parse(SystemTool.Run("du", "--block-size=1", path).Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture);

    private async Task CutAsync(string what, string disk, string archive, Func<bool> isUnderWay)
    {
        using var pc = await StartAsync(disk, archive);
        await pc.UntilAsync(isUnderWay, what + " is under way");
        pc.PullThePlug();
        Assert.DoesNotContain("The PC will be", pc.Log, StringComparison.Ordinal);
        pc.Report(output, what);
    }

    private async Task RunAsync(string what, string disk, string archive, params string[] said)
    {
        using var pc = await StartAsync(disk, archive);
        await pc.SaysAsync("The PC will be switched off");
        Assert.All(said, words => Assert.Contains(words, pc.Log, StringComparison.Ordinal));
        pc.Report(output, what);
    }

    private static Task<VirtualPc> StartAsync(string disk, string archive) =>
        VirtualPc.StartAsync(new PcPlan { Memory = 512, Disks = [new PcDisk(disk, Serial)], Kernel = new DirectBoot([BootParts.Base, archive], "console=ttyS0") });
}
