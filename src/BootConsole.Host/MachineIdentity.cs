// What tells one machine from all others, across reboots and whatever system runs on it.
using System.Security.Cryptography;
using System.Text;

namespace BootConsole.Host;

/// <summary>Reads what firmware and network cards say (<c>/sys/class/dmi</c>, SMBIOS 3.x type 1; <c>/sys/class/net</c>).</summary>
public static class MachineIdentity
{
    private const int Digits = 32;

    /// <summary>
    /// A digest of the firmware's UUID and the network cards' own addresses. Cheap boards of one make share a UUID, virtual machines of one make an address: both are needed, for what is taken for
    /// this machine is not waited for.
    /// </summary>
    /// <param name="sysfs">Where sysfs is mounted.</param>
    /// <returns>Hexadecimal digits; empty when one of both is missing, or the reader may not see it.</returns>
    public static string Read(string sysfs = "/sys")
    {
        var uuid = Text(Path.Combine(sysfs, "class/dmi/id/product_uuid")).ToLowerInvariant();
        if (!Guid.TryParse(uuid, out var number) || number == Guid.Empty || number == Guid.AllBitsSet) return "";
        var cards = Cards(Path.Combine(sysfs, "class/net")).Order(StringComparer.Ordinal).ToList();
        return cards.Count == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{uuid} {string.Join(' ', cards)}")))[..Digits];
    }

    // A card has hardware behind it, and an address of its own (type 0: not set, drawn or borrowed). What hangs on USB comes and goes.
    private static IEnumerable<string> Cards(string folder) =>
        from card in Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder) : []
        where LinuxNames.Resolve(Path.Combine(card, "device")) is { } device && !device.Contains("/usb", StringComparison.Ordinal) && Text(Path.Combine(card, "addr_assign_type")) == "0"
        let address = Text(Path.Combine(card, "address"))
        where address.Length > 0
        select address;

    // Files of sysfs that only root reads, or that a driver does not fill.
    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
