// A partition table as sfdisk reads it: the reference for ours.
using System.Globalization;
using System.Text.Json;
using BootConsole.Core;
using BootConsole.Disks.Tables;
using BootConsole.TestKit;

namespace BootConsole.Disks.Tests.Tables;

internal sealed record SfdiskTable(string Label, string Id, long SectorBytes, long FirstLba, long LastLba, IReadOnlyList<Partition> Partitions)
{
    /// <summary>Reads the table of a file or device; null when sfdisk finds none.</summary>
    internal static SfdiskTable? Read(string disk)
    {
        var result = SystemTool.Try("sfdisk", "--json", disk);
        if (!result.Succeeded) return null;
        using var document = JsonDocument.Parse(result.Output);
        var table = document.RootElement.GetProperty("partitiontable");
        var sector = table.TryGetProperty("sectorsize", out var size) ? size.GetInt64() : 512;
        var partitions = table.TryGetProperty("partitions", out var list) ? list.EnumerateArray().Select(element => Read(element, disk, sector)).ToArray() : [];
        var (label, id) = (table.GetProperty("label").GetString()!, table.GetProperty("id").GetString()!);
        return new SfdiskTable(label, id, sector, Lba(table, "firstlba"), Lba(table, "lastlba"), partitions);
    }

    /// <summary>Asserts that our reading of the same disk says the same.</summary>
    internal void AssertSame(DiskLayout layout)
    {
        Assert.True(layout.IsConsistent, string.Join(' ', layout.Notes));
        Assert.Equal(Label == "gpt" ? TableKind.Gpt : TableKind.Mbr, layout.Kind);
        Assert.Equal(Label == "gpt" ? Id : Id[2..], layout.DiskId);
        Assert.Equal(SectorBytes, layout.SectorBytes);
        // Extended partitions are containers, not partitions.
        var expected = Partitions.Where(partition => Label == "gpt" || partition.Type is not ("05" or "0f" or "85")).OrderBy(partition => partition.Range.Start);
        Assert.Equal(expected, layout.Partitions);
        if (Label == "gpt") Assert.Equal(ByteRange.FromEnds(FirstLba * SectorBytes, (LastLba + 1) * SectorBytes), layout.Usable);
    }

    private static Partition Read(JsonElement element, string disk, long sector)
    {
        var number = int.Parse(element.GetProperty("node").GetString()![disk.Length..].TrimStart('p'), CultureInfo.InvariantCulture);
        var range = new ByteRange(element.GetProperty("start").GetInt64() * sector, element.GetProperty("size").GetInt64() * sector);
        var type = element.GetProperty("type").GetString()!;
        return new Partition(number, range, type.Length > 2 ? type : type.PadLeft(2, '0'))
        {
            Guid = element.TryGetProperty("uuid", out var uuid) ? uuid.GetString()! : "",
            Name = element.TryGetProperty("name", out var name) ? name.GetString()! : "",
        };
    }

    private static long Lba(JsonElement table, string name) => table.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
}
