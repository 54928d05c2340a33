// bootconsole without a command: the full-screen console.
using System.CommandLine;
using System.Runtime.InteropServices;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Setup;
using BootConsole.Appliance.Terminal;
using BootConsole.Appliance.Workbench;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Settings;

namespace BootConsole.Appliance.Commands;

/// <summary>How the console was left.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="WantsJob">True when the person wants the unattended job of the settings begun anew.</param>
internal sealed record ConsoleEnd(ExitCode Code, bool WantsJob)
{
    internal static ConsoleEnd Of(CommandSession session, bool wantsJob) => session.Cancel.IsCancellationRequested ? new(ExitCode.Cancelled, false) : new(ExitCode.Done, wantsJob);
}

/// <summary>Opens the console on the terminal.</summary>
internal static class ConsoleCommand
{
    private static readonly Option<string?> Config = new("--config") { HelpName = "FILE", Description = "settings file: this PC's name, and the stores that the console offers" };

    internal static readonly Option<bool> Plain = new("--plain") { Description = "the console as one question after another, for screen readers and terminals that cannot show screens" };

    /// <summary>Gives the root command its action.</summary>
    internal static void AddTo(RootCommand root, Services services)
    {
        root.Options.Add(Config);
        root.Options.Add(Plain);
        root.Runs(services, "What was running was stopped; what a backup has sent is kept.", RunAsync);
    }

    private static async Task<ExitCode> RunAsync(CommandSession session) => (await OpenAsync(session, session.Arguments.GetValue(Config) is { } file ? SettingsFile.Load(file) : null, null)).Code;

    /// <summary>Opens the console.</summary>
    /// <param name="session">The run.</param>
    /// <param name="settings">The settings; null without any.</param>
    /// <param name="ended">How an unattended job ended just now, to be shown first; null for none.</param>
    /// <param name="waitingJob">The unattended job that waits for this PC's key, in words; empty for none.</param>
    internal static async Task<ConsoleEnd> OpenAsync(CommandSession session, ApplianceSettings? settings, WorkEnd? ended, string waitingJob = "")
    {
        var pc = ThisPc.Describe(settings?.Pc.Name);
        var retryFor = (settings?.Backup ?? new BackupSettings()).RetryFor;
        var facts = new Facts
        {
            Pc = pc.Name,
            Program = Services.ProgramName,
            Stores = [.. Stores(settings)],
            Backup = settings?.Backup,
            Assistant = ended is null ? Assistant(settings) : null,
            Ended = ended,
            IsBootImage = File.Exists(PcPower.BootEnvironment),
            Enrolment = EnrolmentPlace.Missing(settings),
            WaitingJob = waitingJob,
            Network = NetworkSetup.TryReadStatus(new SetupPlaces()),
        };
        if (settings is not null) facts = facts with { Machine = settings.Pc };
        if (session.Arguments.GetValue(Plain))
        {
            await using var plainBench = new LiveWorkbench(session.Services, pc, retryFor);
            using var input = new LineInput();
            var plain = new PlainRunner(input.Ask, line => session.Say(line), plainBench, session.Services.Clock, () => ShellAsync(session));
            await plain.RunAsync(facts, session.Cancel);
            return ConsoleEnd.Of(session, plain.WantsJob);
        }

        using var terminal = session.IsJson ? null : LinuxTerminal.TryOpen();
        if (terminal is null) throw new UsageFault("no command was given, and the full-screen console needs a terminal") { Remedy = "'bootconsole --help' lists the commands; --plain asks in lines." };
        await using var bench = new LiveWorkbench(session.Services, pc, retryFor);
        using var runner = new ConsoleRunner(terminal, bench, Look.For(Environment.GetEnvironmentVariable), session.Services.Clock, () => ShellAsync(session), TerminalDevice.HaltProcess);
        using var stop = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGTSTP, signal =>
        {
            // The terminal is given back first; the runner stops the process then.
            signal.Cancel = true;
            runner.Halt();
        });
        using var goOn = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => runner.GoOn());
        await runner.RunAsync(facts, session.Cancel);
        return ConsoleEnd.Of(session, runner.WantsJob);
    }

    private static IEnumerable<StoreWay> Stores(ApplianceSettings? settings)
    {
        foreach (var name in settings?.StoreNames ?? [])
        {
            var target = settings!.Store(name);
            yield return new StoreWay(name, target.Place, target.Login);
        }
    }

    // What the settings would have done by itself is offered to the person who came before it began.
    private static AssistantOrder? Assistant(ApplianceSettings? settings) =>
        settings is { Job.Action: JobAction.Restore, Restore: { } restore } && Stores(settings).FirstOrDefault(store => store.Name == restore.Store) is { } store
            ? new AssistantOrder(store, restore.Image, restore.Disks, restore.Key, restore.OnlyDifferences)
            : null;

    private static async Task ShellAsync(CommandSession session)
    {
        Console.WriteLine("'exit' comes back to BootConsole.");
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } named && File.Exists(named) ? named : "/bin/sh") { UseShellExecute = false });
        if (shell is not null) await shell.WaitForExitAsync(session.Cancel);
    }
}
