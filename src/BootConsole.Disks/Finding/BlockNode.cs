// The tree of block devices as lsblk prints it.
using System.Globalization;
using System.Text.Json;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Finding;

/// <summary>One block device and what is built on it: partitions, LVM volumes, RAID arrays, mappings.</summary>
internal sealed record BlockNode
{
    /// <summary>The columns asked for; all of them are known to util-linux 2.37 and later.</summary>
    internal const string Columns = "KNAME,PATH,MAJ:MIN,TYPE,SIZE,LOG-SEC,PHY-SEC,MODEL,SERIAL,WWN,TRAN,RM,HOTPLUG,RO,MOUNTPOINTS";

    private const int DepthLimit = 32;

    internal required string KernelName { get; init; }

    internal required string Path { get; init; }

    internal required DeviceNumber Device { get; init; }

    /// <summary><c>disk</c>, <c>part</c>, <c>loop</c>, <c>rom</c>, <c>lvm</c>, <c>crypt</c>, <c>raid1</c>, <c>mpath</c>, <c>dm</c> …</summary>
    internal required string Type { get; init; }

    internal long Length { get; init; }

    internal int SectorBytes { get; init; }

    internal int PhysicalSectorBytes { get; init; }

    internal string Model { get; init; } = "";

    internal string Serial { get; init; } = "";

    internal string Wwn { get; init; } = "";

    internal string Transport { get; init; } = "";

    internal bool IsRemovable { get; init; }

    internal bool IsReadOnly { get; init; }

    /// <summary>Where it is mounted; <c>[SWAP]</c> for swap in use.</summary>
    internal IReadOnlyList<string> MountPoints { get; init; } = [];

    internal IReadOnlyList<BlockNode> Children { get; init; } = [];

    /// <summary>Reads the output of <c>lsblk --json --bytes --all --output</c> <see cref="Columns"/>.</summary>
    /// <exception cref="HostFault">It is not what lsblk prints.</exception>
    internal static IReadOnlyList<BlockNode> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 3 * DepthLimit });
            return Nodes(document.RootElement, "blockdevices");
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new HostFault("the list of disks could not be read", cause) { Which = "lsblk", Expected = "JSON of util-linux 2.37 or later" };
        }
    }

    private static BlockNode[] Nodes(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(Node)] : [];

    private static BlockNode Node(JsonElement element) => new()
    {
        KernelName = Text(element, "kname"),
        Path = Text(element, "path"),
        Device = DeviceNumber.TryParse(Text(element, "maj:min"), out var device) ? device : throw new FormatException("maj:min"),
        Type = Text(element, "type"),
        Length = Number(element, "size"),
        SectorBytes = (int)Math.Min(Number(element, "log-sec"), int.MaxValue),
        PhysicalSectorBytes = (int)Math.Min(Number(element, "phy-sec"), int.MaxValue),
        Model = Printable.Of(Text(element, "model")),
        Serial = Printable.Of(Text(element, "serial")),
        Wwn = Printable.Of(Text(element, "wwn")),
        Transport = Printable.Of(Text(element, "tran")),
        IsRemovable = Flag(element, "rm") || Flag(element, "hotplug"),
        IsReadOnly = Flag(element, "ro"),
        MountPoints = [.. element.GetProperty("mountpoints").EnumerateArray().Select(point => point.GetString() ?? "").Where(point => point.Length > 0)],
        Children = Nodes(element, "children"),
    };

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    // Older versions print numbers and flags as strings.
    private static long Number(JsonElement element, string name) => element.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.Number } value => value.GetInt64(),
        { ValueKind: JsonValueKind.String } value => long.Parse(value.GetString()!, NumberStyles.None, CultureInfo.InvariantCulture),
        _ => 0,
    };

    private static bool Flag(JsonElement element, string name) => element.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.String } value => value.GetString() == "1",
        _ => false,
    };
}
