// A CD image for BIOS and UEFI that is a disk image too: ISO 9660 with El Torito, a first sector, and a FAT partition for UEFI.
using System.Globalization;

namespace BootConsole.Media.Building;

/// <summary>Makes CD images (docs/media.md, "ISO").</summary>
internal static class IsoMedium
{
    private const string Tree = "tree", BiosImage = "tree/boot/grub/bios.img", EfiImage = "efi.img";

    internal static async Task MakeAsync(MediumOrder order, MediumParts parts, Workplace place, MediaPrograms programs, BootLoaders loaders)
    {
        Directory.CreateDirectory(place[$"{Tree}/boot/grub"]);
        Directory.CreateDirectory(place[$"{Tree}/{BootMenu.Folder}"]);
        Directory.CreateDirectory(place[$"{Tree}/.disk"]);
        foreach (var name in (string[])[MediumParts.Kernel, MediumParts.Root, MediumParts.Pc]) File.CreateSymbolicLink(place[$"{Tree}/{BootMenu.Folder}/{name}"], place[name]);
        File.Copy(place[MediumParts.Marker], place[$"{Tree}/{parts.MarkerPath}"]);
        File.Copy(place[MediumParts.Menu], place[$"{Tree}/boot/grub/grub.cfg"]);
        // The signed GRUB looks for this file where it finds no menu beside itself.
        File.Copy(place[MediumParts.Marker], place[$"{Tree}/.disk/info"]);
        await loaders.MakeCdImageAsync(programs, BiosImage);

        var efi = new FatTree("BOOTCONSOLE", place);
        efi.Add("EFI/BOOT/BOOTX64.EFI", loaders.Shim);
        efi.Add("EFI/BOOT/grubx64.efi", loaders.CdGrub);
        efi.Add("EFI/BOOT/mmx64.efi", loaders.MokManager);
        efi.Add("boot/grub/grub.cfg", MediumParts.Menu);
        var efiBytes = efi.Size(0);
        using (var file = File.Create(place[EfiImage])) file.SetLength(efiBytes);
        await efi.WriteAsync(programs, EfiImage, 0, efiBytes, isFat32: false, parts.Serial);

        await programs.RunAsync(
            // "/=" keeps xorriso from escaping the path of the workplace, which it then does not find.
            "xorriso", "-no_rc", "-as", "mkisofs", "-o", Workplace.Medium, "-V", "BOOTCONSOLE", "-r", "-J", "-f",
            "--set_all_file_dates", order.Base.Made.UtcDateTime.ToString("yyyyMMddHHmmss00", CultureInfo.InvariantCulture), "--grub2-mbr", loaders.HybridSector,
            "-b", "boot/grub/bios.img", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", "--grub2-boot-info", "--protective-msdos-label",
            "-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot", "-append_partition", "2", "0xef", EfiImage, "-appended_part_as_gpt", "-graft-points", $"/={Tree}");
    }
}
