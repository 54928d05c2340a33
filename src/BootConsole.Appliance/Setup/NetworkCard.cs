// The network cards of this PC, as the kernel lists them.
namespace BootConsole.Appliance.Setup;

/// <summary>A network card with a cable.</summary>
/// <param name="Name">As the kernel calls it: <c>eth0</c>.</param>
/// <param name="HasLink">True when there is somebody at the other end of the cable. A card that is not up cannot tell.</param>
internal sealed record NetworkCard(string Name, bool HasLink);

/// <summary>Reads <c>/sys/class/net</c> (Documentation/ABI/testing/sysfs-class-net).</summary>
internal static class NetworkCards
{
    private const string Folder = "/sys/class/net";

    /// <summary>The Ethernet cards, by name. Not what is made of other cards, and not radio: nobody typed its password.</summary>
    internal static IReadOnlyList<NetworkCard> Find() =>
        [.. Names().Where(name => Read(name, "type") == "1" && Kind(name).Length == 0 && !Directory.Exists($"{Folder}/{name}/wireless") && !Directory.Exists($"{Folder}/{name}/phy80211")).Select(name => new NetworkCard(name, HasLink(name)))];

    /// <summary>The VLANs that were made of cards.</summary>
    internal static IReadOnlyList<string> FindVlans() => [.. Names().Where(name => Kind(name) == "vlan")];

    private static bool HasLink(string name) => Read(name, "carrier") == "1";

    private static IEnumerable<string> Names() => Directory.Exists(Folder) ? Directory.GetFileSystemEntries(Folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal) : [];

    private static string Kind(string name) => Read(name, "uevent").Split('\n').FirstOrDefault(line => line.StartsWith("DEVTYPE=", StringComparison.Ordinal))?["DEVTYPE=".Length..] ?? "";

    // The carrier of a card that is down cannot be read (EINVAL).
    private static string Read(string name, string field)
    {
        try
        {
            return File.ReadAllText($"{Folder}/{name}/{field}").Trim();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "";
        }
    }
}
