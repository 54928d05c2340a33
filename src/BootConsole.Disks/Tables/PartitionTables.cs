// The partition table of a disk, whatever kind it is.
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>
/// Reads partition tables as the Linux kernel and libblkid do: GPT behind a protective or hybrid MBR (UEFI 2.10, section 5), else MBR, unless the first sector
/// is the boot sector of a file system. Everything on the disk is hostile: a table that is not right in itself makes the whole disk data, never a guess.
/// </summary>
public static class PartitionTables
{
    /// <summary>Reads the table of a disk. Takes at most a few MiB of memory, whatever the disk says.</summary>
    /// <exception cref="DiskFault">The disk is gone; unreadable sectors are no fault, they make a damaged table.</exception>
    public static DiskLayout Read(IDisk disk)
    {
        var reader = new TableReader(disk);
        if (reader.LastLba < 1) return reader.NoTable("The disk is too small for a partition table.");
        if (reader.TryReadSector(0) is not { } sector)
            return reader.NoTable("The first sector is unreadable and with it any partition table; the whole disk is saved.");
        if (MbrSector.Parse(sector) is not { } mbr) return WithoutMbr(reader);
        if (BootSectors.IsFileSystem(sector)) return reader.NoTable();
        if (!mbr.NamesGpt) return MbrLayout.Of(reader, mbr);
        if (!mbr.IsProtective) return reader.NoTable("The protective MBR of the GPT is not right; the whole disk is saved.");
        return GptTable.Find(reader) is { } gpt ? GptLayout.Of(reader, gpt, mbr) : DamagedGpt(reader);
    }

    private static DiskLayout WithoutMbr(TableReader reader) => GptTable.Find(reader) is null
        ? reader.NoTable()
        : reader.NoTable("There is a GPT without the protective MBR that makes it valid; the whole disk is saved.");

    private static DiskLayout DamagedGpt(TableReader reader) => reader.NoTable(IsOfOtherSectorSize(reader)
        ? $"The GPT was written for another sector size than the disk's {reader.SectorBytes} bytes; the whole disk is saved."
        : "Both copies of the GPT are missing or damaged; the whole disk is saved.");

    // A disk moved between USB cases may show 512-byte sectors in one and 4096-byte sectors in the other.
    private static bool IsOfOtherSectorSize(TableReader reader)
    {
        foreach (var bytes in (ReadOnlySpan<int>)[512, 4096])
        {
            if (bytes == reader.SectorBytes) continue;
            if (reader.TryRead(0, 2 * 4096) is { } head && GptHeader.Parse(head.AsSpan(bytes, bytes), 1) is not null) return true;
        }

        return false;
    }
}
