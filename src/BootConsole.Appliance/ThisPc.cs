// Who this PC is: name, DMI, firmware.
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Appliance;

/// <summary>Reads what the firmware says of this PC (<c>/sys/class/dmi/id</c>, SMBIOS 3.x type 1).</summary>
internal static class ThisPc
{
    private const string Dmi = "/sys/class/dmi/id/";

    /// <summary>Describes this PC.</summary>
    /// <param name="name">Its name; null for the host name.</param>
    /// <exception cref="UsageFault">The name cannot be part of an image id.</exception>
    internal static PcRecord Describe(string? name)
    {
        if (name is not null && !ImageId.IsPart(name)) throw new UsageFault("the PC's name is not allowed") { Which = "--pc", Found = name, Expected = "1 to 60 of A-Z a-z 0-9 . - (not starting with . or -)" };
        return new PcRecord
        {
            Name = name ?? ImageId.ToPart(Environment.MachineName, "pc"),
            Uuid = Read("product_uuid"),
            Product = $"{Read("sys_vendor")} {Read("product_name")}".Trim(),
            Firmware = Directory.Exists("/sys/firmware/efi") ? "uefi" : "bios",
        };
    }

    // Virtual machines and old boards leave fields out; only root may read some.
    private static string Read(string field)
    {
        try
        {
            return new string([.. File.ReadAllText(Dmi + field).Trim().Where(c => !char.IsControl(c)).Take(100)]);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
