// bootconsole setup: keyboard, time zone and network of the booted PC, as its settings say.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Setup;
using BootConsole.Settings;

namespace BootConsole.Appliance.Commands;

/// <summary>Sets the booted PC up. Refused anywhere else: a workstation has a network of its own.</summary>
internal static class SetupCommand
{
    private static readonly Option<string> Config = new("--config") { HelpName = "FILE", Description = "settings file", Required = true };

    private static readonly Option<string> Root = new("--root") { HelpName = "DIR", Description = "for tests: a folder that stands for /", Hidden = true, DefaultValueFactory = _ => "" };

    internal static Command Make(Services services)
    {
        var command = new Command("setup", "Set up keyboard, time zone and network of a PC that was started from a BootConsole medium.") { Config, Root };
        command.WithExamples("bootconsole setup --config /etc/bootconsole.toml");
        command.Runs(services, "No disk was touched.", RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        var places = new SetupPlaces(session.Arguments.GetValue(Root)!.TrimEnd('/'));
        places.RequireBootImage();
        var pc = SettingsFile.Load(session.Arguments.GetValue(Config)!).Pc;
        var services = session.Services;
        var report = Say(session, await new KeyboardSetup(services.Programs, places).LoadAsync(pc.Keyboard, session.Cancel));
        report = report.And(Say(session, new ZoneSetup(places).Set(pc.TimeZone)));
        report = report.And(Say(session, await new NetworkSetup(services.Programs, places, services.Clock).RunAsync(pc, session.Cancel)));
        var fault = report.Troubles.Count == 0 ? null : Fault(report.Troubles);
        session.Answer(new SetupDocument(fault is null ? "done" : "failed", report.Done, fault is null ? null : FaultOutput.Document(fault)), Documents.Context.SetupDocument);
        if (fault is null) return ExitCode.Done;
        FaultOutput.WriteLines(services, fault);
        return ExitCode.Failed;
    }

    // Said at once: the next part may take a while.
    private static SetupReport Say(CommandSession session, SetupReport report)
    {
        foreach (var line in report.Done) session.Say(line);
        return report;
    }

    private static FaultReport Fault(IReadOnlyList<SetupTrouble> troubles) =>
        new(string.Join('\n', troubles.Select(trouble => trouble.What)), "No disk was touched; what is not named here is set up.", string.Join(' ', troubles.Select(trouble => trouble.Remedy)));
}
