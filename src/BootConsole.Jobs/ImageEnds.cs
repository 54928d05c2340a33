// The sectors of a disk in an image that hold its partition table, and that table.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>The table sectors of a disk in an image, from its layout record, which is hostile.</summary>
/// <param name="Layout">The table, read from these sectors and not from the record's list; not trusted where the list is empty.</param>
/// <param name="First">The first sectors.</param>
internal sealed record ImageEnds(DiskLayout Layout, ReadOnlyMemory<byte> First)
{
    private const int MaxEdgeCharacters = 2 << 20, MaxOthers = 2048;

    /// <exception cref="CorruptFault">The record contradicts the manifest or itself.</exception>
    internal static ImageEnds Of(LayoutRecord record, ManifestDisk disk, string which)
    {
        if (record.Version != 1) throw new CorruptFault("the layout is of another version of the format") { Which = which, Expected = "version 1", Found = $"version {record.Version}" };
        if (record.Size != disk.Size || record.SectorBytes != disk.SectorBytes) throw Bad(which, "it is about a disk of another size");
        var (first, last) = (ReadSectors(record.FirstSectors, disk, which), ReadSectors(record.LastSectors, disk, which));
        if (record.OtherSectors.Count > MaxOthers) throw Bad(which, "it keeps too many sectors");
        var others = record.OtherSectors.Select(sectors => (sectors.Start, Bytes: ReadSectors(sectors.Bytes, disk, which))).ToList();
        if (others.Exists(sectors => sectors.Start < 0 || sectors.Start % disk.SectorBytes != 0 || sectors.Start > disk.Size - sectors.Bytes.Length))
            throw Bad(which, "it keeps sectors that the disk has not");
        var info = new DiskInfo
        {
            Path = disk.Path,
            CanonicalPath = disk.Path,
            Length = disk.Size,
            SectorBytes = disk.SectorBytes,
            PhysicalSectorBytes = disk.SectorBytes,
            IsImageFile = true,
        };
        using var kept = new KeptSectors(new DiskEnds(info, first, last), others);
        var layout = PartitionTables.Read(kept);
        // The backup found something on the disk that speaks against its table, and saved the disk as it is: so it goes back, to no smaller disk and not rebuilt.
        if (record.Partitions.Count == 0 && layout.Partitions.Count > 0) layout = layout.Distrusted("The partition table was not trusted when the image was made; the whole disk is in it.");
        return new ImageEnds(layout, first);
    }

    private static byte[] ReadSectors(string base64, ManifestDisk disk, string which)
    {
        var bytes = new byte[Math.Min(base64.Length, MaxEdgeCharacters) / 4 * 3 + 3];
        if (base64.Length > MaxEdgeCharacters || !Convert.TryFromBase64String(base64, bytes, out var count)) throw Bad(which, "its sectors are not base64");
        if (count < disk.SectorBytes || count % disk.SectorBytes != 0 || count > disk.Size) throw Bad(which, "its sectors are not whole");
        return bytes[..count];
    }

    private static CorruptFault Bad(string which, string found) => new($"the layout is damaged: {found}") { Which = which };
}
