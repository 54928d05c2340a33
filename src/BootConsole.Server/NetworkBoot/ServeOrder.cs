// What 'serve' was asked for.
using System.Net;
using BootConsole.Core;
using BootConsole.Media.Building;

namespace BootConsole.Server.NetworkBoot;

/// <summary>How network boot is served.</summary>
internal sealed record ServeOrder
{
    /// <summary>Where PCs boot.</summary>
    internal required BootInterface Interface { get; init; }

    /// <summary>The HTTP port; null for TFTP alone.</summary>
    internal required int? HttpPort { get; init; }

    /// <summary>The addresses that are given to PCs, first and last; null where the network has a DHCP server of its own, which is not disturbed.</summary>
    internal (IPAddress First, IPAddress Last)? Range { get; init; }

    /// <summary>True when UEFI PCs get the signed loaders although another DHCP server gives the addresses, which then has to name this server.</summary>
    internal bool UsesSignedLoaders { get; init; }

    /// <summary>The serial port of menus and console; empty for none.</summary>
    internal string SerialPort { get; init; } = "";

    /// <summary>Further words of the kernel's line.</summary>
    internal IReadOnlyList<string> KernelOptions { get; init; } = [];

    /// <summary>Where PCs enrol; empty when there is no HTTP.</summary>
    internal string EnrolUrl => HttpPort is { } port ? $"http://{Interface.Address}:{port}/enrol" : "";

    /// <summary>What UEFI that boots over HTTP starts; empty when there is no HTTP.</summary>
    internal string HttpBootUrl => HttpPort is { } port ? $"http://{Interface.Address}:{port}/{NetworkLoaders.HttpUefiFile}" : "";

    /// <summary>Reads <c>--dhcp</c> and <c>--range</c>.</summary>
    /// <exception cref="UsageFault">They are not known, contradict each other, or do not fit the interface.</exception>
    internal static (IPAddress, IPAddress)? ReadRange(string dhcp, string? range, BootInterface at)
    {
        if (dhcp is not ("proxy" or "full")) throw new UsageFault("this is no way to serve DHCP") { Which = "--dhcp", Found = PlainText.Of(dhcp), Expected = "proxy or full" };
        if (dhcp == "proxy") return range is null ? null : throw new UsageFault("only '--dhcp full' gives addresses to PCs") { Which = "--range" };
        var expected = $"two addresses of the network {at.Network}/{at.PrefixLength}, such as 192.0.2.100,192.0.2.150, without {at.Address}";
        if (range?.Split(',') is not [var first, var last] || !IPAddress.TryParse(first, out var one) || !IPAddress.TryParse(last, out var other) || one.ToString() != first || other.ToString() != last)
            throw new UsageFault("the addresses for PCs are missing or are none") { Which = "--range", Found = PlainText.Of(range ?? ""), Expected = expected };
        if (!at.Has(one) || !at.Has(other) || Number(one) > Number(other) || (Number(one) <= Number(at.Address) && Number(at.Address) <= Number(other))) throw new UsageFault("the addresses for PCs do not fit the interface") { Which = "--range", Found = range, Expected = expected };
        return (one, other);
    }

    private static uint Number(IPAddress address) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
}
