// The parts of an unattended run that decide: arguments, times, tries, records, power.
using BootConsole.Appliance.Unattended;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Settings;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Unattended;

public sealed class UnattendedPartsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 4, 0, TimeSpan.Zero);

    [Fact]
    public void Every_key_of_the_backup_reaches_the_command_or_is_read_by_it_from_the_file()
    {
        var backup = new BackupSettings { Store = "server", Disks = [new SerialDisk("@S 1"), new PathDisk("/dev/sdb")], Name = "nightly", Kind = BackupKind.Incremental, Pad = 7, Verify = true };
        Assert.Equal(
            ["backup", "--config=/f.toml", "--store=server", "--disk=serial:@S 1", "--disk=/dev/sdb", "--name=nightly", "--kind=incremental", "--pad=7", "--verify"],
            JobArguments.Of(backup, "/f.toml"));
        // Those that backup --config takes by itself, as docs/settings.md says.
        string[] fromFile = ["Level", "LimitBytesPerSecond", "Encryption", "SegmentByRate", "RetryFor"];
        Assert.Equal(
            typeof(BackupSettings).GetProperties().Select(property => property.Name).Where(name => name != "EqualityContract").Order(),
            fromFile.Concat(["Store", "Disks", "Name", "Kind", "Pad", "Verify"]).Order());
    }

    [Fact]
    public void Every_key_of_the_restore_reaches_the_command()
    {
        var restore = new RestoreSettings { Store = "nas", Image = "latest", Disks = [new RestoreDisk(0, new SerialDisk("A")), new RestoreDisk(1, new WwnDisk("eui.1"))], Overwrite = ["A", "-B"], OnlyDifferences = true };
        Assert.Equal(
            ["restore", "--config=/f.toml", "--store=nas", "--image=latest", "--disk=0=serial:A", "--disk=1=wwn:eui.1", "--yes-overwrite=A", "--yes-overwrite=-B", "--only-differences"],
            JobArguments.Of(restore, "/f.toml"));
    }

    [Fact]
    public void The_time_to_begin_is_the_time_of_the_file_and_a_delay_below_its_limit()
    {
        var job = new JobSettings { At = new StartAtClock(new TimeOnly(2, 0)), Jitter = TimeSpan.FromMinutes(30) };
        var random = new Random(7);
        var delays = Enumerable.Range(0, 2000).Select(_ => StartDelay.Of(job, "Europe/Berlin", random, Now)).ToList();
        Assert.All(delays, delay => Assert.InRange(delay.Next(Now), new DateTimeOffset(2026, 11, 22, 1, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 22, 1, 30, 0, TimeSpan.Zero)));
        Assert.True(delays.Max(delay => delay.Jitter) > TimeSpan.FromMinutes(29) && delays.Min(delay => delay.Jitter) < TimeSpan.FromMinutes(1));
        Assert.Equal(delays[0], StartDelay.Of(job, "Europe/Berlin", new Random(7), Now));
        // "now" is the moment of the start, and its delay does not move on with the clock.
        var now = StartDelay.Of(job with { At = new StartNow() }, "UTC", new Random(7), Now);
        Assert.Equal(now.Next(Now), now.Next(Now.AddHours(1)));
        Assert.True(StartDelay.Of(new JobSettings(), "UTC", random, Now).IsNow);
        Assert.Throws<UsageFault>(() => StartDelay.Of(job, "Nowhere/Here", random, Now));
    }

    [Fact]
    public void Tries_wait_longer_and_longer_and_come_to_an_end()
    {
        var plan = new RetryPlan(TimeSpan.FromHours(1));
        var (waits, since) = (new List<double>(), TimeSpan.Zero);
        for (var failures = 1; plan.WaitAfter(failures, since) is { } wait; failures++)
        {
            waits.Add(wait.TotalSeconds);
            since += wait;
        }

        Assert.Equal([10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 570], waits);
        Assert.Null(new RetryPlan(TimeSpan.Zero).WaitAfter(1, TimeSpan.Zero));
        Assert.False(RetryPlan.MayPass(new UsageFault("x")));
        Assert.False(RetryPlan.MayPass(new TransportFault("x")));
        Assert.True(RetryPlan.MayPass(new TransportFault("x") { MayPass = true }));
    }

    [Fact]
    public void A_record_stays_small_and_in_lines_whatever_happens()
    {
        var notes = new RunNotes(new FakeClock());
        for (var i = 0; i < 10_000; i++) notes.Event($"{i} \u001b[2J\nforged: line {new string('x', 5000)}");
        Assert.InRange(notes.Text.Length, 1, Images.RunRecords.MaxBytes);
        Assert.Contains("dropped: 9780 lines\n", notes.Text, StringComparison.Ordinal);
        Assert.Contains("event: 2026-11-21T06:04:00Z 0 ", notes.Text, StringComparison.Ordinal);
        Assert.Contains(" 9999 ", notes.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nforged", notes.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", notes.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pc_is_switched_off_in_the_boot_environment_alone()
    {
        using var folder = new TempFolder();
        var programs = new RecordingPrograms();
        var power = new PcPower(programs, folder["marker"]);
        Assert.False(power.IsOurs);
        await Assert.ThrowsAsync<HostFault>(() => power.DoAsync(PowerAction.Off, CancellationToken.None));
        Assert.Empty(programs.Calls);
        File.WriteAllText(folder["marker"], "");
        Assert.True(power.IsOurs);
        await power.DoAsync(PowerAction.Off, CancellationToken.None);
        await power.DoAsync(PowerAction.Reboot, CancellationToken.None);
        Assert.Equal(["poweroff", "reboot"], programs.Calls);
        programs.ExitCode = 1;
        await Assert.ThrowsAsync<HostFault>(() => power.DoAsync(PowerAction.Off, CancellationToken.None));
    }
}

/// <summary>Programs that switch a PC off are noted; all others run.</summary>
internal sealed class RecordingPrograms : IProgramRunner
{
    internal List<string> Calls { get; } = [];

    internal int ExitCode { get; set; }

    public Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel)
    {
        if (call.Program is not ("poweroff" or "reboot")) return new ProgramRunner().RunAsync(call, cancel);
        lock (Calls) Calls.Add(call.Program);
        return Task.FromResult(new ProgramResult(ExitCode, "", "", TimedOut: false));
    }
}
