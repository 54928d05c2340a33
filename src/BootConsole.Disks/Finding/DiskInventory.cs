// All disks of this PC at one moment.
using BootConsole.Host;

namespace BootConsole.Disks.Finding;

/// <summary>What <see cref="DiskFinder"/> found.</summary>
/// <param name="Disks">Whole disks, refused ones included, in the kernel's order; loop devices last.</param>
/// <param name="Others">Devices that are no disks: partitions, LVM volumes, RAID arrays, optical drives, memory. Named when someone asks for them.</param>
public sealed record DiskInventory(IReadOnlyList<FoundDisk> Disks, IReadOnlyList<OtherDevice> Others)
{
    /// <summary>The folder of the store this job uses, links followed; null when it is not on this PC.</summary>
    public string? StoreFolder { get; init; }

    /// <summary>The disks a person or <c>only</c> may choose from: free for the purpose, and no loop devices.</summary>
    public IEnumerable<FoundDisk> Candidates(DiskPurpose purpose) => Disks.Where(disk => !disk.IsLoop && disk.IsOfferedFor(purpose));

    /// <summary>The disk with a device number; null when it is none of the disks.</summary>
    public FoundDisk? Find(DeviceNumber device) => Disks.FirstOrDefault(disk => disk.Device == device);

    /// <summary>True when two disks hold the same bytes: the same device or file under whatever names, or a loop device and the file behind it.</summary>
    public bool AreSame(DiskInfo left, DiskInfo right)
    {
        var identities = Chain(left).ToArray();
        return Chain(right).Any(identity => identities.Any(identity.IsSameAs));
    }

    // A loop device may stand on a file, on a disk, or on another loop device; the kernel allows no circles.
    private IEnumerable<FileIdentity> Chain(DiskInfo disk)
    {
        for (var identity = disk.Identity; identity is not null;)
        {
            yield return identity;
            identity = identity.Kind == FileKind.BlockDevice ? Find(identity.Device)?.Backing : null;
        }
    }
}
