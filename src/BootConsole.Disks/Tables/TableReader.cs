// Sectors of a disk for those who read its tables; an unreadable one is simply not there.
using BootConsole.Core;

namespace BootConsole.Disks.Tables;

/// <summary>Reads by LBA, within the disk, in the disk's own sector size.</summary>
internal sealed class TableReader(IDisk disk)
{
    internal int SectorBytes { get; } = disk.Info.SectorBytes;

    internal long DiskBytes { get; } = disk.Info.Length;

    internal long LastLba => DiskBytes / SectorBytes - 1;

    /// <summary>Reads one sector.</summary>
    /// <returns>Null when it lies outside the disk or is unreadable.</returns>
    /// <exception cref="DiskFault">The disk is gone.</exception>
    internal byte[]? TryReadSector(long lba) => TryRead(lba, SectorBytes);

    /// <summary>Reads bytes from the start of a sector.</summary>
    /// <returns>Null when they leave the disk or are unreadable.</returns>
    /// <exception cref="DiskFault">The disk is gone.</exception>
    internal byte[]? TryRead(long lba, int count)
    {
        if (lba < 0 || lba > LastLba || count > DiskBytes - lba * SectorBytes) return null;
        var bytes = new byte[count];
        try
        {
            disk.Read(lba * SectorBytes, bytes);
            return bytes;
        }
        catch (DiskFault fault) when (fault.Problem == DiskProblem.BadSectors)
        {
            return null;
        }
    }

    /// <summary>The layout of a disk without a table that can be believed.</summary>
    internal DiskLayout NoTable(params IReadOnlyList<string> notes) =>
        new(TableKind.None, SectorBytes, []) { Usable = new ByteRange(0, DiskBytes), Notes = notes };

    /// <summary>The bytes of whole sectors.</summary>
    internal ByteRange Sectors(long lba, long count) => new(lba * SectorBytes, count * SectorBytes);

    /// <summary>The whole sectors that hold so many bytes.</summary>
    internal ByteRange Bytes(long lba, long count) => Sectors(lba, (count + SectorBytes - 1) / SectorBytes);
}
