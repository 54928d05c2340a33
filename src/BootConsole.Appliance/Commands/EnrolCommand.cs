// bootconsole enrol: gets a PC that was booted from the network its key, by a one-time code.
using System.CommandLine;
using System.Text;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Secrets;
using BootConsole.Appliance.Setup;
using BootConsole.Core;
using BootConsole.Host;
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
        var settings = SettingsFile.Load(file);
        if (settings.Server is not { Enrol.Length: > 0 } server) throw new UsageFault("the settings say nowhere to enrol") { Which = $"{file}: [server] enrol", Remedy = "PCs that 'bootserver serve' boots have it; on other media the key is there already." };
        var identity = session.Arguments.GetValue(Root)!.TrimEnd('/') + server.Ssh.IdentityFile;
        if (File.Exists(identity)) throw new RefusedFault("this PC has a key already") { Which = identity, Remedy = "It is used as it is; remove it to enrol once more." };
        var codeFile = session.Arguments.GetValue(CodeFile);
        if (codeFile is null && !services.IsInteractive) throw new UsageFault("the code is missing") { Remedy = "Give --code-file." };
        session.Say($"PC {settings.Pc.Name}, server {server.Enrol}. The code is what 'bootserver pc enrol {settings.Pc.Name}' shows on the server.");
        using var code = codeFile is not null ? SecretFiles.ReadPassword(codeFile) : PasswordPrompt.Ask("Code", session.Cancel);
        var key = await new PcEnrolment(services.Programs, new Uri(server.Enrol)).RunAsync(settings.Pc.Name, Encoding.UTF8.GetString(code.Span), session.Cancel);
        CheckServer(server, key);
        Write(identity, key);
        session.Answer(new EnrolDocument("done", settings.Pc.Name, server.Ssh.IdentityFile), Documents.Context.EnrolDocument);
        session.Say($"{settings.Pc.Name} has its key, until it is switched off.");
        return ExitCode.Done;
    }

    // The settings came over the network from whoever answered first; this answer comes from the server that knows the code.
    private static void CheckServer(ServerSettings server, EnrolledKey key)
    {
        var authorities = server.Ssh.KnownHostsLines.Where(line => line.StartsWith("@cert-authority ", StringComparison.Ordinal)).Select(KeyOf).ToList();
        if (authorities.Count > 0 && key.HostAuthorities.Select(KeyOf).ToHashSet() is var known && authorities.All(known.Contains)) return;
        throw new RefusedFault("the settings that this PC was booted with are not those of its server")
        {
            Which = "[server] host_keys",
            Remedy = "Somebody in this network may have changed them: switch this PC off, and tell the server's administrator. The key was thrown away.",
        };
    }

    private static string KeyOf(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(2).Take(2));

    private static void Write(string identity, EnrolledKey key)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(identity)!);
        File.WriteAllText(identity + "-cert.pub", key.Certificate + "\n");
        // The key last: with it, all is there.
        SecretFiles.WriteNew(identity, key.Private);
    }
}
