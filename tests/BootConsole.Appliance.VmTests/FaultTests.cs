// A PC whose disk has bad sectors, whose network cable is pulled, whose disk is pulled.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class FaultTests(ITestOutputHelper output)
{
    private const string Serial = "VM-DISK-1";
    private const long Slow = 1_000_000;
    private const int BadBytes = 4096;

    [Fact]
    public async Task A_virtio_disk_that_is_taken_from_its_slot_ends_the_backup_and_is_named()
    {
        await using var server = await GuestServer.StartAsync();
        await using var line = new TcpFaultProxy(server.Sshd.Port) { BytesPerSecond = Slow };
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        var disk = new PcDisk(SampleDisk.Make(folder["disk"]), Serial) { Bus = Bus.VirtioSlot };
        await WithAPulledDiskAsync(server, disk, "/dev/vda", archive.Make(JobText.Backup(server.SettingsThrough(line.Port), "", Serial), server.Key));
        Assert.False(ServerView.IsFinished(Assert.Single(server.Images())));
    }

    [Fact]
    public async Task Bad_sectors_and_a_cut_line_are_lived_with_and_a_pulled_disk_ends_the_backup_alone()
    {
        await using var server = await GuestServer.StartAsync();
        await using var line = new TcpFaultProxy(server.Sshd.Port) { BytesPerSecond = Slow };
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        var disk = SampleDisk.Make(folder["disk"]);
        var backup = archive.Make(JobText.Backup(server.SettingsThrough(line.Port), "", Serial), server.Key);

        var bad = Find(disk, RandomBytes.Of(103, 303_000).AsSpan(65536, 64));
        await WithBadSectorsAndACutLineAsync(server, disk, bad, backup);
        var first = Assert.Single(server.Images());
        Assert.Contains($"\"unreadable\":[{{\"start\":{bad},\"length\":{BadBytes}}}]", Squeezed(Path.Combine(first, "image.json")), StringComparison.Ordinal);
        Assert.Contains("exit-code: 4", server.LastRecord(), StringComparison.Ordinal);

        await WithAPulledDiskAsync(server, new PcDisk(disk, Serial) { Bus = Bus.Usb }, "/dev/sda", backup);
        Assert.Equal(2, server.Images().Count);
        Assert.False(ServerView.IsFinished(server.Images()[1]));
        server.Verify(first);
    }

    private async Task WithBadSectorsAndACutLineAsync(GuestServer server, string disk, long bad, string archive)
    {
        var driver = $"file.driver=blkdebug,file.image.filename={disk}";
        for (var sector = 0; sector < BadBytes / 512; sector++)
            driver += $",file.inject-error.{sector}.event=read_aio,file.inject-error.{sector}.errno=5,file.inject-error.{sector}.sector={(bad / 512) + sector},file.inject-error.{sector}.once=off";
        using var pc = await StartAsync(new PcDisk(disk, Serial) { Driver = driver }, archive);
        await pc.UntilAsync(() => server.Tables() > 0, "a committed segment");
        using (var monitor = await pc.OpenMonitorAsync())
        {
            await monitor.DoAsync("set_link", ("name", "card0"), ("up", false));
            await pc.SaysAsync("connection lost");
            await monitor.DoAsync("set_link", ("name", "card0"), ("up", true));
        }

        await pc.SaysAsync("connected again", "The PC will be switched off");
        Assert.Contains("could not be read and are padded", pc.Log, StringComparison.Ordinal);
        pc.Report(output, "backup with bad sectors and a cut line");
    }

    private async Task WithAPulledDiskAsync(GuestServer server, PcDisk disk, string device, string archive)
    {
        var earlier = server.Images().Count;
        using var pc = await StartAsync(disk, archive);
        await pc.UntilAsync(() => server.Images().Count > earlier && ServerView.Tables(server.Images()[^1]) > 0, "a committed segment");
        using (var monitor = await pc.OpenMonitorAsync()) await monitor.DoAsync("device_del", ("id", "disk0"));
        await pc.SaysAsync("The PC will be switched off");
        Assert.Contains("Earlier images in the store are as they were.", pc.Log, StringComparison.Ordinal);
        var record = server.LastRecord();
        Assert.Contains("outcome: failed", record, StringComparison.Ordinal);
        Assert.Contains("The disk is no longer there: " + device, record, StringComparison.Ordinal);
        pc.Report(output, $"backup of {device}, which is pulled");
    }

    private static long Find(string disk, ReadOnlySpan<byte> content) => File.ReadAllBytes(disk).AsSpan().IndexOf(content) is var at and > 0 && at % BadBytes == 0 ? at : throw new InvalidOperationException("the file does not lie on the disk as it was thought to");

    private static string Squeezed(string path) => string.Concat(File.ReadAllText(path).Where(character => !char.IsWhiteSpace(character)));

    private static Task<VirtualPc> StartAsync(PcDisk disk, string archive) =>
        VirtualPc.StartAsync(new PcPlan { Memory = 512, Disks = [disk], Kernel = new DirectBoot([BootParts.Base, archive], "console=ttyS0") });
}
