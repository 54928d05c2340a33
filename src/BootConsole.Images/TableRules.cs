// What must hold between a table and the manifest that names it.
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>The rules of tables (docs/format.md, "Table"): a table belongs to its image, disk and place, and its rows lie inside named segments.</summary>
internal static class TableRules
{
    internal static void Check(ChunkTable table, Manifest manifest, int disk, TableEntry entry, NamedSegments segments, string which)
    {
        var record = manifest.Disks[disk];
        if (table.Image.Text != manifest.Id || table.Disk != disk) throw Bad(which, "it belongs to another image or disk");
        if (table.Name.TableFile != entry.Name) throw Bad(which, "it belongs to another place of the disk");
        if (table.ChunkBytes != record.ChunkBytes) throw Bad(which, "its chunk size is another");
        if (table.Rows.Count != entry.Chunks) throw Bad(which, "it has another number of rows than the manifest says");
        if ((manifest.KeyId is null ? default : ParseHash(manifest.KeyId)) != table.KeyId) throw Bad(which, "it belongs to another key set");
        if (table.SegmentLength > 0 && !segments.Contains(table.SourceOf(default))) throw Bad(which, "its segment is not the one the manifest names");
        foreach (var source in table.Sources)
            if (!segments.Contains(source)) throw Bad(which, $"it points into segment {source.Name} of {source.Image}, which the manifest does not name");
        CheckRows(table, record.Grid, manifest.StandsAlone, which);
    }

    internal static void CheckRows(ChunkTable table, ChunkGrid grid, bool standsAlone, string which)
    {
        long[] frameBytes = [table.FrameBytes, .. table.Sources.Select(source => source.FrameBytes)];
        long next = 0;
        foreach (var row in table.Rows)
        {
            if (row.StoredBytes > grid.MaxFrameBytes) throw Bad(which, "a frame is longer than its chunk could need");
            if (row.StoredBytes == 0) continue;
            if (row.Offset + row.StoredBytes > frameBytes[row.Source]) throw Bad(which, "a frame lies beyond the end of its segment");
            if (row.Source != 0) continue;
            // A table's own frames stand one after another; in an image that stands alone they are all of the segment.
            if (row.Offset != next) throw Bad(which, "its frames leave a gap or overlap");
            next += row.StoredBytes;
        }

        if (next != frameBytes[0]) throw Bad(which, "its frames are not the whole segment");
        if (standsAlone && table.Rows.Any(row => row.StoredBytes == 0 || row.Kind == ChunkKind.Same)) throw Bad(which, "a chunk of a full image has no frame of its own");
    }

    private static ChunkHash ParseHash(string text) => ChunkHash.TryParse(text, out var hash) ? hash : default;

    private static CorruptFault Bad(string which, string found) => new($"the table is damaged: {found}") { Which = which };
}
