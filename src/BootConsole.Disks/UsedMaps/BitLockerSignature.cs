// BitLocker volumes, by their own signatures.
namespace BootConsole.Disks.UsedMaps;

/// <summary>A volume encrypted by BitLocker: its boot sector looks like NTFS or FAT to programs that do not know it.</summary>
internal static class BitLockerSignature
{
    private const int GuidOffset = 0x1A8;

    // BitLocker To Go: a FAT32 boot sector with this GUID (4967D63B-2E29-4AD8-8399-F6A339E3D001).
    private static ReadOnlySpan<byte> ToGoGuid => [0x3B, 0xD6, 0x67, 0x49, 0x29, 0x2E, 0xD8, 0x4A, 0x83, 0x99, 0xF6, 0xA3, 0x39, 0xE3, 0xD0, 0x01];

    internal static bool IsIn(PartitionReader reader)
    {
        if (reader.Length < 512) return false;
        var sector = reader.Read(0, 512);
        return sector.AsSpan(3, 8).SequenceEqual("-FVE-FS-"u8) || sector.AsSpan(GuidOffset, 16).SequenceEqual(ToGoGuid);
    }
}
