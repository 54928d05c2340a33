// Segments that a verification found bad: noted beside the images, never inside one, and never built upon.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>The bad segments of a store.</summary>
public sealed class BadSegments
{
    private const string Ending = ".json";
    private const int TokenLength = 16;

    private readonly HashSet<(string Image, int Disk, string Name)> _segments = [];

    private BadSegments() { }

    /// <summary>True when the segment was found bad.</summary>
    internal bool Contains(SegmentReference segment) => _segments.Contains((segment.Image.Text, segment.Disk, segment.Name.SegmentFile));

    /// <summary>How many of the segments that an image needs, its own and foreign ones, were found bad.</summary>
    public int CountIn(ImageId id, Manifest image) =>
        image.Disks.Index().Sum(disk => disk.Item.Segments.Count(segment => _segments.Contains((id.Text, disk.Index, segment.Name))))
        + image.Foreign.Count(segment => _segments.Contains((segment.Image, segment.Disk, segment.Name)));

    /// <summary>Reads all notes of a store. One that cannot be read counts for nothing: it keeps no backup from being made.</summary>
    public static async Task<BadSegments> ReadAsync(IReadStore store, CancellationToken cancel)
    {
        var bad = new BadSegments();
        if (await store.FindAsync(StoreNames.Bad, cancel) is null) return bad;
        foreach (var entry in await store.ListAsync(StoreNames.Bad, cancel))
        {
            if (entry.IsFolder || StoreNames.IsPart(entry.Name) || !StorePath.IsPart(entry.Name)) continue;
            var bytes = await TryReadAsync(store, StoreNames.Bad / entry.Name, cancel);
            if (bytes is not null && ImageJson.TryReadBad(bytes) is { } record) bad._segments.Add((record.Image, record.Disk, record.Segment));
        }

        return bad;
    }

    /// <summary>Removes the notes about an image that is gone.</summary>
    internal static async Task ForgetAsync(IDeleteStore store, ImageId image, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Bad, cancel) is null) return;
        foreach (var entry in await store.ListAsync(StoreNames.Bad, cancel))
            if (!entry.IsFolder && StorePath.IsPart(entry.Name) && IsAbout(image, entry.Name)) await store.RemoveAsync(StoreNames.Bad / entry.Name, cancel);
    }

    // The id of one image may be the beginning of another's.
    private static bool IsAbout(ImageId image, string name) =>
        name.Length == image.Text.Length + TokenLength + Ending.Length + 1 && name.StartsWith($"{image}.", StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal);

    private static async Task<byte[]?> TryReadAsync(IReadStore store, StorePath path, CancellationToken cancel)
    {
        try
        {
            return await StoreBytes.TryReadAsync(store, path, ImageJson.MaxRecordBytes, cancel);
        }
        catch (CorruptFault)
        {
            return null;
        }
    }

    /// <summary>Notes a segment, so that later images send its chunks again.</summary>
    /// <param name="store">The store.</param>
    /// <param name="path">The damaged file, below the store's top; anything but a segment is not noted.</param>
    /// <param name="reason">What was found.</param>
    /// <param name="found">When.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <returns>False when it is no segment, or was noted before.</returns>
    public static async Task<bool> RecordAsync(IDeleteStore store, string path, string reason, DateTimeOffset found, CancellationToken cancel)
    {
        if (!StoreNames.TryParseSegment(path, out var image, out var disk, out var name)) return false;
        if ((await ReadAsync(store, cancel))._segments.Contains((image.Text, disk, name.SegmentFile))) return false;
        await store.CreateFolderAsync(StoreNames.Bad, cancel);
        var record = new BadSegmentRecord(image.Text, disk, name.SegmentFile, reason, found);
        await StoreBytes.PublishAsync(store, StoreNames.Bad / $"{image}.{StoreNames.RandomToken()}{Ending}", ImageJson.Write(record), cancel);
        return true;
    }
}

/// <summary>What a note of a bad segment holds.</summary>
internal sealed record BadSegmentRecord(string Image, int Disk, string Segment, string Reason, DateTimeOffset Found);
