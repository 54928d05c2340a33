// bootconsole enrol: gets a PC that was booted from the network its key, by a one-time code.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Secrets;
using BootConsole.Appliance.Setup;
using BootConsole.Core;
using BootConsole.Jobs;
using BootConsole.Settings;

namespace BootConsole.Appliance.Commands;

/// <summary>Enrols this PC.</summary>
internal static class EnrolCommand
{
    private const string UsualConfig = "/etc/bootconsole.toml";

    private static readonly Option<string> Config = new("--config") { HelpName = "FILE", Description = $"settings file with [server] enrol (default: {UsualConfig})", DefaultValueFactory = _ => UsualConfig };
    private static readonly Option<string?> CodeFile = new("--code-file") { HelpName = "F", Description = "file whose first line is the code; without it a terminal is asked" };
    private static readonly Option<string> Root = new("--root") { HelpName = "DIR", Description = "for tests: a folder that stands for /", Hidden = true, DefaultValueFactory = _ => "" };

    internal static Command Make(Services services)
    {
        var command = new Command("enrol", "Get this PC's key from its server, by a one-time code of the server's administrator.") { Config, CodeFile, Root };
        command.WithExamples("bootconsole enrol", "bootconsole enrol --config pc.toml --code-file code.txt");
        command.Runs(services, "No disk was touched.", RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        var (services, file) = (session.Services, session.Arguments.GetValue(Config)!);
        if (EnrolmentPlace.Of(SettingsFile.Load(file)) is not { } named) throw new UsageFault("the settings say nowhere to enrol") { Which = $"{file}: [server] enrol", Remedy = "PCs that 'bootserver serve' boots have it; on other media the key is there already." };
        var place = named with { Root = session.Arguments.GetValue(Root)!.TrimEnd('/') };
        if (place.HasKey) throw new RefusedFault("this PC has a key already") { Which = place.IdentityFile, Remedy = "It is used as it is; remove it to enrol once more." };
        var codeFile = session.Arguments.GetValue(CodeFile);
        if (codeFile is null && !services.IsInteractive) throw new UsageFault("the code is missing") { Remedy = "Give --code-file." };
        session.Say($"PC {place.Pc}, server {place.Address}. The code is what 'bootserver pc enrol {place.Pc}' shows on the server.");
        using var code = codeFile is not null ? SecretFiles.ReadPassword(codeFile) : PasswordPrompt.Ask("Code", session.Cancel);
        var pc = await new PcEnrolment(services.Programs, services.Clock, place, step => session.Say($"  {step}")).RunAsync(code, session.Cancel);
        session.Answer(new EnrolDocument("done", pc.Pc, place.Server.Ssh.IdentityFile), Documents.Context.EnrolDocument);
        session.Say($"{pc.Pc} has its key, until it is switched off.");
        if (pc.ServerAhead is { } ahead && ClockCheck.Complain(ahead) is { } complaint) session.Say(complaint);
        return ExitCode.Done;
    }
}
