// Host names and addresses as parts of URLs.
using System.Globalization;

namespace BootConsole.Core;

/// <summary>The host part of a URL.</summary>
public static class HostText
{
    /// <summary>Splits <c>host</c>, <c>host:port</c>, <c>[v6]</c> or <c>[v6]:port</c>; the port is 0 when there is none.</summary>
    /// <returns>False when the host or the port cannot be one.</returns>
    public static bool TrySplit(string authority, out string host, out int port)
    {
        (host, port) = ("", 0);
        var bracket = authority.StartsWith('[') ? authority.IndexOf(']', StringComparison.Ordinal) : -1;
        host = bracket > 0 ? authority[1..bracket] : authority.Split(':')[0];
        var rest = bracket > 0 ? authority[(bracket + 1)..] : authority[host.Length..];
        if (bracket > 0 ? !IsAddressV6(host) : !IsName(host)) return false;
        if (rest.Length == 0) return true;
        return rest[0] == ':' && ushort.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (port = number) > 0;
    }

    /// <summary>True for a host name. It becomes a program's argument: a first '-' would be read as an option.</summary>
    public static bool IsName(string host) =>
        host.Length is > 0 and <= 255 && host[0] != '-' && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>The host as it stands in a URL: an IPv6 address in brackets.</summary>
    public static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;

    private static bool IsAddressV6(string host) =>
        host.Length <= 64 && host.Contains(':', StringComparison.Ordinal) && System.Net.IPAddress.TryParse(host, out _);
}
