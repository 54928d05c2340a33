// From settings and cards to the steps that bring the network up. Pure.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BootConsole.Settings;

namespace BootConsole.Appliance.Setup;

/// <summary>Plans the network.</summary>
internal static class NetworkPlan
{
    // IFNAMSIZ without its end.
    private const int LongestName = 15;

    /// <summary>The steps for settings.</summary>
    /// <param name="pc">What the settings say.</param>
    /// <param name="cards">The cards, all up.</param>
    /// <param name="chosen">The card for a fixed address.</param>
    internal static IReadOnlyList<NetworkStep> Make(PcSettings pc, IReadOnlyList<NetworkCard> cards, NetworkCard? chosen) => pc.Address switch
    {
        StaticAddress address when chosen is not null => [.. Vlan(pc, cards, chosen), .. Fixed(address, Target(pc, cards, chosen))],
        DhcpAddress => [.. cards.SelectMany(card => (IEnumerable<NetworkStep>)[.. Vlan(pc, cards, card), new AskForLease(Target(pc, cards, card), card.HasLink)])],
        _ => [],
    };

    /// <summary>Where the address of a card goes: to itself, or to the VLAN on it.</summary>
    internal static string Target(PcSettings pc, IReadOnlyList<NetworkCard> cards, NetworkCard card)
    {
        if (pc.Vlan is not { } id) return card.Name;
        var name = string.Create(CultureInfo.InvariantCulture, $"{card.Name}.{id}");
        return name.Length <= LongestName ? name : string.Create(CultureInfo.InvariantCulture, $"vlan{cards.ToList().IndexOf(card)}.{id}");
    }

    private static IEnumerable<NetworkStep> Vlan(PcSettings pc, IReadOnlyList<NetworkCard> cards, NetworkCard card)
    {
        if (pc.Vlan is not { } id) yield break;
        var (name, number) = (Target(pc, cards, card), id.ToString(CultureInfo.InvariantCulture));
        yield return new RunIp($"VLAN {number} cannot be made on {card.Name}", "link", "add", "link", card.Name, "name", name, "type", "vlan", "id", number);
        yield return new RunIp($"{name} cannot be switched on", "link", "set", "dev", name, "up");
    }

    private static IEnumerable<NetworkStep> Fixed(StaticAddress address, string card)
    {
        var isIPv4 = address.Address.AddressFamily == AddressFamily.InterNetwork;
        if (isIPv4) yield return new CheckUnused(card, address.Address);
        // A network of two addresses has no broadcast (RFC 3021).
        string[] broadcast = isIPv4 && address.PrefixLength < 31 ? ["broadcast", "+"] : [];
        yield return new RunIp($"the address {address} cannot be given to {card}", ["address", "add", address.ToString(), .. broadcast, "dev", card]);
        if (address.Gateway is { } gateway) yield return new RunIp($"the gateway {gateway} cannot be used on {card}", [.. isIPv4 ? (string[])[] : ["-6"], "route", "replace", "default", "via", gateway.ToString(), "dev", card]);
    }
}
