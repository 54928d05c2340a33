// What the network of this PC is like now.
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace BootConsole.Appliance.Setup;

/// <summary>A card as it is now.</summary>
/// <param name="Name">Its name, or that of the VLAN on it.</param>
/// <param name="Mac">Its hardware address.</param>
/// <param name="HasLink">True when there is somebody at the other end of the cable.</param>
/// <param name="Addresses">Its addresses with prefix lengths, without those that every card has by itself (fe80::).</param>
/// <param name="Gateways">Its gateways.</param>
internal sealed record CardView(string Name, string Mac, bool HasLink, IReadOnlyList<string> Addresses, IReadOnlyList<string> Gateways);

/// <summary>The network as it is now.</summary>
internal sealed record NetworkView(IReadOnlyList<CardView> Cards, IReadOnlyList<string> Dns)
{
    private const int MostServers = 8;

    /// <summary>Looks.</summary>
    internal static NetworkView Look(SetupPlaces places) => new(
        [.. NetworkInterface.GetAllNetworkInterfaces().Where(card => card.NetworkInterfaceType != NetworkInterfaceType.Loopback).OrderBy(card => card.Name, StringComparer.Ordinal).Select(Of)],
        ReadServers(places.Resolver));

    private static CardView Of(NetworkInterface card)
    {
        var properties = card.GetIPProperties();
        return new CardView(
            card.Name,
            string.Join(':', card.GetPhysicalAddress().GetAddressBytes().Select(part => part.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))),
            card.OperationalStatus == OperationalStatus.Up,
            [.. properties.UnicastAddresses.Where(address => !address.Address.IsIPv6LinkLocal).Select(address => $"{address.Address}/{address.PrefixLength}")],
            [.. properties.GatewayAddresses.Select(gateway => gateway.Address.ToString())]);
    }

    private static IReadOnlyList<string> ReadServers(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Take(100).Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(words => words is ["nameserver", _, ..]).Select(words => words[1]).Take(MostServers)];
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The IPv4 or IPv6 way out; null for none.</summary>
    internal (string Card, string Gateway)? WayOut => Cards.Where(card => card.Gateways.Count > 0).Select(card => ((string, string)?)(card.Name, card.Gateways[0])).FirstOrDefault();
}
