// What a DHCP server gave, as udhcpc's script wrote it down.
namespace BootConsole.Appliance.Setup;

/// <summary>A lease.</summary>
/// <param name="Address">Address with prefix length.</param>
/// <param name="Gateway">The gateway; empty for none.</param>
/// <param name="Dns">Name servers, with spaces between; empty for none.</param>
internal sealed record Lease(string Address, string Gateway, string Dns)
{
    private const int MostBytes = 4096, MostCharacters = 200;

    /// <summary>Reads a lease; null when there is none.</summary>
    internal static Lease? TryRead(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes) return null;
            // What a server of somebody's network said is shown, and nothing else is done with it.
            var values = File.ReadAllLines(path).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => Plain(group.Last()[1]));
            return values.TryGetValue("address", out var address) && address.Length > 0 ? new Lease(address, values.GetValueOrDefault("gateway", ""), values.GetValueOrDefault("dns", "")) : null;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The lease as a sentence.</summary>
    internal string Describe(string card) => $"{card} has the address {Address} by DHCP{(Gateway.Length > 0 ? $", the gateway {Gateway}" : ", and no gateway")}{(Dns.Length > 0 ? $"; names are resolved by {Dns}" : "; no name server was named")}.";

    private static string Plain(string text) => string.Concat(text.Where(character => char.IsAsciiLetterOrDigit(character) || character is ' ' or '.' or ':' or '/' or '%' or '-').Take(MostCharacters)).Trim();
}
