// What comes after a job in the boot environment: a failure stays to be read before the PC is switched off.
using System.CommandLine;
using BootConsole.Appliance.Commands;
using BootConsole.Appliance.Unattended;
using BootConsole.Codec;
using BootConsole.Host;
using BootConsole.Settings;
using BootConsole.TestKit;
using Spectre.Console;

namespace BootConsole.Appliance.Tests.Unattended;

public sealed class UnattendedPowerTests(SampleStore sample) : IClassFixture<SampleStore>
{
    private readonly FakeClock _clock = new();
    private readonly RecordingPrograms _programs = new();

    [Fact]
    public async Task A_failure_stays_for_a_minute_and_is_recorded_before_the_pc_is_switched_off()
    {
        using var file = new UnattendedFile().Backup("/no-such-disk.img", "countdown = 0\non_failure = \"poweroff\"");
        var running = StartAsync(file, out var errors);
        // Nothing else waits any more once the record is there.
        await Eventually.BecomesTrueAsync(() => file.Records.Count == 1 && errors.ToString().Contains("waiting until 2026-11-21 06:05:00", StringComparison.Ordinal), "the failure is recorded and shown");
        Assert.Contains("There is no such disk: /no-such-disk.img", errors.ToString(), StringComparison.Ordinal);
        for (var second = 0; second < 59; second++) await MoveAsync();
        Assert.Empty(_programs.Calls);
        var end = await MoveUntilEndAsync(running);
        Assert.Equal((ExitCode.Refused, false), (end.Code, end.ToMenu));
        Assert.Equal(["poweroff"], _programs.Calls);
    }

    [Fact]
    public async Task After_success_the_pc_does_what_the_file_says()
    {
        using var file = new UnattendedFile().Backup(sample.Source, "countdown = 0\nafterwards = \"reboot\"");
        var running = StartAsync(file, out _);
        Assert.Equal(ExitCode.Done, (await MoveUntilEndAsync(running)).Code);
        Assert.Equal(["reboot"], _programs.Calls);
        Assert.Contains("outcome: done", Assert.Single(file.Records), StringComparison.Ordinal);
    }

    private async Task MoveAsync()
    {
        await Eventually.BecomesTrueAsync(() => _clock.Timers > 0, "somebody waits");
        _clock.Move(TimeSpan.FromSeconds(1));
    }

    private async Task<RunEnd> MoveUntilEndAsync(Task<RunEnd> running)
    {
        await Eventually.BecomesTrueAsync(() =>
        {
            if (_clock.Timers > 0 && !running.IsCompleted) _clock.Move(TimeSpan.FromSeconds(1));
            return running.IsCompleted;
        }, "the run ends");
        return await running;
    }

    private Task<RunEnd> StartAsync(UnattendedFile file, out LockedWriter errors)
    {
        errors = new LockedWriter();
        File.WriteAllText(file["marker"], "");
        var services = new Services
        {
            Programs = _programs,
            Processes = new ProcessTable(),
            Clock = _clock,
            MakeTransform = level => new ZstdTransform(level),
            Output = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(new StringWriter()) }),
            Errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(errors) }),
            IsInteractive = false,
        };
        var session = new CommandSession(services, new RootCommand { CommonOptions.Json }.Parse([]), isJson: false, CancellationToken.None);
        return new UnattendedRun(session, file.Settings, SettingsFile.Load(file.Settings), new RecordKeeper(file.Waiting, _ => { }), new PcPower(_programs, file["marker"]), new Random(7)).RunAsync();
    }
}

/// <summary>Text that one thread writes and another one reads.</summary>
internal sealed class LockedWriter : StringWriter
{
    private readonly Lock _lock = new();

    public override void Write(char value)
    {
        lock (_lock) base.Write(value);
    }

    public override void Write(string? value)
    {
        lock (_lock) base.Write(value);
    }

    public override void WriteLine(string? value)
    {
        lock (_lock) base.WriteLine(value);
    }

    public override string ToString()
    {
        lock (_lock) return base.ToString();
    }
}
