// An image of a USB stick for BIOS and UEFI: an MBR with GRUB behind it, a FAT partition, and room for backups where that is wanted.
using System.Buffers.Binary;
using System.Globalization;
using BootConsole.Host;

namespace BootConsole.Media.Building;

/// <summary>Makes images of USB sticks (docs/media.md, "USB").</summary>
internal static class UsbMedium
{
    /// <summary>Label of the partition for backups: <c>url = "label:BOOTCONSOLE"</c> finds it.</summary>
    internal const string RoomLabel = "BOOTCONSOLE";

    /// <summary>Longest room: an MBR counts 2^32 sectors.</summary>
    internal const long MaxRoomBytes = 2_000_000L * MiB;

    private const int SectorBytes = 512, MiB = 1 << 20, BootCodeBytes = 440, DriveCheckAt = 0x66;
    private const long StartBytes = MiB, LeastFatBytes = 72L * MiB;
    private const string GrubImage = "core.img";

    internal static async Task MakeAsync(MediumOrder order, MediumParts parts, Workplace place, MediaPrograms programs, BootLoaders loaders)
    {
        var tree = new FatTree("BOOTSTICK", place);
        tree.Add("EFI/BOOT/BOOTX64.EFI", loaders.Shim);
        tree.Add("EFI/BOOT/grubx64.efi", loaders.DiskGrub);
        tree.Add("EFI/BOOT/mmx64.efi", loaders.MokManager);
        // The signed GRUB reads the one, GRUB for the BIOS the other.
        tree.Add("EFI/debian/grub.cfg", MediumParts.Menu);
        tree.Add("boot/grub/grub.cfg", MediumParts.Menu);
        foreach (var name in (string[])[MediumParts.Kernel, MediumParts.Root, MediumParts.Pc]) tree.Add($"{BootMenu.Folder}/{name}", name);
        tree.Add(parts.MarkerPath, MediumParts.Marker);
        await loaders.MakeDiskImageAsync(programs, GrubImage);

        var fatBytes = tree.Size(LeastFatBytes);
        WriteStart(place, loaders, fatBytes, order.RoomBytes, parts.Serial);
        await tree.WriteAsync(programs, Workplace.Medium, StartBytes, fatBytes, isFat32: true, parts.Serial);
        if (order.RoomBytes > 0) await MakeRoomAsync(programs, parts, StartBytes + fatBytes, order.RoomBytes);
    }

    private static void WriteStart(Workplace place, BootLoaders loaders, long fatBytes, long roomBytes, uint serial)
    {
        var grub = File.ReadAllBytes(place[GrubImage]);
        if (SectorBytes + grub.Length > StartBytes) throw new InvalidOperationException("GRUB does not fit before the first partition");
        using var medium = LinuxFile.Open(place[Workplace.Medium], OpenFor.Writing | OpenFor.CreateNew | OpenFor.Private);
        medium.SetLength(StartBytes + fatBytes + roomBytes);
        medium.WriteAt(0, FirstSector(File.ReadAllBytes(loaders.BiosSector), fatBytes, roomBytes, serial));
        medium.WriteAt(SectorBytes, grub);
    }

    // boot.img loads what begins in sector 1, and that the sectors behind it: both are where GRUB takes them to be unless it is told otherwise.
    private static byte[] FirstSector(byte[] bootCode, long fatBytes, long roomBytes, uint serial)
    {
        var sector = new byte[SectorBytes];
        bootCode.AsSpan(0, BootCodeBytes).CopyTo(sector);
        // As grub-bios-setup does for disks: a BIOS that passes a wrong drive number is set right.
        sector.AsSpan(DriveCheckAt, 2).Fill(0x90);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(BootCodeBytes), serial);
        WriteEntry(sector.AsSpan(446), 0x80, 0xEF, StartBytes, fatBytes);
        if (roomBytes > 0) WriteEntry(sector.AsSpan(462), 0, 0x83, StartBytes + fatBytes, roomBytes);
        sector[510] = 0x55;
        sector[511] = 0xAA;
        return sector;
    }

    private static void WriteEntry(Span<byte> entry, byte active, byte type, long start, long length)
    {
        entry[0] = active;
        entry[4] = type;
        // Cylinders, heads and sectors say "see the sector numbers": no machine that boots this uses them.
        ReadOnlySpan<byte> far = [0xFE, 0xFF, 0xFF];
        far.CopyTo(entry[1..]);
        far.CopyTo(entry[5..]);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], (uint)(start / SectorBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], (uint)(length / SectorBytes));
    }

    // ext4 survives a stick that is pulled out, which FAT and exFAT do not promise. Its tables are laid out when it is first mounted, so a large room costs nothing here.
    private static Task MakeRoomAsync(MediaPrograms programs, MediumParts parts, long start, long bytes)
    {
        var uuid = $"{parts.Id[..8]}-{parts.Id[8..12]}-4{parts.Id[13..16]}-8000-{parts.Id[..12]}";
        var at = start.ToString(CultureInfo.InvariantCulture);
        return programs.RunAsync(
            "mke2fs", "-q", "-F", "-L", RoomLabel, "-U", uuid, "-m", "0", "-b", "4096", "-I", "256",
            "-O", "has_journal,extent,flex_bg,metadata_csum,64bit,sparse_super,dir_index,filetype,resize_inode,large_file,huge_file,dir_nlink,extra_isize,ext_attr",
            "-E", $"offset={at},hash_seed={uuid},lazy_itable_init=1,lazy_journal_init=1,root_owner=0:0", Workplace.Medium, (bytes / 4096).ToString(CultureInfo.InvariantCulture));
    }
}
