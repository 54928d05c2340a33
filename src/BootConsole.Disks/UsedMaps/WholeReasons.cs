// One sentence for every kind of content that is saved whole on purpose.
namespace BootConsole.Disks.UsedMaps;

/// <summary>Why a kind of content has no used map: the first half of a sentence that ends with "; every sector is saved."</summary>
internal static class WholeReasons
{
    internal static string For(FileSystemIdentity identity) => identity.Type switch
    {
        "" when identity.Ambivalence.Length > 0 => $"there are signs of several file systems ({identity.Ambivalence})",
        "" when identity.IsTable => "there is a partition table inside the partition",
        "" => "no file system was recognised",
        "BitLocker" => "the volume is encrypted by BitLocker",
        "crypto_LUKS" => "the volume is encrypted by LUKS",
        "LVM2_member" => "it is part of an LVM volume group",
        "linux_raid_member" => "it is part of a Linux RAID",
        "isw_raid_member" or "ddf_raid_member" or "lsi_mega_raid_member" or "nvidia_raid_member" or "promise_fasttrack_raid_member" or "silicon_medley_raid_member"
            or "via_raid_member" or "adaptec_raid_member" or "jmicron_raid_member" or "hpt37x_raid_member" or "hpt45x_raid_member"
            => "it is part of a RAID made by the firmware",
        "bcache" => "it is part of a bcache device",
        "zfs_member" => "it is part of a ZFS pool",
        "jbd" or "xfs_external_log" => "it is the journal of another file system",
        "swsuspend" => "the swap space holds a hibernated system",
        "f2fs" => "F2FS has no used map yet",
        "hfs" or "hfsplus" => "HFS+ has no used map yet",
        "apfs" => "APFS has no used map yet",
        _ => $"the file system {identity.Type} has no used map",
    };
}
