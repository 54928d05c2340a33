// Addresses of the PC: strict forms only, since a guess here is a PC that nobody reaches.
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BootConsole.Settings.Reading;

/// <summary>Parsers of addresses.</summary>
internal static class NetworkText
{
    public const string AddressExpected = "an IPv4 or IPv6 address such as 192.0.2.1";

    /// <summary>An address in its usual form: four decimal numbers (no octal, no short forms), or IPv6 without a zone.</summary>
    public static string? Address(string text, out IPAddress? value)
    {
        const string problem = "is not an address";
        if (!IPAddress.TryParse(text, out value)) return problem;
        if (value.AddressFamily == AddressFamily.InterNetwork) return value.ToString() == text ? null : problem;
        return text.AsSpan().ContainsAny("%[]") ? problem : null;
    }

    /// <summary>Address and prefix length of a host, such as <c>192.0.2.17/24</c>.</summary>
    public static string? HostInNetwork(string text, out StaticAddress? value)
    {
        value = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return Address(text, out _) is null ? "has no prefix length" : "is not an address with prefix length";
        if (Address(text[..slash], out var address) is { } problem) return problem;
        var bits = address!.GetAddressBytes().Length * 8;
        var digits = text[(slash + 1)..];
        if (!byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix < 1 || prefix > bits || digits.StartsWith('0'))
            return $"has a wrong prefix length (1 to {bits})";
        value = new StaticAddress(address, prefix, null);
        return HostProblem(address, prefix);
    }

    /// <summary>The network that an address lies in.</summary>
    public static IPNetwork NetworkOf(IPAddress address, int prefixLength)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefixLength; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)(0xFF ^ (0x80 >> (bit % 8)));
        return new IPNetwork(new IPAddress(bytes), prefixLength);
    }

    private static string? HostProblem(IPAddress address, int prefix)
    {
        if (IPAddress.IsLoopback(address)) return "is a loopback address";
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) return "is not the address of a host";
        if (address.AddressFamily != AddressFamily.InterNetwork) return address.IsIPv6Multicast ? "is not the address of a host" : null;
        if (address.GetAddressBytes()[0] >= 224) return "is not the address of a host";
        if (prefix >= 31) return null;
        if (NetworkOf(address, prefix).BaseAddress.Equals(address)) return "is the address of the network itself, not of a host in it";
        var bytes = address.GetAddressBytes();
        var hostBits = uint.MaxValue >> prefix;
        return (System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) & hostBits) == hostBits ? "is the broadcast address of its network" : null;
    }
}
