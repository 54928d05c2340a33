// Which segments are in the store in their full length: one listing a folder instead of one question a segment.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>The stored segments of some images.</summary>
internal sealed class SegmentLengths
{
    private readonly Dictionary<(string Image, int Disk, string Name), long> _lengths = [];

    private SegmentLengths() { }

    /// <summary>Lists the disk folders of <paramref name="images"/>; those that are not there have none.</summary>
    internal static async Task<SegmentLengths> ReadAsync(IReadStore store, IEnumerable<string> images, CancellationToken cancel)
    {
        var found = new SegmentLengths();
        foreach (var text in images.Distinct(StringComparer.Ordinal))
        {
            if (!ImageId.TryParse(text, out var image) || await store.FindAsync(StoreNames.Image(image), cancel) is null) continue;
            var folders = (await store.ListAsync(StoreNames.Image(image), cancel)).Where(entry => entry.IsFolder).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
            for (var disk = 0; disk < Manifest.MaxDisks; disk++)
            {
                if (!folders.Contains(StoreNames.Disk(image, disk).Name)) continue;
                foreach (var entry in await store.ListAsync(StoreNames.Disk(image, disk), cancel))
                    if (!entry.IsFolder) found._lengths[(text, disk, entry.Name)] = entry.Length;
            }
        }

        return found;
    }

    /// <summary>True when the segment is there in its full length.</summary>
    internal bool Has(SegmentReference segment) => Has(segment.Image.Text, segment.Disk, segment.Name.SegmentFile, segment.Length);

    internal bool Has(string image, int disk, string name, long length) => _lengths.TryGetValue((image, disk, name), out var found) && found == length;
}
