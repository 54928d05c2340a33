// A disk of this PC with what speaks against using it.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.Finding;

/// <summary>What a disk is wanted for.</summary>
public enum DiskPurpose
{
    /// <summary>To be read.</summary>
    Backup,

    /// <summary>To be overwritten.</summary>
    Restore,
}

/// <summary>Why a disk is refused.</summary>
public enum RefusalReason
{
    /// <summary>The running system lives on it.</summary>
    HoldsSystem,

    /// <summary>The PC was booted from it.</summary>
    HoldsBootMedium,

    /// <summary>The store lies on it.</summary>
    HoldsStore,

    /// <summary>A file system on it is mounted: an image would be torn, a restore would be a disaster.</summary>
    Mounted,

    /// <summary>Something that is not mounted stands on it: LVM, RAID, a mapping, a loop device. Only writing is refused.</summary>
    InUse,

    /// <summary>It is write-protected. Only writing is refused.</summary>
    ReadOnly,

    /// <summary>It has no size: a card reader without a card.</summary>
    NoMedium,

    /// <summary>Its sector size is none that is supported (512 to 4096), or its length is not made of whole sectors.</summary>
    OddSectors,
}

/// <summary>One reason against a disk.</summary>
/// <param name="Reason">The kind, for programs.</param>
/// <param name="Sentence">For people: "It holds the running system: /dev/sda2 is mounted at /."</param>
public sealed record DiskRefusal(RefusalReason Reason, string Sentence)
{
    /// <summary>True when the disk may not be used for <paramref name="purpose"/>.</summary>
    public bool Forbids(DiskPurpose purpose) => purpose == DiskPurpose.Restore || Reason is not (RefusalReason.InUse or RefusalReason.ReadOnly);
}

/// <summary>A whole disk of this PC.</summary>
/// <param name="Info">Who it is.</param>
/// <param name="Device">Its device number.</param>
/// <param name="Refusals">What speaks against it, weightiest first; empty for a free disk.</param>
public sealed record FoundDisk(DiskInfo Info, DeviceNumber Device, IReadOnlyList<DiskRefusal> Refusals)
{
    /// <summary>True for a disk that can be unplugged or whose medium can be taken out.</summary>
    public bool IsRemovable { get; init; }

    /// <summary>True when the kernel holds it read-only.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>What stands behind a loop device; null for all other disks.</summary>
    public FileIdentity? Backing { get; init; }

    /// <summary>Where file systems of this disk are mounted; <c>[SWAP]</c> for swap in use.</summary>
    public IReadOnlyList<string> MountPoints { get; init; } = [];

    /// <summary>True for a loop device: a file that plays a disk. Never picked unless named by its path.</summary>
    public bool IsLoop => Backing is not null;

    /// <summary>True when nothing forbids to use it so.</summary>
    public bool IsOfferedFor(DiskPurpose purpose) => !Refusals.Any(refusal => refusal.Forbids(purpose));
}

/// <summary>A block device that is not a disk to back up.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Device">Its device number.</param>
/// <param name="Sentence">What it is: "It is a partition of /dev/sda."</param>
public sealed record OtherDevice(string Path, DeviceNumber Device, string Sentence);
