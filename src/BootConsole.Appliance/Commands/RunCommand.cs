// bootconsole run: what [job] of a settings file says, with nobody there.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Setup;
using BootConsole.Appliance.Unattended;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Settings;

namespace BootConsole.Appliance.Commands;

/// <summary>Unattended mode.</summary>
internal static class RunCommand
{
    private static readonly Option<string> Config = new("--config") { HelpName = "FILE", Description = "settings file; its [job] says what is done, when, and what comes after", Required = true };
    private static readonly Option<string> Records = new("--records") { HelpName = "FOLDER", Description = "where records of runs wait while the store is out of reach", DefaultValueFactory = _ => "/run/bootconsole/runs" };

    internal static Command Make(Services services)
    {
        var command = new Command("run", "Do what [job] of a settings file says, with nobody there: a backup, a restore, or the menu. A key pressed while it waits leads to the menu.") { Config, Records, ConsoleCommand.Plain };
        command.WithExamples("bootconsole run --config /etc/bootconsole.toml");
        command.Runs(services, "What was running was stopped; what a backup has sent is kept.", RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        var file = session.Arguments.GetValue(Config)!;
        var keeper = new RecordKeeper(session.Arguments.GetValue(Records)!, line => session.Say(line));
        ApplianceSettings settings;
        try
        {
            settings = SettingsFile.Load(file);
        }
        catch (UsageFault fault)
        {
            return await WithoutSettingsAsync(session, keeper, fault);
        }

        if (settings.Job.Action == JobAction.Menu) return (await ConsoleCommand.OpenAsync(session, settings, null)).Code;
        while (true)
        {
            var end = await new UnattendedRun(session, file, settings, keeper, new PcPower(session.Services.Programs), Random.Shared).RunAsync();
            if (!end.ToMenu) return end.Code;
            // Without its key a PC gets no further: its person is asked for the code before anything else, and the job may begin then.
            var console = end.End is not null && EnrolmentPlace.MissingForJob(settings) is not null
                ? await ConsoleCommand.OpenAsync(session, settings, null, JobArguments.Describe(settings))
                : await ConsoleCommand.OpenAsync(session, settings, end.End);
            if (!console.WantsJob) return end.End is null ? console.Code : end.Code;
        }
    }

    // Nobody knows then who this PC is nor where its store is: the reason stays here, and a person gets the menu.
    private static async Task<ExitCode> WithoutSettingsAsync(CommandSession session, RecordKeeper keeper, UsageFault fault)
    {
        var (now, notes) = (session.Services.Clock.GetUtcNow(), new RunNotes(session.Services.Clock));
        var end = new TryEnd(ExitCode.Usage, null, fault, FaultReport.Of(fault, ExitCode.Usage, "Nothing was written."));
        notes.Add("bootconsole-run", "1");
        notes.Add("program", Services.ProgramName);
        notes.Add("started", RunNotes.Time(now));
        keeper.KeepHere(RunRecords.NewId(now, ThisPc.Describe(null).Name, "run"), notes.Text + end.Footer(now, null));
        if (!UnattendedRun.HasTerminal(session)) throw fault;
        FaultOutput.WriteLines(session.Services, end.Report!);
        await ConsoleCommand.OpenAsync(session, null, end.ToScreen(WorkKind.Backup));
        return ExitCode.Usage;
    }
}
