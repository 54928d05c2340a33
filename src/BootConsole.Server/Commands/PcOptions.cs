// The options of PCs: what is read, and what a PC becomes by them.
using System.CommandLine;
using System.Net;
using System.Text;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Settings;

namespace BootConsole.Server.Commands;

/// <summary>Options that make or change a PC.</summary>
internal sealed class PcOptions
{
    private readonly Option<string?> _contract = new("--contract") { HelpName = "CONTRACT", Description = "the contract it is under" };
    private readonly Option<string[]> _mac = new("--mac") { HelpName = "MAC", Description = "address of a network card, by which it is known when it boots from the network; may be repeated, and replaces all it had; none for none" };
    private readonly Option<string?> _address = new("--address") { HelpName = "ADDRESS", Description = "dhcp, or its address with prefix length, such as 192.0.2.17/24; dhcp unless given" };
    private readonly Option<string?> _gateway = new("--gateway") { HelpName = "ADDRESS", Description = "the way out of a fixed address's network, or none" };
    private readonly Option<string?> _settings = new("--settings") { HelpName = "FILE", Description = "TOML for its boot images: what it backs up, when, how ([backup], [restore], [job], [pc]); the server adds name and [server]" };

    /// <summary>Adds them to a command.</summary>
    internal void AddTo(Command command)
    {
        foreach (var option in (Option[])[_contract, _mac, _address, _gateway, _settings]) command.Add(option);
    }

    /// <summary>A PC with what the line says instead of what it has.</summary>
    /// <exception cref="UsageFault">A value is none.</exception>
    internal Pc Apply(ParseResult line, Pc pc)
    {
        var contract = line.GetValue(_contract) ?? pc.Contract;
        if (contract.Length == 0) throw new UsageFault("a PC needs a contract") { Which = "--contract", Remedy = "'bootserver contract list' shows all." };
        return pc with
        {
            Contract = contract,
            Cards = line.GetValue(_mac) is { Length: > 0 } cards ? Cards(cards) : pc.Cards,
            Address = line.GetValue(_address) is { } address ? Address(address) : pc.Address,
            Gateway = line.GetValue(_gateway) is { } gateway ? Gateway(gateway) : pc.Gateway,
            Settings = line.GetValue(_settings) is { } file ? Encoding.UTF8.GetString(SettingsFile.ReadBytes(file)) : pc.Settings,
        };
    }

    private static string[] Cards(string[] texts) => texts is ["none"] ? [] : [.. texts.Select(ServerNames.Card).Distinct().Order(StringComparer.Ordinal)];

    private static string Address(string text) => text == "dhcp" || IsHostOfNetwork(text)
        ? text
        : throw new UsageFault("this is no address of a PC") { Which = "--address", Found = PlainText.Of(text), Expected = "dhcp, or an address with prefix length, such as 192.0.2.17/24" };

    private static string? Gateway(string text) => text == "none" ? null : IPAddress.TryParse(text, out var address)
        ? address.ToString()
        : throw new UsageFault("this is no address") { Which = "--gateway", Found = PlainText.Of(text), Expected = "an address such as 192.0.2.1, or none" };

    // IPNetwork takes networks alone; a PC's address has bits behind the prefix.
    private static bool IsHostOfNetwork(string text) =>
        text.Split('/') is [var host, var length] && IPAddress.TryParse(host, out var address) && address.ToString() == host
        && int.TryParse(length, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var bits) && bits >= 1 && bits <= address.GetAddressBytes().Length * 8;
}
