// File systems on a whole disk begin with a boot sector that ends in 55 AA like an MBR.
using System.Buffers.Binary;

namespace BootConsole.Disks.Tables;

/// <summary>Recognises the boot sectors of NTFS, exFAT and FAT, by name or by a BIOS parameter block that makes sense.</summary>
internal static class BootSectors
{
    internal static bool IsFileSystem(ReadOnlySpan<byte> sector)
    {
        // A jump over the parameter block: EB xx 90, or E9 xx xx. Master boot records begin with code; GRUB's too has a jump, but no parameters.
        if (sector[0] is not (0xEB or 0xE9)) return false;
        return sector[3..].StartsWith("NTFS    "u8) || sector[3..].StartsWith("EXFAT   "u8) || sector[3..].StartsWith("-FVE-FS-"u8) || IsFat(sector);
    }

    // The checks of Linux fs/fat/inode.c, fat_read_bpb, on a sector that claims to be FAT.
    private static bool IsFat(ReadOnlySpan<byte> sector)
    {
        var bytesPerSector = BinaryPrimitives.ReadUInt16LittleEndian(sector[11..]);
        var sectorsPerCluster = sector[13];
        var reservedSectors = BinaryPrimitives.ReadUInt16LittleEndian(sector[14..]);
        var tables = sector[16];
        var media = sector[21];
        return bytesPerSector is 512 or 1024 or 2048 or 4096 && byte.IsPow2(sectorsPerCluster)
            && reservedSectors > 0 && tables is 1 or 2 && media is 0xF0 or >= 0xF8;
    }
}
