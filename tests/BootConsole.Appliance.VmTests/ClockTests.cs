// A PC whose clock is ten years off: its backup is made all the same, and the difference is told and recorded.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class ClockTests(ITestOutputHelper output)
{
    [Theory]
    // A time before the image was made cannot be: the image's is taken.
    [InlineData("2016-01-01T00:00:00", "The PC's clock said 2016-01-01", "store-clock-ahead-seconds: ")]
    // What may be is believed.
    [InlineData("2046-01-01T00:00:00", "ahead of the store's", "clock: The PC's clock is ")]
    public async Task A_clock_that_is_years_off_is_told_and_the_backup_made(string clock, string said, string recorded)
    {
        await using var server = await GuestServer.StartAsync();
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        File.WriteAllBytes(folder["disk"], RandomBytes.Of(1, 8 << 20));
        var settings = archive.Make(
            $"""
            [pc]
            name = "vm-pc"
            {server.Settings}
            [backup]
            store = "server"
            disks = ["only"]
            encryption = "none"
            [job]
            action = "backup"
            countdown = 0
            """, server.Key);
        using var pc = await VirtualPc.StartAsync(new PcPlan { Memory = 512, Clock = clock, Disks = [new PcDisk(folder["disk"], "DISK")], Kernel = new DirectBoot([BootParts.Base, settings], "console=ttyS0") });
        await pc.ShowsAsync("DONE, and checked.");
        Assert.Contains(said, pc.Log, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Assert.Single(Directory.GetDirectories(Path.Combine(server.Store, "images"))), "image.json")));
        Assert.Contains(recorded, File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(server.Store, "runs")))), StringComparison.Ordinal);
        pc.Report(output, clock);
    }
}
