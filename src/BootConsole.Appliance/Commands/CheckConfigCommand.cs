// bootconsole check-config: what a settings file means, or everything that is wrong with it.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Settings;

namespace BootConsole.Appliance.Commands;

/// <summary>Checks a settings file.</summary>
internal static class CheckConfigCommand
{
    private static readonly Argument<string> ConfigFile = new("FILE") { Description = "the settings file" };

    internal static Command Make(Services services)
    {
        var command = new Command("check-config", "Say what a settings file means, or every error with line and column.") { ConfigFile };
        command.WithExamples("bootconsole check-config bootconsole.toml", "bootconsole check-config bootconsole.toml --json");
        command.Runs(services, "Nothing was started.", session => Task.FromResult(Run(session)));
        return command;
    }

    private static ExitCode Run(CommandSession session)
    {
        var file = session.Arguments.GetValue(ConfigFile)!;
        var check = SettingsFile.Check(SettingsFile.ReadBytes(file), file);
        var meaning = check.Settings is null ? [] : SettingsSummary.Describe(check.Settings);
        session.Answer(new CheckConfigDocument(check.Settings is not null, meaning, [.. check.Errors.Select(error => error.ToString())]), Documents.Context.CheckConfigDocument);
        foreach (var line in meaning) session.Say(line);
        if (check.Settings is not null) return ExitCode.Done;
        var errors = session.Services.Errors.Profile.Out.Writer;
        foreach (var error in check.Errors) errors.WriteLine(PlainText.Of(error.ToString()));
        if (check.ErrorCount > check.Errors.Count) errors.WriteLine($"and {check.ErrorCount - check.Errors.Count} more");
        return ExitCode.Usage;
    }
}
