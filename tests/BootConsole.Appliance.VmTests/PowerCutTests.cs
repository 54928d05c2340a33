// A PC that loses its power in the middle of a backup, and in the middle of a restore, and is switched on again.
using System.Globalization;
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class PowerCutTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Serial = "VM-DISK-1";
    private const long Slow = 1_000_000, SegmentBytes = 1 << 20;

    private readonly TempFolder _folder = new();
    private readonly PcArchive _archive = new();
    private GuestServer _server = null!;
    private TcpFaultProxy _line = null!;

    public async Task InitializeAsync()
    {
        _server = await GuestServer.StartAsync();
        _line = new TcpFaultProxy(_server.Sshd.Port) { BytesPerSecond = Slow };
    }

    public async Task DisposeAsync()
    {
        await _line.DisposeAsync();
        await _server.DisposeAsync();
        _archive.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_backup_goes_on_where_the_power_was_cut_when_the_PC_runs_the_same_job_again()
    {
        var disk = SampleDisk.Make(_folder["disk"]);
        var archive = _archive.Make(JobText.Backup(_server.SettingsThrough(_line.Port), "", Serial), _server.Key);
        using (var pc = await StartAsync(disk, archive))
        {
            await pc.UntilAsync(() => _server.Tables() >= 3, "three committed segments");
            pc.PullThePlug();
            pc.Report(output, "backup until the power is cut");
        }

        var (committed, sent) = (_server.Tables(), _line.BytesToServer);
        var image = Assert.Single(_server.Images());
        Assert.False(ServerView.IsFinished(image));
        _line.BytesPerSecond = 0;
        using (var pc = await StartAsync(disk, archive))
        {
            await pc.SaysAsync("was left unfinished; this backup goes on", "The PC will be switched off");
            Assert.Contains($"Image {Path.GetFileName(image)} is finished", pc.Log, StringComparison.Ordinal);
            pc.Report(output, "backup after the power cut");
        }

        Assert.Equal(image, Assert.Single(_server.Images()));
        var stored = Directory.EnumerateFiles(image, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        output.WriteLine($"{committed} of {ServerView.Tables(image)} segments were committed; {sent} bytes before, {_line.BytesToServer} in all, the image has {stored}");
        Assert.True(_line.BytesToServer < stored + (2 * SegmentBytes), "more than two segments were sent again");
        ServerView.Bootconsole("export", Path.GetFileName(image), "--store", _server.Store, "--to", _folder["exported"]);
        SystemTool.Run("cmp", disk, _folder["exported"]);
    }

    [Fact]
    public async Task A_restore_that_a_power_cut_ended_leaves_a_disk_that_cannot_be_taken_for_a_good_one_and_is_repeated()
    {
        var disk = SampleDisk.Make(_folder["disk"]);
        // It had another partition table before.
        var target = PartitionedImage.Sparse(_folder["target"], SampleDisk.Bytes);
        using (var device = LoopDisk.Attach(target)) PartitionedImage.Sfdisk(device.Path, "label: gpt\nstart=2MiB, size=100MiB\n");
        ServerView.Bootconsole("backup", "--disk", disk, "--store", _server.Store, "--pc", JobText.Pc, "--no-encryption");
        var archive = _archive.Make(JobText.Restore(_server.SettingsThrough(_line.Port), onlyDifferences: true, Serial), _server.Key);
        using (var pc = await StartAsync(target, archive))
        {
            await pc.UntilAsync(() => long.Parse(SystemTool.Run("stat", "--format", "%b", target), CultureInfo.InvariantCulture) * 512 > 3_000_000, "half of the restore");
            pc.PullThePlug();
            pc.Report(output, "restore until the power is cut");
        }

        Assert.NotEqual(0, SystemTool.Try("sfdisk", "--dump", target).ExitCode);
        _line.BytesPerSecond = 0;
        using (var pc = await StartAsync(target, archive, " bootconsole.menu"))
        {
            // With [restore] in its settings the menu opens at the question that this PC is most likely started for.
            await pc.ShowsAsync("Restore here?", Serial);
            await pc.PressAsync("Escape", "Welcome", "Back up");
            var shell = await GuestShell.OpenAsync(pc);
            Assert.Contains("table none", await shell.DoAsync("bootconsole disks"), StringComparison.Ordinal);
            await pc.EnterAsync("bootconsole run --config /etc/bootconsole.toml");
            await pc.SaysAsync("If an earlier restore of this image was cut", "is restored and read back", "The PC will be switched off");
            pc.Report(output, "restore after the power cut");
        }

        SystemTool.Run("cmp", disk, target);
    }

    private static Task<VirtualPc> StartAsync(string disk, string archive, string options = "") =>
        VirtualPc.StartAsync(new PcPlan { Memory = 512, Disks = [new PcDisk(disk, Serial)], Kernel = new DirectBoot([BootParts.Base, archive], "console=ttyS0" + options) });
}
