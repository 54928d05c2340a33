// A network as a person types it, checked by the same rules as a settings file.
using System.Globalization;
using System.Text;
using BootConsole.Settings;

namespace BootConsole.Appliance.Setup;

/// <summary>The network of the settings, as text to be edited.</summary>
/// <param name="Address"><c>dhcp</c>, <c>none</c>, or an address with prefix length.</param>
/// <param name="Gateway">Empty for none.</param>
/// <param name="Dns">Name servers, with commas or spaces between; empty for those of DHCP.</param>
/// <param name="Vlan">A number; empty for none.</param>
internal sealed record TypedNetwork(string Address, string Gateway, string Dns, string Vlan)
{
    /// <summary>What the settings say now.</summary>
    internal static TypedNetwork Of(PcSettings pc) => new(
        pc.Address switch { StaticAddress address => address.ToString(), NoAddress => "none", _ => "dhcp" },
        (pc.Address as StaticAddress)?.Gateway?.ToString() ?? "",
        string.Join(", ", pc.Dns),
        pc.Vlan?.ToString(CultureInfo.InvariantCulture) ?? "");

    /// <summary>Puts it into settings.</summary>
    /// <returns>The settings, or why they are none.</returns>
    internal (PcSettings? Settings, string Complaint) ApplyTo(PcSettings pc)
    {
        var text = new StringBuilder("[pc]\nname = \"pc\"\n").Append(CultureInfo.InvariantCulture, $"address = {Quoted(Address)}\n");
        if (Gateway.Trim().Length > 0) text.Append(CultureInfo.InvariantCulture, $"gateway = {Quoted(Gateway)}\n");
        var servers = Dns.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (servers.Length > 0) text.Append(CultureInfo.InvariantCulture, $"dns = [{string.Join(", ", servers.Select(Quoted))}]\n");
        if (Vlan.Trim().Length > 0)
        {
            if (!int.TryParse(Vlan.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return (null, "VLAN: a whole number from 1 to 4094, or nothing.");
            text.Append(CultureInfo.InvariantCulture, $"vlan = {number}\n");
        }

        var check = SettingsFile.Check(Encoding.UTF8.GetBytes(text.ToString()), "");
        if (check.Settings is { } settings) return (pc with { Address = settings.Pc.Address, Dns = settings.Pc.Dns, Vlan = settings.Pc.Vlan }, "");
        var error = check.Errors[0];
        return (null, $"{error.Key.Replace("pc.", "", StringComparison.Ordinal)}: {error.What}{(error.Expected.Length > 0 ? $"; expected {error.Expected}" : "")}.");
    }

    // A basic string of TOML: what is typed is never more than a value.
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (rune.Value is '"' or '\\' || rune.Value < 0x20 || rune.Value == 0x7F) quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else quoted.Append(rune.ToString());
        }

        return quoted.Append('"').ToString();
    }
}
