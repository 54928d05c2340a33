// Which loop devices are attached, and to what.
using System.Text.Json;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Finding;

/// <summary>An attached loop device.</summary>
/// <param name="Device">Its device number.</param>
/// <param name="Backing">The file or block device behind it, as the kernel holds it: renaming, links and deletion do not hide it.</param>
/// <param name="BackingPath">The path it was attached by, for people.</param>
internal sealed record LoopDevice(DeviceNumber Device, FileIdentity Backing, string BackingPath)
{
    /// <summary>The columns asked of losetup.</summary>
    internal const string Columns = "NAME,MAJ:MIN,BACK-FILE,BACK-INO,BACK-MAJ:MIN";

    /// <summary>Reads the output of <c>losetup --json --list --output</c> <see cref="Columns"/>, which is empty when nothing is attached.</summary>
    /// <exception cref="HostFault">It is not what losetup prints.</exception>
    internal static IReadOnlyList<LoopDevice> Parse(string json)
    {
        if (string.IsNullOrWhiteSpace(json)) return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.GetProperty("loopdevices").EnumerateArray().Select(Loop).OfType<LoopDevice>()];
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new HostFault("the list of loop devices could not be read", cause) { Which = "losetup", Expected = "JSON of util-linux 2.37 or later" };
        }
    }

    private static LoopDevice? Loop(JsonElement element)
    {
        if (!DeviceNumber.TryParse(element.GetProperty("maj:min").GetString() ?? "", out var device)) throw new FormatException("maj:min");
        var path = element.GetProperty("back-file").GetString() ?? "";
        // A device that is being detached has neither.
        if (!DeviceNumber.TryParse(element.GetProperty("back-maj:min").GetString() ?? "", out var fileSystem)) return null;
        var file = new FileIdentity(FileKind.Regular, fileSystem, element.GetProperty("back-ino").GetUInt64(), default);
        // A loop device may stand on another block device; losetup names its inode in /dev, which says nothing of the device.
        return FileIdentity.Of(path) is { Kind: FileKind.BlockDevice } block ? new LoopDevice(device, block, path) : new LoopDevice(device, file, path);
    }
}
