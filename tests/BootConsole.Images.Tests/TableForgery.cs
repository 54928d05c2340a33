// What a table must not say beside a manifest that names it: hashes and lengths fit, only the meaning is wrong.
using BootConsole.Core;

namespace BootConsole.Images.Tests;

internal static class TableForgery
{
    internal static readonly Dictionary<string, Func<ChunkTable, ChunkTable>> All = new()
    {
        ["another image"] = table => table with { Image = ImageId.Create(table.Image.Time, "office-pc", "other") },
        ["another disk"] = table => table with { Disk = 1 },
        ["another place"] = table => table with { Name = table.Name with { FirstChunk = table.Name.FirstChunk + 1 } },
        ["another attempt"] = table => table with { Name = table.Name with { Attempt = 2 } },
        ["another chunk size"] = table => table with { ChunkBytes = table.ChunkBytes * 2 },
        ["another key set"] = table => table with { KeyId = ChunkHash.Of("k"u8) },
        ["a row less"] = table => table with { Rows = [.. table.Rows.SkipLast(1)] },
        ["a row more"] = table => table with { Rows = [.. table.Rows, new ChunkRow(ChunkKind.Zero, 0, 0, 0, default)] },
        ["another segment length"] = table => table with { SegmentLength = table.SegmentLength + 1 },
        ["another segment hash"] = table => table with { SegmentHash = ChunkHash.Of("x"u8) },
        ["no segment"] = table => table with { SegmentLength = 0, SegmentHash = default },
        ["a source that nobody names"] = table => table with { Sources = [table.SourceOf(default) with { Name = new SegmentName(77, 1) }] },
        ["a frame that overlaps the one before"] = table => Change(table, table.Rows.Count - 1, row => row with { Offset = row.Offset - 1, StoredBytes = row.StoredBytes + 1 }),
        ["a gap before a frame"] = table => Change(table, table.Rows.Count - 1, row => row with { Offset = row.Offset + 1, StoredBytes = row.StoredBytes - 1 }),
        ["a frame beyond the segment"] = table => Change(table, table.Rows.Count - 1, row => row with { StoredBytes = row.StoredBytes + 1 }),
        ["a frame far beyond"] = table => Change(table, 0, row => row with { Offset = long.MaxValue - row.StoredBytes }),
        ["a frame longer than a chunk can need"] = table => Change(table, 0, row => row with { StoredBytes = 2 * table.ChunkBytes }),
        ["a frame that ends early"] = table => Change(table, table.Rows.Count - 1, row => row with { StoredBytes = row.StoredBytes - 1 }),
        ["frames in another order"] = table => table with { Rows = [.. table.Rows.Reverse()] },
        ["a chunk without a frame in a full image"] = table => WithoutFirstFrame(table),
        ["a chunk that is elsewhere in a full image"] = table => table with { Sources = [table.SourceOf(default)], Rows = [table.Rows[0] with { Kind = ChunkKind.Same, Source = 1 }, .. table.Rows.Skip(1)] },
    };

    private static ChunkTable Change(ChunkTable table, int index, Func<ChunkRow, ChunkRow> change) =>
        table with { Rows = [.. table.Rows.Select((row, i) => i == index ? change(row) : row)] };

    // The other frames close up, and the manifest's segment would have to be shorter: only the rule of full images or the length can object.
    private static ChunkTable WithoutFirstFrame(ChunkTable table) =>
        table with { Rows = [new ChunkRow(ChunkKind.Zero, 0, 0, 0, table.Rows[0].Hash), .. table.Rows.Skip(1)] };
}
