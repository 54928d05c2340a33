// Segments that a verification found bad: noted beside the images, never inside one, and never built upon.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>The bad segments of a store.</summary>
public sealed class BadSegments
{
    private readonly HashSet<(string Image, int Disk, string Name)> _segments = [];

    private BadSegments() { }

    /// <summary>True when the segment was found bad and is still the same file.</summary>
    internal bool Contains(SegmentReference segment) => _segments.Contains((segment.Image.Text, segment.Disk, segment.Name.SegmentFile));

    /// <summary>Reads all notes of a store. One that cannot be read counts for nothing: it keeps no backup from being made.</summary>
    internal static async Task<BadSegments> ReadAsync(IReadStore store, CancellationToken cancel)
    {
        var bad = new BadSegments();
        if (await store.FindAsync(StoreNames.Bad, cancel) is null) return bad;
        foreach (var entry in await store.ListAsync(StoreNames.Bad, cancel))
        {
            if (entry.IsFolder || StoreNames.IsPart(entry.Name) || !StorePath.IsPart(entry.Name)) continue;
            var bytes = await StoreBytes.TryReadAsync(store, StoreNames.Bad / entry.Name, ImageJson.MaxRecordBytes, cancel);
            if (bytes is not null && ImageJson.TryReadBad(bytes) is { } record) bad._segments.Add((record.Image, record.Disk, record.Segment));
        }

        return bad;
    }

    /// <summary>Notes a segment, so that later images send its chunks again.</summary>
    public static async Task RecordAsync(IDeleteStore store, SegmentReference segment, string reason, DateTimeOffset found, CancellationToken cancel)
    {
        if ((await ReadAsync(store, cancel)).Contains(segment)) return;
        await store.CreateFolderAsync(StoreNames.Bad, cancel);
        var record = new BadSegmentRecord(segment.Image.Text, segment.Disk, segment.Name.SegmentFile, reason, found);
        await StoreBytes.PublishAsync(store, StoreNames.Bad / $"{segment.Image}.{StoreNames.RandomToken()}.json", ImageJson.Write(record), cancel);
    }
}

/// <summary>What a note of a bad segment holds.</summary>
internal sealed record BadSegmentRecord(string Image, int Disk, string Segment, string Reason, DateTimeOffset Found);
