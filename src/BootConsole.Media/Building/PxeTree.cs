// The files of network boot, as a TFTP server's top folder.
using BootConsole.Host;

namespace BootConsole.Media.Building;

/// <summary>Makes trees for TFTP servers (docs/media.md, "PXE").</summary>
internal static class PxeTree
{
    /// <summary>The file that UEFI firmware asks for, with or without Secure Boot.</summary>
    internal const string UefiFile = "bootx64.efi";

    /// <summary>The file that a BIOS asks for.</summary>
    internal const string BiosFile = "grubpxe.0";

    internal static async Task MakeAsync(Workplace place, MediaPrograms programs, BootLoaders loaders)
    {
        var tree = Workplace.Medium;
        Directory.CreateDirectory(place[$"{tree}/grub"]);
        Directory.CreateDirectory(place[$"{tree}/{BootMenu.Folder}"]);
        File.Copy(loaders.Shim, place[$"{tree}/{UefiFile}"]);
        // Shim asks for these two names in its own folder, the second GRUB for its menu in /grub.
        File.Copy(loaders.NetworkGrub, place[$"{tree}/grubx64.efi"]);
        File.Copy(loaders.MokManager, place[$"{tree}/mmx64.efi"]);
        await loaders.MakeNetworkImageAsync(programs, $"{tree}/{BiosFile}");
        File.Copy(place[MediumParts.Menu], place[$"{tree}/grub/grub.cfg"]);
        foreach (var name in (string[])[MediumParts.Kernel, MediumParts.Root, MediumParts.Pc]) File.Copy(place[name], place[$"{tree}/{BootMenu.Folder}/{name}"]);
        OpenForAll(place[tree]);
    }

    // TFTP servers hand out what everybody may read, whatever this user's umask is.
    private static void OpenForAll(string folder)
    {
        const UnixFileMode forFiles = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode forFolders = forFiles | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        LinuxNames.SetMode(folder, forFolders);
        foreach (var below in Directory.EnumerateDirectories(folder)) OpenForAll(below);
        foreach (var file in Directory.EnumerateFiles(folder)) LinuxNames.SetMode(file, forFiles);
    }
}
