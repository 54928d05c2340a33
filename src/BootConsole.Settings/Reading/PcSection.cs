// Reads [pc].
using System.Net;
using System.Net.Sockets;

namespace BootConsole.Settings.Reading;

/// <summary>Reader of the table <c>[pc]</c>.</summary>
internal static class PcSection
{
    private const string AddressExpected = "\"dhcp\", \"none\", or an address with prefix length such as \"192.0.2.17/24\"";

    private static readonly string[] NetworkKeys = ["gateway", "dns", "vlan"];

    /// <summary>Reads the table.</summary>
    public static PcSettings Read(SectionReader section)
    {
        var address = section.Parsed<NetworkAddress?>("address", new DhcpAddress(), AddressExpected, Address);
        var gateway = section.Parsed<IPAddress?>("gateway", null, NetworkText.AddressExpected, NetworkText.Address);
        if (!section.HasError("address")) CheckAgainstAddress(section, address, gateway);
        return new PcSettings
        {
            Name = section.Required<string>("name", NameText.PartExpected, NameText.Part) ?? "",
            Address = address is StaticAddress fixedAddress ? fixedAddress with { Gateway = gateway } : address ?? new DhcpAddress(),
            Dns = [.. section.List<IPAddress?>("dns", NetworkText.AddressExpected, NetworkText.Address).Select(item => item.Value!)],
            Vlan = section.Has("vlan") ? section.Integer("vlan", 1, 1, 4094) : null,
            Keyboard = section.Parsed<string>("keyboard", "us", "the name of a layout such as \"us\", \"de-latin1\" or \"fr\"", NameText.Keyboard),
            TimeZone = section.Parsed<string>("timezone", "UTC", TimeText.ZoneExpected, TimeText.Zone),
        };
    }

    private static string? Address(string text, out NetworkAddress? value)
    {
        value = text switch { "dhcp" => new DhcpAddress(), "none" => new NoAddress(), _ => null };
        if (value is not null) return null;
        var problem = NetworkText.HostInNetwork(text, out var host);
        value = problem is null ? host : null;
        return problem;
    }

    private static void CheckAgainstAddress(SectionReader section, NetworkAddress? address, IPAddress? gateway)
    {
        if (address is NoAddress)
        {
            foreach (var key in NetworkKeys.Where(section.Has)) section.Fail(key, "means nothing without a network", "no such key with address = \"none\"");
        }
        else if (address is DhcpAddress)
        {
            if (section.Has("gateway")) section.Fail("gateway", "contradicts address = \"dhcp\": DHCP names the gateway", "no gateway, or a fixed address");
        }
        else if (address is StaticAddress host && gateway is not null)
        {
            CheckGateway(section, host, gateway);
        }
    }

    private static void CheckGateway(SectionReader section, StaticAddress host, IPAddress gateway)
    {
        var network = NetworkText.NetworkOf(host.Address, host.PrefixLength);
        if (gateway.Equals(host.Address)) section.Fail("gateway", $"{gateway} is this PC's own address", "another address of the network " + network);
        else if (gateway.AddressFamily != host.Address.AddressFamily || (!network.Contains(gateway) && !IsLinkLocalV6(gateway)))
            section.Fail("gateway", $"{gateway} lies outside of the network {network}", "an address inside of it");
    }

    private static bool IsLinkLocalV6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv6LinkLocal;
}
