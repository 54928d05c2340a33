// Does an image fit on a target? Asked before anything is written.
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>The rules for targets of another size than the image's disk.</summary>
public static class TargetFit
{
    /// <summary>The smallest target that loses nothing but trailing unpartitioned space.</summary>
    /// <param name="layout">The table of the image's disk.</param>
    /// <param name="sourceBytes">Length of the image's disk.</param>
    public static long MinimumBytes(DiskLayout layout, long sourceBytes)
    {
        // Without partitions that can be believed, every byte may matter.
        if (layout.Kind == TableKind.None || !layout.IsConsistent) return sourceBytes;
        if (layout.Gpt is not { } gpt) return Math.Min(sourceBytes, layout.OccupiedEnd);
        var start = Math.Max(layout.OccupiedEnd, gpt.Header.FirstUsableLba * layout.SectorBytes + layout.SectorBytes);
        return start + EntriesBytes(gpt, layout.SectorBytes) + layout.SectorBytes;
    }

    /// <summary>Refuses a target on which the image cannot be restored.</summary>
    /// <exception cref="RefusedFault">Its sector size differs, or it is too small (the minimum size is named).</exception>
    public static void Require(DiskLayout layout, long sourceBytes, DiskInfo target)
    {
        RequireSectors(layout, target);
        var minimum = MinimumBytes(layout, sourceBytes);
        if (target.Length >= minimum) return;
        throw new RefusedFault("the target is too small for the image")
        {
            Which = target.Path,
            Expected = $"at least {minimum} bytes ({ByteSize.Format(minimum)})",
            Found = $"{target.Length} bytes ({ByteSize.Format(target.Length)})",
        };
    }

    /// <summary>Refuses a target of another sector size.</summary>
    /// <exception cref="RefusedFault">Its sector size differs.</exception>
    public static void RequireSectors(DiskLayout layout, DiskInfo target)
    {
        if (target.SectorBytes == layout.SectorBytes) return;
        throw new RefusedFault("the sector size of the target differs from that of the image")
        {
            Which = target.Path,
            Expected = $"{layout.SectorBytes} bytes",
            Found = $"{target.SectorBytes} bytes",
            Remedy = target.IsImageFile ? "Say the sector size of the image file (--sector-size)." : "Choose a disk with the sector size of the image.",
        };
    }

    internal static long EntriesBytes(GptTable gpt, int sectorBytes) => ((long)gpt.Header.ArrayBytes + sectorBytes - 1) / sectorBytes * sectorBytes;
}
