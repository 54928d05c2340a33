// What speaks against a disk-image file.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Finding;

/// <summary>Refuses image files that someone else uses, and targets inside the store.</summary>
/// <param name="inventory">The disks of this PC, loop devices among them.</param>
internal sealed class ImageFileRules(DiskInventory inventory)
{
    /// <summary>Gives the image file back when it may be used.</summary>
    /// <exception cref="RefusedFault">It may not.</exception>
    internal DiskInfo Require(DiskInfo file, DiskPurpose purpose)
    {
        foreach (var loop in inventory.Disks.Where(disk => disk.Backing is { } backing && file.Identity is { } identity && backing.IsSameAs(identity)))
        {
            var device = loop.Info.CanonicalPath;
            if (loop.MountPoints.Count > 0) throw Refused(file, $"It is attached to {device}, of which a file system is mounted at {loop.MountPoints[0]}.");
            if (purpose == DiskPurpose.Restore) throw Refused(file, $"It is attached to {device}.");
        }

        var isInStore = inventory.StoreFolder is { } store && LiesIn(store, file.CanonicalPath);
        return purpose == DiskPurpose.Restore && isInStore ? throw Refused(file, $"It lies in the store {inventory.StoreFolder}.") : file;
    }

    // By what the folders are, not by their names: a store may be reached by a bind mount.
    private static bool LiesIn(string folder, string path)
    {
        if (FileIdentity.Of(folder) is not { } wanted) return false;
        for (var parent = Path.GetDirectoryName(path); parent is not null; parent = Path.GetDirectoryName(parent))
            if (FileIdentity.Of(parent) is { } identity && identity.IsSameAs(wanted)) return true;
        return false;
    }

    private static RefusedFault Refused(DiskInfo file, string sentence) => new("the image file may not be used now") { Which = file.Path, Found = sentence };
}
