// What claims a whole disk although there is a partition table on it: a RAID or LVM member, an encrypted volume, a file system.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.UsedMaps;

/// <summary>
/// Looks for a signature of the whole disk. A table below one is left over or belongs to the RAID, whose records lie outside its partitions: used maps and gaps
/// made from it would leave out what the RAID, volume group or file system needs.
/// </summary>
internal static class WholeDiskClaim
{
    // LVM looks for its label in the first four sectors of 512 bytes (lvm2, lib/format_text/format-text.h and lib/label/label.c).
    private const int LabelSectors = 4, LabelSectorBytes = 512, LabelTypeOffset = 24;

    /// <summary>Says what claims the disk, as a sentence; null when nothing does.</summary>
    /// <remarks>blkid itself passes over RAID records that lie inside a partition. It also passes over an LVM label below an MBR, hence our own look; where a
    /// GPT has its header and entries, no label can be.</remarks>
    internal static async Task<string?> FindAsync(MapTarget disk, TableKind table, CancellationToken cancel)
    {
        try
        {
            if (table == TableKind.Mbr && HasLvmLabel(disk.Reader)) return Claimed("an LVM volume group");
            var identity = await FileSystemIdentity.ReadAsync(disk, cancel);
            if (identity.Ambivalence.Length > 0) return Claimed($"several kinds ({identity.Ambivalence})");
            return identity.Type.Length > 0 ? Claimed(Words(identity.Type)) : null;
        }
        catch (UnprovenMapException doubt)
        {
            return Unknown(doubt.Message);
        }
        catch (HostFault fault)
        {
            return Unknown($"the program {fault.Which} is missing or cannot be started");
        }
        catch (DiskFault)
        {
            return Unknown("the first sectors cannot be read");
        }
    }

    private static bool HasLvmLabel(PartitionReader reader)
    {
        var sectors = reader.Read(0, (int)Math.Min(reader.Length, LabelSectors * LabelSectorBytes));
        for (var start = 0; start + LabelSectorBytes <= sectors.Length; start += LabelSectorBytes)
        {
            var sector = sectors.AsSpan(start, LabelSectorBytes);
            if (sector.StartsWith("LABELONE"u8) && sector[LabelTypeOffset..].StartsWith("LVM2 001"u8)) return true;
        }

        return false;
    }

    private static string Words(string type) => type switch
    {
        "linux_raid_member" => "a Linux RAID",
        "LVM2_member" => "an LVM volume group",
        "crypto_LUKS" => "a volume encrypted by LUKS",
        "zfs_member" => "a ZFS pool",
        "bcache" => "a bcache device",
        _ when type.EndsWith("_raid_member", StringComparison.Ordinal) => "a RAID made by the firmware",
        _ => $"the file system {type}",
    };

    private static string Claimed(string what) => $"Besides its partition table the disk as a whole has the signature of {what}. The partition table is not to be trusted; the whole disk is saved.";

    private static string Unknown(string why) => $"Whether something else than the partition table has the disk cannot be told ({why}); the whole disk is saved.";
}
