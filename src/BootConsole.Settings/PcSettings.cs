// [pc]: who this PC is and how it joins the network.
using System.Net;

namespace BootConsole.Settings;

/// <summary>The PC's name, network, keyboard and clock.</summary>
public sealed record PcSettings
{
    /// <summary>The PC's part of image names; see <see cref="Core.ImageId.IsPart"/>.</summary>
    public required string Name { get; init; }

    /// <summary>How the PC gets its address.</summary>
    public NetworkAddress Address { get; init; } = new DhcpAddress();

    /// <summary>Name servers, IPv4 or IPv6; empty for those of DHCP, or none.</summary>
    public IReadOnlyList<IPAddress> Dns { get; init; } = [];

    /// <summary>VLAN of the address, 1 to 4094; null for untagged frames.</summary>
    public int? Vlan { get; init; }

    /// <summary>Keyboard layout, as <c>loadkeys</c> names it.</summary>
    public string Keyboard { get; init; } = "us";

    /// <summary>Time zone, as the IANA database names it; times of day in the file are in this zone.</summary>
    public string TimeZone { get; init; } = "UTC";
}

/// <summary>How the PC gets its address: <see cref="DhcpAddress"/>, <see cref="StaticAddress"/> or <see cref="NoAddress"/>.</summary>
public abstract record NetworkAddress
{
    private protected NetworkAddress() { }
}

/// <summary>By DHCP.</summary>
public sealed record DhcpAddress : NetworkAddress;

/// <summary>No network is brought up: backups go to local media.</summary>
public sealed record NoAddress : NetworkAddress;

/// <summary>A fixed address.</summary>
/// <param name="Address">IPv4 or IPv6; an address of a host, not of the network or the broadcast.</param>
/// <param name="PrefixLength">Bits of the network: 1 to 32, or 1 to 128.</param>
/// <param name="Gateway">The way out, inside the network (or link-local for IPv6); null for none.</param>
public sealed record StaticAddress(IPAddress Address, int PrefixLength, IPAddress? Gateway) : NetworkAddress
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address}/{PrefixLength}";
}
