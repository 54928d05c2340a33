// bootserver init: makes a server.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Output;
using BootConsole.Server.Setup;

namespace BootConsole.Server.Commands;

/// <summary>Makes a server in a folder.</summary>
internal static class InitCommand
{
    private const int UsualPort = 22, UsualPrivatePort = 2222, LastPort = 65535, LongestHost = 253;

    private static readonly Argument<string> Folder = new("ROOT") { Description = "folder of the server, such as /srv/bootconsole" };
    private static readonly Option<string> Host = new("--host") { Description = "name (or address) by which PCs reach the server", HelpName = "NAME", Required = true };
    private static readonly Option<string[]> Address = new("--address") { Description = "further name or address of it; may be repeated", HelpName = "NAME" };
    private static readonly Option<int?> Port = new("--port") { Description = "port that PCs reach sshd at (22; of a private server 2222)", HelpName = "PORT" };
    private static readonly Option<bool> Private = new("--private") { Description = "as root too, make a server without users of its own: all PCs come in as this user and are not kept apart" };

    internal static Command Make(Services services)
    {
        var command = new Command("init", "Make a server: folders, catalogue, certificate authorities, sshd's configuration.") { Folder, Host, Address, Port, Private };
        ExampleHelp.Give(command, "bootserver init /srv/bootconsole --host backup.example", "bootserver init ~/backups --host 192.0.2.7 --port 2222");
        command.Does(services, "What was made stays; the same command goes on from there.", MakeAsync);
        return command;
    }

    private static async Task MakeAsync(CommandSession session)
    {
        var tree = ServerTree.At(session.Line.GetValue(Folder)!);
        var facts = Facts(session.Line);
        var setup = new ServerSetup(session.Services, tree, facts, ThisProgram());
        setup.Check();
        await setup.MakeAsync(session.Cancel);
        session.Answer(Words(tree, facts), new InitDocument("done", tree.Root, facts.Host, facts.Port, facts.IsSystem ? "system" : "private", facts.Account), ServerDocuments.Default.InitDocument);
    }

    /// <summary>bootserver's own absolute path, by which sshd is to call it.</summary>
    internal static string ThisProgram() => Environment.ProcessPath is { } path && Path.GetFileName(path) != "dotnet" ? path : throw new HostFault("it is not known where bootserver lies") { Remedy = "Start the program 'bootserver' itself, not by 'dotnet'." };

    private static ServerFacts Facts(ParseResult line)
    {
        var isSystem = FileOwnership.Self == FileOwnership.Root && !line.GetValue(Private);
        var port = line.GetValue(Port) ?? (isSystem ? UsualPort : UsualPrivatePort);
        if (port is < 1 or > LastPort) throw new UsageFault("this is no port") { Which = "--port", Found = $"{port}", Expected = $"1 to {LastPort}" };
        return new ServerFacts
        {
            Host = Name("--host", line.GetValue(Host)!),
            Addresses = [.. (line.GetValue(Address) ?? []).Select(text => Name("--address", text)).Distinct()],
            Port = port,
            Kind = isSystem ? ServerKind.System : ServerKind.Private,
            Account = isSystem ? ServerFacts.SystemAccount : Environment.UserName,
        };
    }

    // What a certificate's list of names and a line of known_hosts can have.
    private static string Name(string option, string text) => text.Length is > 0 and <= LongestHost && text[0] != '-' && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or ':')
        ? text.ToLowerInvariant()
        : throw new UsageFault("this is no name or address of a server") { Which = option, Found = PlainText.Of(text), Expected = "letters, digits and . - _ :" };

    private static List<string> Words(ServerTree tree, ServerFacts facts)
    {
        List<string> lines = [$"{tree.Root} is a BootConsole server for {facts.Host}."];
        if (facts.IsSystem)
        {
            lines.Add("  Each PC gets a user of its own and is shut into its store.");
            lines.Add("sshd, either of:");
            lines.Add($"  the system's: ln -s {tree.SshdSnippet} /etc/ssh/sshd_config.d/bootserver.conf && sshd -t && systemctl reload ssh");
            lines.Add("  its own:      bootserver sshd --port PORT   (or the service bootserver-sshd)");
        }
        else
        {
            lines.Add($"  All PCs come in as {facts.Account}: each can read and delete what the others have stored.");
            lines.Add("  A server that keeps them apart is made by root.");
            lines.Add($"sshd: bootserver sshd --root {tree.Root}");
        }

        lines.Add($"Firewall: PCs come in by TCP port {facts.Port}.");
        lines.Add("Next: 'bootserver contract add NAME …', then 'bootserver pc add NAME --contract NAME'.");
        lines.Add($"Copies of {tree.Authorities} and of the catalogue are worth keeping elsewhere: 'bootserver copy' makes them.");
        return lines;
    }
}
