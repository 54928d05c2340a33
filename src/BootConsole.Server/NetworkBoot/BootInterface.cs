// The network interface that PCs boot through: its address and its network.
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using BootConsole.Core;

namespace BootConsole.Server.NetworkBoot;

/// <summary>An interface with its IPv4 address.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its first IPv4 address.</param>
/// <param name="PrefixLength">Bits of the network.</param>
internal sealed partial record BootInterface(string Name, IPAddress Address, int PrefixLength)
{
    /// <summary>The network's own address.</summary>
    internal IPAddress Network => new IPNetwork(Masked(Address), PrefixLength).BaseAddress;

    /// <summary>Its mask.</summary>
    internal IPAddress Mask => new(Bits(PrefixLength));

    /// <summary>True for an address that a PC of this network can have.</summary>
    internal bool Has(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork && Masked(address).Equals(Network) && !address.Equals(Network);

    /// <summary>Finds an interface.</summary>
    /// <exception cref="UsageFault">It is not there, is the loopback, or has a name that dnsmasq would take for several.</exception>
    /// <exception cref="HostFault">It has no IPv4 address.</exception>
    internal static BootInterface Find(string name)
    {
        var all = NetworkInterface.GetAllNetworkInterfaces().Where(one => one.NetworkInterfaceType != NetworkInterfaceType.Loopback).ToList();
        var known = string.Join(", ", all.Select(one => one.Name).Where(other => PlainName().IsMatch(other)).Order(StringComparer.Ordinal));
        if (!PlainName().IsMatch(name) || all.FirstOrDefault(one => one.Name == name) is not { } found)
            throw new UsageFault("there is no such network interface") { Which = "--interface", Found = PlainText.Of(name), Expected = known.Length > 0 ? $"one of {known}" : "one of this machine's; it has none but the loopback" };
        var address = found.GetIPProperties().UnicastAddresses.FirstOrDefault(one => one.Address.AddressFamily == AddressFamily.InterNetwork)
            ?? throw new HostFault("the network interface has no IPv4 address") { Which = name, Remedy = $"Give it one ('ip address add 192.0.2.1/24 dev {name}', better in the machine's network configuration), then start this again." };
        return new BootInterface(name, address.Address, address.PrefixLength);
    }

    private IPAddress Masked(IPAddress address) => new(address.GetAddressBytes().Zip(Bits(PrefixLength), (one, other) => (byte)(one & other)).ToArray());

    private static byte[] Bits(int length) => [.. Enumerable.Range(0, 4).Select(index => (byte)((0xFF00 >> Math.Clamp(length - (8 * index), 0, 8)) & 0xFF))];

    [GeneratedRegex(@"^[A-Za-z0-9._@-]{1,15}\z")]
    private static partial Regex PlainName();
}
