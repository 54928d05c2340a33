// Every segment that a manifest names, for tables that point into them.
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>The own and foreign segments of an image. A look costs the same however many there are: a hostile table may have thousands of sources.</summary>
internal sealed class NamedSegments
{
    private readonly HashSet<SegmentReference> _segments = [];

    internal NamedSegments(ImageId id, Manifest manifest)
    {
        for (var disk = 0; disk < manifest.Disks.Count; disk++)
            foreach (var segment in manifest.Disks[disk].Segments) Add(id, disk, segment.Name, segment.Length, segment.Sha256);
        foreach (var foreign in manifest.Foreign)
            if (ImageId.TryParse(foreign.Image, out var image)) Add(image, foreign.Disk, foreign.Name, foreign.Length, foreign.Sha256);
    }

    internal bool Contains(SegmentReference segment) => _segments.Contains(segment);

    private void Add(ImageId image, int disk, string name, long length, string sha256)
    {
        if (SegmentName.TryParseSegment(name, out var segment) && ChunkHash.TryParse(sha256, out var hash)) _segments.Add(new SegmentReference(image, disk, segment, length, hash));
    }
}
