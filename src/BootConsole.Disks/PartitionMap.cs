// Which bytes of a partition are in use, and what was found on it.
using BootConsole.Core;

namespace BootConsole.Disks;

/// <summary>The used map of one partition (or of a whole disk without a table).</summary>
/// <param name="FileSystem">As <c>blkid</c> names it: <c>ext4</c>, <c>ntfs</c>, <c>vfat</c>, <c>exfat</c>, <c>xfs</c>, <c>btrfs</c>, <c>swap</c>, <c>crypto_LUKS</c>,
/// <c>BitLocker</c>, <c>LVM2_member</c>, <c>linux_raid_member</c> …; empty when unknown.</param>
/// <param name="Used">Used bytes relative to the start of the partition. Every byte that is not proven free is in it.</param>
/// <param name="Method">How it was found: <c>partclone.ext4</c>, <c>fat table</c>, <c>swap header</c>, <c>whole</c> …</param>
public sealed record PartitionMap(string FileSystem, RangeSet Used, string Method)
{
    /// <summary>Label of the file system; empty when there is none.</summary>
    public string Label { get; init; } = "";

    /// <summary>UUID of the file system as <c>blkid</c> shows it; empty when there is none.</summary>
    public string Uuid { get; init; } = "";

    /// <summary>One sentence when the whole partition is taken or something is odd: "The NTFS volume is hibernated; every sector is saved."</summary>
    public string Note { get; init; } = "";
}
