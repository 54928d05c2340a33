// A layout record comes from a store and is hostile: what must hold before positions in it are used.
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>The rules of layout records.</summary>
internal static class LayoutChecks
{
    private const int MaxPartitions = 1024, MaxEdgeCharacters = 2 << 20;

    /// <exception cref="CorruptFault">The layout contradicts the manifest or itself.</exception>
    internal static void Check(LayoutRecord layout, ManifestDisk record, string which)
    {
        if (layout.Version != 1) throw new CorruptFault("the layout is of another version of the format") { Which = which, Expected = "version 1", Found = $"version {layout.Version}" };
        if (layout.Size != record.Size || layout.SectorBytes != record.SectorBytes) throw Bad(which, "it is about a disk of another size");
        if (layout.Table is not ("gpt" or "mbr" or "none")) throw Bad(which, "its kind of table is unknown");
        if (layout.Partitions.Count > MaxPartitions) throw Bad(which, "it has too many partitions");
        if (layout.Partitions.Any(partition => partition.Start < 0 || partition.Length <= 0 || partition.Start > record.Size - partition.Length))
            throw Bad(which, "a partition lies outside the disk");
        if (!IsEdge(layout.FirstSectors, record) || !IsEdge(layout.LastSectors, record)) throw Bad(which, "its first or last sectors are not whole");
    }

    private static bool IsEdge(string base64, ManifestDisk record)
    {
        if (base64.Length > MaxEdgeCharacters) return false;
        var bytes = new byte[base64.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(base64, bytes, out var count) && count >= record.SectorBytes && count % record.SectorBytes == 0 && count <= record.Size;
    }

    private static CorruptFault Bad(string which, string found) => new($"the layout is damaged: {found}") { Which = which };
}
