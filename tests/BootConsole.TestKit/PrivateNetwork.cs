// A network of one test: a bridge with the address 192.0.2.1 in a namespace of its own, into which virtual PCs plug. Nothing of it reaches this machine's own network.
using System.Globalization;
using BootConsole.Host;

namespace BootConsole.TestKit;

/// <summary>A network namespace with the interface <c>br0</c>, and perhaps an ordinary DHCP server at 192.0.2.254 that knows nothing of network boot. Needs root, ip and dnsmasq.</summary>
public sealed class PrivateNetwork : IAsyncDisposable
{
    /// <summary>The interface and its address.</summary>
    public const string Interface = "br0", Address = "192.0.2.1", Tap = "tap0";

    private static int _made;

    private readonly TempFolder _folder = new();
    private PipedProgram? _router;

    private PrivateNetwork() => Name = string.Create(CultureInfo.InvariantCulture, $"bc-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");

    /// <summary>The namespace's name, for <c>ip netns exec</c>.</summary>
    public string Name { get; }

    /// <summary>Makes one.</summary>
    /// <param name="hasDhcpServer">True for one with a DHCP server at 192.0.2.254.</param>
    public static PrivateNetwork Make(bool hasDhcpServer = false)
    {
        var network = new PrivateNetwork();
        Ip("netns", "add", network.Name);
        network.Do("link", "set", "lo", "up");
        network.Do("link", "add", Interface, "type", "bridge");
        network.Do("address", "add", Address + "/24", "dev", Interface);
        network.Do("link", "set", Interface, "up");
        network.Do("tuntap", "add", Tap, "mode", "tap");
        network.Do("link", "set", Tap, "master", Interface, "up");
        if (hasDhcpServer) network.AddRouter();
        return network;
    }

    /// <summary>A call inside: <c>ip</c> with these arguments.</summary>
    public string[] Inside(string program, params string[] arguments) => ["netns", "exec", Name, program, .. arguments];

    /// <summary>Runs a program inside, whatever it says.</summary>
    public ProgramResult Try(string program, params string[] arguments) => SystemTool.Try("ip", Inside(program, arguments));

    public async ValueTask DisposeAsync()
    {
        if (_router is not null)
        {
            _router.Kill();
            await _router.DisposeAsync();
            SystemTool.Try("ip", "netns", "delete", Name + "r");
        }

        SystemTool.Try("ip", "netns", "delete", Name);
        _folder.Dispose();
    }

    // In a namespace of its own: two DHCP servers on one address would not be what a network has.
    private void AddRouter()
    {
        var router = Name + "r";
        Ip("netns", "add", router);
        Ip("-n", Name, "link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", router);
        Do("link", "set", "v0", "master", Interface, "up");
        Ip("-n", router, "address", "add", "192.0.2.254/24", "dev", "v1");
        Ip("-n", router, "link", "set", "v1", "up");
        var configuration = _folder["router.conf"];
        File.WriteAllText(configuration, $"""
            port=0
            pid-file
            user=root
            interface=v1
            bind-interfaces
            dhcp-range=192.0.2.100,192.0.2.150,10m
            dhcp-leasefile={_folder["leases"]}

            """);
        _router = PipedProgram.Start("ip", ["netns", "exec", router, "dnsmasq", "--keep-in-foreground", "--log-facility=-", $"--conf-file={configuration}"]);
    }

    private static void Ip(params string[] arguments) => SystemTool.Run("ip", arguments);

    private void Do(params string[] arguments) => Ip(["-n", Name, .. arguments]);
}
