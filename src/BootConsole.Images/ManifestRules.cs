// What must hold in a manifest before anything it names is looked at.
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>The rules of the manifest that need no other file (docs/format.md, "Manifest").</summary>
internal static class ManifestRules
{
    // Above all that can be: no sum over a manifest overflows.
    private const long MaxSegmentBytes = (long)ChunkTable.MaxRows * 2 * ChunkGrid.MaxChunkBytes, MaxTotalBytes = 1L << 60;
    private const double MaxSeconds = 1e9;

    internal static void Check(Manifest manifest, ImageId id)
    {
        var which = StoreNames.Manifest(id).Text;
        if (manifest.Id != id.Text) throw Bad(which, "it names another image", id.Text, manifest.Id);
        if (HasHoles(manifest)) throw Bad(which, "it has an empty entry in a list");
        if (!Enum.IsDefined(manifest.Kind)) throw Bad(which, "its kind is unknown");
        if (manifest.Parent is not null && !ImageId.TryParse(manifest.Parent, out _)) throw Bad(which, "its parent is not an image id");
        if (manifest.KeyId is not null && !ChunkHash.TryParse(manifest.KeyId, out _)) throw Bad(which, "its key id is not one");
        if (manifest.Pad is < 0 or > 255) throw Bad(which, "its pad value is impossible");
        if (manifest.Disks.Count is < 1 or > Manifest.MaxDisks) throw Bad(which, "its number of disks is impossible");
        if (manifest.Pc.BootEntries is { } entries && (entries.Count > BootEntryRecord.MaxEntries || ImageJson.HasHoles(entries) || entries.Any(entry => entry.Option.Length > BootEntryRecord.MaxOptionCharacters))) throw Bad(which, "its boot entries are impossible");
        if (manifest.DurationSeconds is not (>= 0 and <= MaxSeconds)) throw Bad(which, "its duration is impossible");
        if (manifest.ReadBytes is < 0 or > MaxTotalBytes || manifest.StoredBytes is < 0 or > MaxTotalBytes) throw Bad(which, "its sums are impossible");
        if (manifest.StandsAlone && (manifest.Parent is not null || manifest.Foreign.Count > 0)) throw Bad(which, "a full image refers to another one");
        foreach (var foreign in manifest.Foreign) CheckForeign(foreign, manifest.KeyId is not null, which);
        for (var disk = 0; disk < manifest.Disks.Count; disk++) CheckDisk(manifest.Disks[disk], manifest.StandsAlone, manifest.KeyId is not null, $"{which}, disk {disk}");
    }

    private static bool HasHoles(Manifest manifest) =>
        ImageJson.HasHoles(manifest.Disks) || ImageJson.HasHoles(manifest.Foreign) || ImageJson.HasHoles(manifest.Notes)
        || manifest.Disks.Any(disk => ImageJson.HasHoles(disk.Tables) || ImageJson.HasHoles(disk.Segments) || ImageJson.HasHoles(disk.Unreadable) || ImageJson.HasHoles(disk.Notes));

    private static void CheckForeign(ForeignSegment foreign, bool isEncrypted, string which)
    {
        if (!ImageId.TryParse(foreign.Image, out _) || foreign.Disk is < 0 or >= Manifest.MaxDisks || foreign.Length is <= 0 or > MaxSegmentBytes) throw Bad(which, "a foreign segment is impossible");
        if (!SegmentName.TryParseSegment(foreign.Name, out var name) || name.IsEncrypted != isEncrypted || !ChunkHash.TryParse(foreign.Sha256, out _)) throw Bad(which, "a foreign segment is impossible");
    }

    private static void CheckDisk(ManifestDisk disk, bool standsAlone, bool isEncrypted, string which)
    {
        if (disk.SectorBytes is < 512 or > 4096 || !int.IsPow2(disk.SectorBytes)) throw Bad(which, "its sector size is impossible");
        if (disk.Size <= 0 || disk.Size % disk.SectorBytes != 0 || !disk.Grid.IsValid) throw Bad(which, "its size or chunk size is impossible");
        if (disk.MinimumBytes is { } minimum && (minimum <= 0 || minimum > disk.Size)) throw Bad(which, "the minimum size of its target is impossible");
        CheckFile(disk.Layout, StoreNames.LayoutFile(isEncrypted), ImageJson.MaxLayoutBytes, which);
        if (disk.Sums is not null) CheckFile(disk.Sums, "SHA256SUMS", ImageJson.MaxManifestBytes, which);
        CheckTables(disk, isEncrypted, which);
        CheckSegments(disk, isEncrypted, which);
        if (standsAlone) CheckPairs(disk, which);
        CheckCounts(disk, which);
        CheckUnreadable(disk, which);
    }

    private static void CheckTables(ManifestDisk disk, bool isEncrypted, string which)
    {
        long next = 0;
        foreach (var table in disk.Tables)
        {
            if (!SegmentName.TryParseTable(table.Name, out var name) || name.IsEncrypted != isEncrypted) throw Bad(which, $"the name of table {next} is not one");
            if (table.Chunks is < 1 or > ChunkTable.MaxRows || table.Length is <= 0 or > TableFormat.MaxStoredBytes || !ChunkHash.TryParse(table.Sha256, out _)) throw Bad(which, $"table {table.Name} is impossible");
            if (name.FirstChunk < next) throw Bad(which, $"table {table.Name} overlaps the one before it");
            if (name.FirstChunk > next) throw Bad(which, $"no table covers chunks {next} to {name.FirstChunk - 1}");
            next += table.Chunks;
        }

        if (next != disk.Grid.Count) throw Bad(which, "the tables do not cover the disk", $"{disk.Grid.Count} chunks", $"{next} chunks");
    }

    private static void CheckSegments(ManifestDisk disk, bool isEncrypted, string which)
    {
        long last = -1;
        var lastAttempt = 0;
        foreach (var segment in disk.Segments)
        {
            if (!SegmentName.TryParseSegment(segment.Name, out var name) || name.IsEncrypted != isEncrypted) throw Bad(which, "the name of a segment is not one");
            if (segment.Length is <= 0 or > MaxSegmentBytes || !ChunkHash.TryParse(segment.Sha256, out _)) throw Bad(which, $"segment {segment.Name} is impossible");
            if (name.FirstChunk < last || (name.FirstChunk == last && name.Attempt <= lastAttempt)) throw Bad(which, "the segments are not in disk order");
            (last, lastAttempt) = (name.FirstChunk, name.Attempt);
        }
    }

    // What makes SHA256SUMS a way to the whole disk: one segment a table, in the same order, and nothing else.
    private static void CheckPairs(ManifestDisk disk, string which)
    {
        if (disk.Sums is null) throw Bad(which, "a full image has no SHA256SUMS");
        var tables = disk.Tables.Select(table => SegmentName.TryParseTable(table.Name, out var name) ? name.SegmentFile : "");
        if (!tables.SequenceEqual(disk.Segments.Select(segment => segment.Name))) throw Bad(which, "its tables and its segments are not pairs");
    }

    private static void CheckCounts(ManifestDisk disk, string which)
    {
        long left = disk.Grid.Count;
        foreach (var count in (long[])[disk.Counts.Data, disk.Counts.Same, disk.Counts.Zero, disk.Counts.Unused, disk.Counts.Unreadable])
        {
            if (count < 0 || count > left) throw Bad(which, "its counts of chunks are impossible");
            left -= count;
        }

        if (left != 0) throw Bad(which, "its counts of chunks are not the whole disk");
    }

    private static void CheckUnreadable(ManifestDisk disk, string which)
    {
        long end = 0;
        foreach (var range in disk.Unreadable)
        {
            if (range.Start < end || range.Length <= 0 || range.Length > disk.Size - range.Start) throw Bad(which, "an unreadable range is impossible");
            end = range.Start + range.Length;
        }
    }

    private static void CheckFile(StoredFile file, string name, int longest, string which)
    {
        if (file.Name != name || file.Length <= 0 || file.Length > longest || !ChunkHash.TryParse(file.Sha256, out _)) throw Bad(which, $"its entry for {name} is impossible");
    }

    private static CorruptFault Bad(string which, string found, string expected = "", string value = "") =>
        new($"the manifest is damaged: {found}") { Which = which, Expected = expected, Found = value };
}
