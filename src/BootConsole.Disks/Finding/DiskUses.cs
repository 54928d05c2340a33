// What stands on each disk: mounted file systems, swap, LVM, RAID, mappings, loop devices.
using BootConsole.Host;

namespace BootConsole.Disks.Finding;

/// <summary>Walks from a disk to everything built on it, loop devices and the other disks of a btrfs included, and turns what it meets into refusals.</summary>
internal sealed class DiskUses
{
    // A disk with one of these mounted is the system's; "[SWAP]" is how lsblk shows swap in use.
    private static readonly string[] SystemPlaces = ["/", "/boot", "/boot/efi", "/boot/firmware", "/efi", "/usr", "/var", "/etc", "[SWAP]"];

    private readonly IReadOnlyList<LoopDevice> _loops;
    private readonly Dictionary<DeviceNumber, BlockNode> _nodes = [];
    private readonly IReadOnlyList<IReadOnlyList<string>> _btrfs;

    internal DiskUses(IReadOnlyList<BlockNode> nodes, IReadOnlyList<LoopDevice> loops, SysfsBlock sysfs)
    {
        _loops = loops;
        foreach (var node in nodes) Remember(node);
        _btrfs = sysfs.BtrfsDevices();
    }

    /// <summary>The device that holds the store.</summary>
    internal DeviceNumber? StoreDevice { get; init; }

    /// <summary>The device the PC was booted from.</summary>
    internal DeviceNumber? BootDevice { get; init; }

    /// <summary>Where anything of a disk is mounted.</summary>
    internal IReadOnlyList<string> MountPoints(BlockNode disk) => [.. Above(disk).SelectMany(MountsOf).Select(mount => mount.Point).Distinct()];

    /// <summary>What speaks against a disk because of what is on it, weightiest first.</summary>
    internal IEnumerable<DiskRefusal> Refusals(BlockNode disk)
    {
        var above = Above(disk);
        var mounts = above.SelectMany(MountsOf).DistinctBy(mount => mount.Point).ToArray();
        var system = mounts.Where(mount => SystemPlaces.Contains(mount.Point)).ToArray();
        if (system.Length > 0) yield return new DiskRefusal(RefusalReason.HoldsSystem, $"It holds the running system: {Say(system)}.");
        if (above.Any(node => node.Device == BootDevice)) yield return new DiskRefusal(RefusalReason.HoldsBootMedium, "The PC was booted from it.");
        if (above.Any(node => node.Device == StoreDevice)) yield return new DiskRefusal(RefusalReason.HoldsStore, "It holds the store.");
        var other = mounts.Except(system).ToArray();
        if (other.Length > 0) yield return new DiskRefusal(RefusalReason.Mounted, $"A file system on it is mounted: {Say(other)}.");
        var holders = above.Where(node => node.Device != disk.Device && node.Type != "part").Select(node => $"{node.Path} ({node.Type})").ToArray();
        if (holders.Length > 0) yield return new DiskRefusal(RefusalReason.InUse, $"It is in use by {string.Join(", ", holders)}.");
    }

    private static string Say(MountedAt[] mounts) => string.Join(", ", mounts.Select(mount =>
        mount.Point == "[SWAP]" ? $"{mount.Path} is in use as swap" : $"{mount.Path} is mounted at {mount.Point}"));

    // The devices of one btrfs are mounted together; lsblk shows the mount point at only one of them.
    private IEnumerable<MountedAt> MountsOf(BlockNode node)
    {
        foreach (var point in node.MountPoints) yield return new MountedAt(node.Path, Printable.Of(point));
        foreach (var members in _btrfs.Where(members => members.Contains(node.KernelName)))
            foreach (var point in _nodes.Values.Where(other => members.Contains(other.KernelName)).SelectMany(other => other.MountPoints))
                yield return new MountedAt(node.Path, Printable.Of(point));
    }

    /// <summary>The disk and everything built on it, each once.</summary>
    private List<BlockNode> Above(BlockNode disk)
    {
        var found = new List<BlockNode> { disk };
        for (var i = 0; i < found.Count; i++)
        {
            var device = found[i].Device;
            var loops = _loops.Where(loop => StandsOn(loop, device)).Select(loop => _nodes.GetValueOrDefault(loop.Device)).OfType<BlockNode>();
            var next = found[i].Children.Concat(loops);
            found.AddRange(next.Where(node => found.TrueForAll(known => known.Device != node.Device)).DistinctBy(node => node.Device).ToArray());
        }

        return found;
    }

    // Either the loop device stands on the device itself, or its file lies on the file system of the device.
    private static bool StandsOn(LoopDevice loop, DeviceNumber device) =>
        loop.Backing.Kind == FileKind.BlockDevice ? loop.Backing.Device == device : loop.Backing.FileSystem == device;

    private void Remember(BlockNode node)
    {
        _nodes.TryAdd(node.Device, node);
        foreach (var child in node.Children) Remember(child);
    }

    private sealed record MountedAt(string Path, string Point);
}
