// bootserver sshd: a sshd for this server alone. The program becomes sshd, so that whoever started it watches and signals the right one.
using System.CommandLine;
using System.Globalization;
using System.Net;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Output;
using BootConsole.Server.Sshd;

namespace BootConsole.Server.Commands;

/// <summary>Starts sshd.</summary>
internal static class SshdCommand
{
    private const int LastPort = 65535;

    private static readonly Option<int?> Port = new("--port") { Description = "port to listen on, instead of the server's", HelpName = "PORT" };
    private static readonly Option<string?> Listen = new("--listen") { Description = "address to listen on, instead of all", HelpName = "ADDRESS" };

    internal static Command Make(Services services)
    {
        var command = new Command("sshd", "Run a sshd for this server alone.") { Port, Listen };
        ExampleHelp.Give(command, "bootserver sshd --port 2222", "bootserver sshd --root ~/backups --listen 127.0.0.1");
        command.Does(services, "sshd was not started; what is stored is as it was.", StartAsync);
        return command;
    }

    private static async Task StartAsync(CommandSession session)
    {
        var tree = session.Tree;
        var facts = tree.ReadFacts();
        var port = session.Line.GetValue(Port) ?? facts.Port;
        if (port is < 1 or > LastPort) throw new UsageFault("this is no port") { Which = "--port", Found = $"{port}", Expected = $"1 to {LastPort}" };
        var address = session.Line.GetValue(Listen);
        var where = address is null ? IPAddress.IPv6Any : IPAddress.TryParse(address, out var parsed) ? parsed : throw new UsageFault("this is no address") { Which = "--listen", Found = PlainText.Of(address), Expected = "an IPv4 or IPv6 address" };
        Require(facts);
        SshdProgram.RequirePort(address is null && !System.Net.Sockets.Socket.OSSupportsIPv6 ? IPAddress.Any : where, port);
        if (address is null) SshdProgram.RequirePort(IPAddress.Any, port);
        if (await new SshdProgram(session.Services.Programs).ObjectionAsync(tree.SshdConfiguration, session.Cancel) is { Length: > 0 } objection)
            throw new HostFault("sshd does not take its configuration") { Which = tree.SshdConfiguration, Found = objection, Remedy = "Run 'bootserver doctor'." };
        session.Answer([$"sshd for {facts.Host} listens on {address ?? "all addresses"}, port {port}. Ctrl-C ends it."], new SshdDocument("started", address ?? "", port, tree.SshdConfiguration), ServerDocuments.Default.SshdDocument);
        session.Services.Output.Profile.Out.Writer.Flush();
        string[] listen = address is null ? [] : ["-o", $"ListenAddress={address}"];
        // By -p the port of the configuration does not count; by -o it would be a second one.
        ProgramReplacement.Become(SshdProgram.Path, ["-D", "-e", "-f", tree.SshdConfiguration, "-p", port.ToString(CultureInfo.InvariantCulture), .. listen]);
    }

    // A sshd that is not root cannot become another user: every login would fail with no word of why.
    private static void Require(ServerFacts facts)
    {
        if (facts.IsSystem && FileOwnership.Self != FileOwnership.Root) throw new RefusedFault("the sshd of this server has to become the users of PCs") { Remedy = "Run this as root, or start the service bootserver-sshd." };
        if (!facts.IsSystem && Environment.UserName != facts.Account) throw new RefusedFault("this server is another user's") { Expected = facts.Account, Found = Environment.UserName, Remedy = $"Run this as {facts.Account}." };
    }
}
