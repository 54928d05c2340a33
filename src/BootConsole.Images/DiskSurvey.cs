// What an unfinished image has of one disk: which tables and segments can be trusted, and what a cut left behind.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>Looks through the folder of one disk of an unfinished image (docs/format.md, "Resume").</summary>
internal static class DiskSurvey
{
    /// <summary>Reads every table, trusts those that are whole, and removes everything that no trusted table accounts for.</summary>
    /// <param name="store">The store.</param>
    /// <param name="draft">The image.</param>
    /// <param name="disk">Disk number.</param>
    /// <param name="grid">How it is cut.</param>
    /// <param name="transform">Decompresses tables.</param>
    /// <param name="cancel">Ends the attempt.</param>
    internal static async Task<DiskFindings> TakeAsync(IDeleteStore store, ImageDraft draft, int disk, ChunkGrid grid, IChunkTransform transform, CancellationToken cancel)
    {
        var trust = await SegmentTrust.ReadAsync(store, draft, cancel);
        var folder = StoreNames.Disk(draft.Id, disk);
        List<(CommittedTable File, ChunkTable Table)> whole = [];
        var attempts = new Dictionary<uint, int>();
        foreach (var entry in await ListAsync(store, StoreNames.Tables(draft.Id, disk), cancel))
        {
            if (!SegmentName.TryParseTable(entry.Name, out var name)) continue;
            attempts[name.FirstChunk] = Math.Max(name.Attempt, attempts.GetValueOrDefault(name.FirstChunk));
            if (await TryOpenAsync(store, draft, disk, grid, name, transform, trust, cancel) is { } found) whole.Add(found);
        }

        foreach (var entry in await ListAsync(store, folder, cancel))
            if (SegmentName.TryParseSegment(entry.Name, out var name)) attempts[name.FirstChunk] = Math.Max(name.Attempt, attempts.GetValueOrDefault(name.FirstChunk));
        whole.Sort((left, right) => (left.File.First, -left.File.Name.Attempt).CompareTo((right.File.First, -right.File.Name.Attempt)));
        List<CommittedTable> tables = [];
        List<StorePath> superseded = [];
        foreach (var (file, _) in whole)
        {
            if (tables.Count == 0 || file.First >= tables[^1].End) tables.Add(file);
            else superseded.Add(StoreNames.Tables(draft.Id, disk) / file.Entry.Name);
        }

        // In an image that stands alone only the segments of its tables; in others an older one may hold what newer tables refer to, also when its own table is gone.
        var segments = (draft.StandsAlone ? tables : whole.Select(found => found.File)).Select(file => file.Segment).OfType<StoredFile>()
            .Concat(whole.SelectMany(found => found.File.Sources).Where(source => source.Image == draft.Id && source.Disk == disk).Select(StoredOf))
            .DistinctBy(segment => segment.Name).ToList();
        segments.Sort(SumsFile.InDiskOrder);
        var findings = new DiskFindings(tables, segments, draft.StandsAlone ? [] : superseded, attempts, [.. whole.Select(found => found.Table)]);
        var named = tables.Select(table => table.Entry.Name).Concat(findings.Superseded.Select(path => path.Name)).Concat(segments.Select(segment => segment.Name)).ToHashSet(StringComparer.Ordinal);
        await RemoveOthersAsync(store, draft.Id, disk, named.Contains, cancel);
        return findings;
    }

    /// <summary>Removes what a cut left in the folder of a disk whose writer knows what it published.</summary>
    internal static async Task ClearStraysAsync(IDeleteStore store, ImageId image, int disk, DiskImageWriter writer, CancellationToken cancel)
    {
        var named = writer.Committed.Select(table => table.Entry.Name).Concat(writer.Segments.Select(segment => segment.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in (StorePath[])[StoreNames.Disk(image, disk), StoreNames.Tables(image, disk)])
            foreach (var entry in await ListAsync(store, folder, cancel))
                if (SegmentName.TryParseSegment(entry.Name, out var name) || SegmentName.TryParseTable(entry.Name, out name)) writer.NoteAttempt(name);
        await RemoveOthersAsync(store, image, disk, name => named.Contains(name) || writer.IsSuperseded(StoreNames.Tables(image, disk) / name), cancel);
    }

    private static async Task<(CommittedTable File, ChunkTable Table)?> TryOpenAsync(
        IReadStore store, ImageDraft draft, int disk, ChunkGrid grid, SegmentName name, IChunkTransform transform, SegmentTrust trust, CancellationToken cancel)
    {
        var path = StoreNames.Table(draft.Id, disk, name);
        try
        {
            var stored = await StoreBytes.ReadAsync(store, path, TableFormat.MaxStoredBytes, cancel);
            var table = TableFile.Open(stored, draft.Seal, transform, path.Text);
            if (table.Image != draft.Id || table.Disk != disk || table.Name != name || table.ChunkBytes != grid.ChunkBytes || table.KeyId != draft.Seal.KeyId) return null;
            if (name.FirstChunk + (long)table.Rows.Count > grid.Count) return null;
            TableRules.CheckRows(table, grid, draft.StandsAlone, path.Text);
            var own = table.SegmentLength > 0 ? table.SourceOf(default) : null;
            foreach (var segment in own is null ? table.Sources : table.Sources.Prepend(own))
                if (!await trust.HoldsAsync(segment, cancel)) return null;
            var entry = new TableEntry(name.TableFile, table.Rows.Count, stored.Length, ChunkHash.Of(stored).ToString());
            return (new CommittedTable(entry, name, own is null ? null : StoredOf(own), table.Sources), table);
        }
        catch (Fault fault) when (fault is CorruptFault or StoreFault { Problem: StoreProblem.Missing })
        {
            return null;
        }
    }

    private static StoredFile StoredOf(SegmentReference segment) => new(segment.Name.SegmentFile, segment.Length, segment.Hash.ToString());

    // A table before its segment, so that a cut leaves no table without one.
    private static async Task RemoveOthersAsync(IDeleteStore store, ImageId image, int disk, Func<string, bool> isNamed, CancellationToken cancel)
    {
        foreach (var folder in (StorePath[])[StoreNames.Tables(image, disk), StoreNames.Disk(image, disk)])
        {
            var removed = 0;
            foreach (var entry in await ListAsync(store, folder, cancel))
            {
                var isOurs = StoreNames.IsPart(entry.Name) || SegmentName.TryParseSegment(entry.Name, out _) || SegmentName.TryParseTable(entry.Name, out _);
                if (!isOurs || !StorePath.IsPart(entry.Name) || isNamed(entry.Name)) continue;
                await store.RemoveAsync(folder / entry.Name, cancel);
                removed++;
            }

            if (removed > 0) await store.FlushFolderAsync(folder, cancel);
        }
    }

    private static async Task<IReadOnlyList<StoreEntry>> ListAsync(IReadStore store, StorePath folder, CancellationToken cancel) =>
        await store.FindAsync(folder, cancel) is null ? [] : [.. (await store.ListAsync(folder, cancel)).Where(entry => !entry.IsFolder)];
}
