// The tables of an image and whether they fit a target: pure decisions of the restore planner.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Decides whether and how an image fits a target.</summary>
internal static class RestoreChecks
{
    private const long EdgeBytes = 1 << 20;

    /// <summary>Refuses a target that cannot take the image.</summary>
    /// <exception cref="RefusedFault">Sector sizes differ, or the target is too small.</exception>
    internal static void CheckFit(ManifestDisk record, LayoutRecord layout, DiskInfo target)
    {
        if (target.SectorBytes != record.SectorBytes)
        {
            throw new RefusedFault("the sector sizes differ, so the partition table would mean other places")
            {
                Which = target.Path,
                Expected = $"{record.SectorBytes}-byte sectors",
                Found = $"{target.SectorBytes}-byte sectors",
                Remedy = target.IsImageFile ? $"For an image file give --sector-size {record.SectorBytes}." : "Take a disk with the same logical sector size.",
            };
        }

        if (target.Length >= record.Size) return;
        var needed = MinimumBytes(record, layout);
        if (target.Length >= needed) return;
        throw new RefusedFault("the target is too small") { Which = target.Path, Expected = $"at least {needed} bytes ({ByteSize.Format(needed)})", Found = $"{target.Length} bytes ({ByteSize.Format(target.Length)})" };
    }

    /// <summary>The smallest target: only unpartitioned space at the end may be dropped, and a GPT needs room for its backup behind the last partition.</summary>
    internal static long MinimumBytes(ManifestDisk record, LayoutRecord layout)
    {
        // Without partitions nobody can tell what may be dropped.
        if (layout.Partitions.Count == 0) return record.Size;
        var end = layout.Partitions.Max(partition => partition.Start + partition.Length);
        var needed = layout.Table == "gpt" ? end + GptTail(layout) : end;
        return Math.Min(record.Size, (needed + record.SectorBytes - 1) / record.SectorBytes * record.SectorBytes);
    }

    /// <summary>Which bytes of the target are written when.</summary>
    internal static TargetShape Shape(ManifestDisk record, LayoutRecord layout, long targetBytes)
    {
        var protectedRanges = ProtectedRanges.For(targetBytes, record.SectorBytes, Convert.FromBase64String(layout.FirstSectors));
        var moved = layout.Table == "gpt" && targetBytes != record.Size;
        return new TargetShape
        {
            ImageBytes = record.Size,
            TargetBytes = targetBytes,
            Head = protectedRanges.Head,
            Tail = protectedRanges.Tail,
            StaleTail = moved && record.Size - protectedRanges.Tail.Length < targetBytes
                ? ByteRange.FromEnds(record.Size - protectedRanges.Tail.Length, Math.Min(record.Size, targetBytes))
                : new ByteRange(0, 0),
            Edges = Edges(record.Size, layout),
        };
    }

    private static RangeSet Edges(long diskBytes, LayoutRecord layout)
    {
        var whole = new ByteRange(0, diskBytes);
        return RangeSet.Of(layout.Partitions
            .Select(partition => new ByteRange(partition.Start, partition.Length))
            .Append(whole)
            .SelectMany(range => (ByteRange[])[new(range.Start, Math.Min(EdgeBytes, range.Length)), ByteRange.FromEnds(Math.Max(range.Start, range.End - EdgeBytes), range.End)])
            .Select(range => range.Intersect(whole)));
    }

    private static long GptTail(LayoutRecord layout) =>
        ProtectedRanges.For(layout.Size, layout.SectorBytes, Convert.FromBase64String(layout.FirstSectors)).Tail.Length;
}
