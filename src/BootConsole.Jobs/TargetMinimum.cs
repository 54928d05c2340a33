// The smallest disk that a disk of an image can be restored to, for lists: what a restore would say, said beforehand.
using BootConsole.Core;
using BootConsole.Disks.Tables;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Computes what <see cref="ManifestDisk.MinimumBytes"/> holds, by the rule that <see cref="RestorePlanner"/> refuses by.</summary>
public static class TargetMinimum
{
    /// <param name="layout">The layout of the disk as the image has it.</param>
    /// <param name="disk">The disk in the manifest.</param>
    /// <returns>Length in bytes; null where the layout does not say: this is for people, and no reason for a backup to fail.</returns>
    public static long? Of(LayoutRecord layout, ManifestDisk disk)
    {
        try
        {
            var minimum = TargetFit.MinimumBytes(ImageEnds.Of(layout, disk, "").Layout, disk.Size);
            // A table that leaves itself no room at the disk's own end.
            return minimum > 0 && minimum <= disk.Size ? minimum : null;
        }
        catch (Fault)
        {
            return null;
        }
    }
}
