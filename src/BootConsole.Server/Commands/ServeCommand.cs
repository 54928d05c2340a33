// bootserver serve: network boot for the PCs of the catalogue, until it is ended.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Http;
using BootConsole.Server.NetworkBoot;
using BootConsole.Server.Output;
using Microsoft.AspNetCore.Http;

namespace BootConsole.Server.Commands;

/// <summary>Serves network boot.</summary>
internal static class ServeCommand
{
    private const int UsualPort = 8080;

    private static readonly Option<string> Interface = new("--interface") { HelpName = "IF", Description = "the network interface that PCs boot through", Required = true };
    private static readonly Option<string> Dhcp = new("--dhcp") { HelpName = "HOW", Description = "proxy: the network has a DHCP server, this one adds what to boot; full: it has none, this one gives addresses too", DefaultValueFactory = _ => "proxy" };
    private static readonly Option<string?> Range = new("--range") { HelpName = "A,B", Description = "with --dhcp full: first and last address for PCs" };
    private static readonly Option<bool> Signed = new("--signed-loaders") { Description = "with --dhcp proxy: UEFI PCs get loaders for Secure Boot; the network's DHCP server has to name this server" };
    private static readonly Option<int> HttpPort = new("--http-port") { HelpName = "PORT", Description = "port for files and enrolment by HTTP", DefaultValueFactory = _ => UsualPort };
    private static readonly Option<bool> TftpOnly = new("--tftp-only") { Description = "no HTTP, and so no enrolment" };
    private static readonly Option<bool> Print = new("--print") { Description = "show dnsmasq's configuration and the files, and serve nothing" };

    internal static Command Make(Services services)
    {
        Dhcp.CompletionSources.Add("proxy", "full");
        var serve = new Command("serve", "Boot PCs from the network, until this is ended: DHCP, TFTP, HTTP.") { Interface, Dhcp, Range, Signed, HttpPort, TftpOnly, MediumOptions.SerialPort, MediumOptions.KernelOption, Print };
        ExampleHelp.Give(
            serve,
            "bootserver serve --interface eth1",
            "bootserver serve --interface eth1 --dhcp full --range 192.0.2.100,192.0.2.150",
            "bootserver serve --interface eth1 --print");
        serve.Does(services, "Nothing of the catalogue was changed; PCs boot as they do without this server.", ServeAsync);
        return serve;
    }

    private static async Task<ExitCode> ServeAsync(CommandSession session)
    {
        var (tree, services) = (session.Tree, session.Services);
        var order = Order(session.Line);
        using var catalogue = tree.OpenCatalogue(services);
        var folder = new NetworkBootFolder(tree, services.Programs);
        var configuration = DnsmasqText.Write(order, folder.Path, Path.Combine(tree.Log, "pxe.leases"));
        if (session.Line.GetValue(Print))
        {
            Show(session, NetworkBootPlan.Make(tree, catalogue, order, services.Clock.GetUtcNow()), configuration);
            return ExitCode.Done;
        }

        if (FileOwnership.Self != FileOwnership.Root) throw new RefusedFault("only root can serve network boot") { Which = "UDP ports 67 and 69", Remedy = "Run this as root; '--print' shows what would be served." };
        BootPorts.Check(order);
        void Say(string line) => (session.IsJson ? services.Errors : services.Output).Profile.Out.Writer.WriteLine(PlainText.Of(line));
        var follower = new NetworkBootFollower(tree, catalogue, order, folder, services.Clock, Say);
        var plan = await follower.BeginAsync(session.Cancel);
        var file = Path.Combine(tree.Configuration, "dnsmasq.conf");
        WholeFile.Write(file, configuration, WholeFile.ReadableByAll);
        await using var http = order.HttpPort is { } port ? await HttpFront.StartAsync(order.Interface.Address, port, Answers(folder, new EnrolmentFront(tree, services, Say)), session.Cancel) : null;
        await using var dnsmasq = await Dnsmasq.StartAsync(file, session.Cancel);
        Answer(session, order, plan);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(session.Cancel);
        var following = follower.RunAsync(end.Token);
        var first = await Task.WhenAny(following, dnsmasq.EndedAsync());
        await end.CancelAsync();
        // To be ended is how this ends.
        if (session.Cancel.IsCancellationRequested) return ExitCode.Done;
        if (first is Task<HostFault> ended) throw await ended;
        await following;
        return ExitCode.Done;
    }

    private static ServeOrder Order(ParseResult line)
    {
        var at = BootInterface.Find(line.GetValue(Interface)!);
        var port = line.GetValue(HttpPort);
        if (port is < 1 or > 65535) throw new UsageFault("this is no port") { Which = "--http-port", Found = port.ToString(System.Globalization.CultureInfo.InvariantCulture), Expected = "1 to 65535; --tftp-only for none" };
        return new ServeOrder
        {
            Interface = at,
            HttpPort = line.GetValue(TftpOnly) ? null : port,
            Range = ServeOrder.ReadRange(line.GetValue(Dhcp)!, line.GetValue(Range), at),
            UsesSignedLoaders = line.GetValue(Signed),
            SerialPort = line.GetValue(MediumOptions.SerialPort) ?? "",
            KernelOptions = line.GetValue(MediumOptions.KernelOption) ?? [],
        };
    }

    private static RequestDelegate Answers(NetworkBootFolder folder, EnrolmentFront enrolment)
    {
        var files = new BootFiles(folder.Path);
        return context => context.Request.Path == EnrolmentFront.Path ? enrolment.AnswerAsync(context) : files.AnswerAsync(context);
    }

    private static void Answer(CommandSession session, ServeOrder order, NetworkBootPlan plan) => session.Answer(
        [
            $"Serving network boot on {order.Interface.Name} ({order.Interface.Address}): {plan.Served.Count} PCs, base {plan.Base.Folder}.",
            order.Range is var (first, last) ? $"  DHCP   addresses {first} to {last}" : "  DHCP   beside the network's own server, which gives the addresses",
            "  TFTP   the folder pxe of the server",
            order.HttpPort is { } port ? $"  HTTP   http://{order.Interface.Address}:{port}/" : "  HTTP   not served",
            "Ctrl-C ends it.",
        ],
        Document(order, plan),
        ServeDocuments.Default.ServeDocument);

    private static void Show(CommandSession session, NetworkBootPlan plan, string configuration) => session.Answer(
        [
            "dnsmasq's configuration:",
            .. configuration.TrimEnd('\n').Split('\n').Select(line => "  " + line),
            "Files, besides the boot loaders:",
            .. NetworkBootFolder.BaseFiles.Select(name => $"  bases/{plan.Base.Folder}/{name}"),
            .. plan.Files.Keys.Select(path => "  " + path),
            .. plan.Refused.Select(refused => $"{refused.Pc} cannot boot: {refused.Reason}"),
        ],
        new ServePlanDocument(configuration, plan.Base.Folder, [.. plan.Files.Keys], plan.Served, [.. plan.Refused.Select(refused => new ServeRefusedDocument(refused.Pc, refused.Reason))]),
        ServeDocuments.Default.ServePlanDocument);

    private static ServeDocument Document(ServeOrder order, NetworkBootPlan plan) =>
        new(order.Interface.Name, order.Interface.Address.ToString(), order.Range is null ? "proxy" : "full", order.HttpPort, plan.Base.Folder, plan.Served, [.. plan.Refused.Select(refused => new ServeRefusedDocument(refused.Pc, refused.Reason))]);
}
