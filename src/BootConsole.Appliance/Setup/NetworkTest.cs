// Tries the network step by step, from the cable to the server.
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Appliance.Setup;

/// <summary>How one step of the test went.</summary>
/// <param name="Step">What was tried.</param>
/// <param name="IsGood">True when it works.</param>
/// <param name="Words">What was found, and for what does not work: what to do.</param>
internal sealed record NetworkCheck(string Step, bool IsGood, string Words);

/// <summary>Tests link, address, gateway, name and server. What stands on a step that failed is not tried.</summary>
internal sealed class NetworkTest(IProgramRunner programs, SetupPlaces places)
{
    private const int SshPort = 22;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SystemPrograms _programs = new(programs);

    /// <summary>Tests.</summary>
    /// <param name="server">The server to reach; null when the settings name none.</param>
    /// <param name="cancel">Gives it up.</param>
    internal async Task<IReadOnlyList<NetworkCheck>> RunAsync(SftpAddress? server, CancellationToken cancel)
    {
        var view = NetworkView.Look(places);
        List<NetworkCheck> checks = [Link(view)];
        if (checks[^1].IsGood) checks.Add(Address(view));
        if (!checks[^1].IsGood) return checks;
        if (view.WayOut is { } way) checks.Add(await GatewayAsync(way.Card, way.Gateway, cancel));
        else checks.Add(new NetworkCheck("gateway", true, "None: only this network can be reached."));
        if (server is null) return [.. checks, new NetworkCheck("server", true, "The settings name no server.")];
        var (resolved, addresses) = await ResolveAsync(server.Host, view, cancel);
        checks.Add(resolved);
        if (addresses.Length > 0) checks.Add(await ConnectAsync(server, addresses, cancel));
        return checks;
    }

    private static NetworkCheck Link(NetworkView view) => view.Cards.Where(card => card.HasLink).Select(card => card.Name).ToList() is { Count: > 0 } linked
        ? new("link", true, $"{string.Join(", ", linked)}: there is somebody at the other end of the cable.")
        : new("link", false, view.Cards.Count == 0 ? "This PC has no network card that the kernel knows." : "No card has a link: plug the cable in at both ends.");

    private static NetworkCheck Address(NetworkView view) => view.Cards.SelectMany(card => card.Addresses).ToList() is { Count: > 0 } addresses
        ? new("address", true, string.Join(", ", addresses))
        : new("address", false, "This PC has no address: no DHCP server answers, or none was given. S gives it one.");

    // By ARP, which no firewall keeps back; IPv6 has none, and the kernel asks by itself there.
    private async Task<NetworkCheck> GatewayAsync(string card, string gateway, CancellationToken cancel)
    {
        if (!IPAddress.TryParse(gateway, out var address)) return new("gateway", false, $"{gateway} is no address.");
        bool answers;
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            try
            {
                answers = await _programs.RunAsync("arping", Patience, ["-q", "-f", "-c", "2", "-w", "3", "-I", card, gateway], cancel) is { ExitCode: 0 };
            }
            catch (HostFault)
            {
                answers = await PingAsync(address);
            }
        }
        else
        {
            answers = await PingAsync(address);
        }

        return answers ? new("gateway", true, $"{gateway} answers on {card}.") : new("gateway", false, $"{gateway} does not answer on {card}: wrong cable, wrong gateway, or a VLAN that is missing.");
    }

    private static async Task<bool> PingAsync(IPAddress address)
    {
        try
        {
            using var ping = new Ping();
            return (await ping.SendPingAsync(address, (int)Patience.TotalMilliseconds)).Status == IPStatus.Success;
        }
        catch (PingException)
        {
            return false;
        }
    }

    private static async Task<(NetworkCheck Check, IPAddress[] Addresses)> ResolveAsync(string host, NetworkView view, CancellationToken cancel)
    {
        if (IPAddress.TryParse(host, out var address)) return (new NetworkCheck("name", true, $"{host} is an address; no name server is needed."), [address]);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, cancel).WaitAsync(Patience, cancel);
            if (addresses.Length > 0) return (new NetworkCheck("name", true, $"{host} is {string.Join(", ", addresses.Take(3).Select(found => found.ToString()))}."), addresses);
        }
        catch (Exception failure) when (failure is SocketException or TimeoutException or ArgumentException)
        {
            // The sentence below.
        }

        return (new NetworkCheck("name", false, view.Dns.Count == 0 ? $"Nobody was named who knows the address of {host}: give a name server, or the server's address." : $"No address of {host}: the name server ({string.Join(", ", view.Dns)}) does not answer, or does not know the name."), []);
    }

    private static async Task<NetworkCheck> ConnectAsync(SftpAddress server, IPAddress[] addresses, CancellationToken cancel)
    {
        var port = server.Port > 0 ? server.Port : SshPort;
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(addresses, port, cancel).AsTask().WaitAsync(Patience, cancel);
            return new("server", true, $"{server.Host} answers on port {port}.");
        }
        catch (TimeoutException)
        {
            return new("server", false, $"{server.Host} does not answer on port {port}: it is off, or something on the way keeps it back.");
        }
        catch (SocketException refusal)
        {
            return new("server", false, refusal.SocketErrorCode == SocketError.ConnectionRefused ? $"{server.Host} refuses port {port}: no ssh server runs there." : $"{server.Host} port {port} cannot be reached: {refusal.Message}.");
        }
    }
}
