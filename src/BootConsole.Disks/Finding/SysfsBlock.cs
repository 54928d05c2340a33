// What the kernel says of a disk in sysfs, where no udev has told lsblk: the boot environment has none.
using System.Globalization;
using System.Text;
using BootConsole.Host;

namespace BootConsole.Disks.Finding;

/// <summary>Reads attributes of block devices (Linux <c>Documentation/ABI/testing/sysfs-block</c>, <c>sysfs-class-scsi_device</c>).</summary>
/// <param name="root">Where sysfs is mounted.</param>
internal sealed class SysfsBlock(string root)
{
    private const int AttributeBytesMaximum = 4096;

    /// <summary>Model: SCSI, SATA, USB and NVMe disks have one, SD cards a name.</summary>
    internal string Model(string kernelName) => First(Attribute(kernelName, "device/model"), Attribute(kernelName, "device/name"));

    /// <summary>The model as a SATA disk says it, up to 40 characters; of SCSI's 16 it has the first. Empty for all other disks.</summary>
    internal string AtaModel(string kernelName)
    {
        // SAT, ATA information page: the disk's IDENTIFY DEVICE data from byte 60 on, in it the model from word 27 to 46 with the two characters of each word swapped (ACS-3).
        const int Model = 60 + (2 * 27), Length = 2 * 20;
        var page = Bytes(kernelName, "device/vpd_pg89");
        if (page.Length < Model + Length || page[1] != 0x89) return "";
        var text = page.AsSpan(Model, Length);
        for (var at = 0; at < Length; at += 2) text.Slice(at, 2).Reverse();
        return Printable.Of(Encoding.ASCII.GetString(text));
    }

    /// <summary>Serial number: virtio, NVMe and SD say it plainly; SCSI and SATA in a page of vital product data; for USB disks, which are not asked for that page, the USB device says it.</summary>
    internal string Serial(string kernelName) =>
        First(Attribute(kernelName, "serial"), Attribute(kernelName, "device/serial"), UnitSerialNumber(kernelName), UsbSerialNumber(kernelName));

    /// <summary>World Wide Name in udev's spelling: <c>0x5000…</c>, <c>eui.…</c>, <c>nvme.…</c>.</summary>
    internal string Wwn(string kernelName)
    {
        var id = First(Attribute(kernelName, "wwid"), Attribute(kernelName, "device/wwid"));
        if (id.StartsWith("naa.", StringComparison.Ordinal)) return "0x" + id[4..];
        // "t10.ATA …" repeats model and serial: no world-wide name.
        return id is ['e', 'u', 'i', '.', ..] or ['n', 'v', 'm', 'e', '.', ..] or ['u', 'u', 'i', 'd', '.', ..] ? id : "";
    }

    /// <summary>The kernel's number of this very disk; null before Linux 5.15.</summary>
    internal ulong? Sequence(string kernelName) =>
        ulong.TryParse(Attribute(kernelName, "diskseq"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The kernel names of each mounted btrfs' devices, of which lsblk shows one as mounted.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> BtrfsDevices()
    {
        var folder = Path.Combine(root, "fs/btrfs");
        if (!Directory.Exists(folder)) return [];
        var devices = Directory.EnumerateDirectories(folder).Select(fileSystem => Path.Combine(fileSystem, "devices")).Where(Directory.Exists);
        return [.. devices.Select(names => Directory.EnumerateFileSystemEntries(names).Select(path => Path.GetFileName(path)!).ToArray())];
    }

    // SCSI SPC-4, unit serial number page: four bytes of head, then text.
    private string UnitSerialNumber(string kernelName)
    {
        var page = Bytes(kernelName, "device/vpd_pg80");
        if (page.Length <= 4 || page[1] != 0x80) return "";
        var length = Math.Min(page[2] << 8 | page[3], page.Length - 4);
        return Printable.Of(Encoding.ASCII.GetString(page, 4, length));
    }

    // Above a USB disk: its target, host, USB interface, USB device. An interface class is what only USB has.
    private string UsbSerialNumber(string kernelName) =>
        Attribute(kernelName, "device/../../../bInterfaceClass").Length > 0 ? Attribute(kernelName, "device/../../../../serial") : "";

    private string Attribute(string kernelName, string name) => Printable.Of(Encoding.UTF8.GetString(Bytes(kernelName, name)));

    private byte[] Bytes(string kernelName, string name)
    {
        // A slash in a device name (cciss/c0d0) is an exclamation mark in sysfs.
        var path = Path.Combine(root, "block", kernelName.Replace('/', '!'), name);
        try
        {
            // sysfs says 4096 bytes of every attribute, so File.ReadAllBytes would miss the rest of them and throw.
            using var file = LinuxFile.Open(path, OpenFor.Reading);
            var buffer = new byte[AttributeBytesMaximum];
            return buffer[..file.ReadAt(0, buffer)];
        }
        catch (SystemCallException)
        {
            // No such attribute, a driver that has it and no answer, or the disk went away: as good as not said.
            return [];
        }
    }

    private static string First(params ReadOnlySpan<string> values)
    {
        foreach (var value in values)
            if (value.Length > 0) return value;
        return "";
    }
}
