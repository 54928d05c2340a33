// Which loader of an EFI system partition stands for the system on the disk, and what it needs beside it. Pure.
using BootConsole.Host.Efi;

namespace BootConsole.Disks.Booting;

/// <summary>An installed loader.</summary>
/// <param name="Path">Its path as firmware writes it: <c>\EFI\debian\shimx64.efi</c>.</param>
/// <param name="Companions">Names of files in the same folder that it looks for in the folder it was started from.</param>
internal sealed record EfiLoader(string Path, IReadOnlyList<string> Companions)
{
    /// <summary>The folder of the fallback loader (UEFI 2.10, 3.5.1.1).</summary>
    internal const string FallbackFolder = @"\EFI\BOOT\";

    // Most able first: what starts Linux offers Windows too, but not the other way round.
    private static readonly string[] Names = ["shimx64.efi", "shim.efi", "grubx64.efi", "systemd-bootx64.efi", "bootmgfw.efi"];

    // shim starts the second stage, or the keeper of the machine owner's keys, from its own folder; some second stages read their settings from there.
    private static readonly string[] OfShim = ["grubx64.efi", "grub.efi", "mmx64.efi", "MokManager.efi", "grub.cfg"];

    /// <summary>The folder that it is in, a backslash at the end.</summary>
    internal string Folder => FolderOf(Path);

    /// <summary>What may be the loader, the best first. A name that is known counts more than a boot entry: entries also name updaters of firmware and tests of memory.</summary>
    /// <param name="files">The files of the partition (<see cref="FatFiles.ListAsync"/>).</param>
    /// <param name="recorded">The boot entries that start from the partition, in the firmware's order.</param>
    internal static IEnumerable<EfiLoader> Candidates(IReadOnlySet<string> files, IReadOnlyList<EfiLoadOption> recorded)
    {
        var known = recorded.Select(option => option.File).Where(IsKnown);
        // What is handed to a loader by its entry cannot be handed to its copy.
        var others = recorded.Where(option => !IsKnown(option.File) && option.OptionalData.Length == 0).Select(option => option.File);
        return known.Concat(Installed(files)).Concat(others).Where(files.Contains).Distinct(StringComparer.OrdinalIgnoreCase).Select(path => new EfiLoader(path, CompanionsOf(files, path)));
    }

    // \EFI\VENDOR\NAME, and Windows's one folder further down.
    private static IEnumerable<string> Installed(IReadOnlySet<string> files) =>
        files.Where(path => IsKnown(path) && path.StartsWith(@"\EFI\", StringComparison.OrdinalIgnoreCase) && path.Count(character => character == '\\') is 3 or 4 && !path.StartsWith(FallbackFolder, StringComparison.OrdinalIgnoreCase))
            .OrderBy(path => Array.FindIndex(Names, name => name.Equals(NameOf(path), StringComparison.OrdinalIgnoreCase))).ThenBy(path => path, StringComparer.OrdinalIgnoreCase);

    private static List<string> CompanionsOf(IReadOnlySet<string> files, string path) =>
        NameOf(path).StartsWith("shim", StringComparison.OrdinalIgnoreCase) ? [.. OfShim.Where(name => files.Contains(FolderOf(path) + name))] : [];

    private static bool IsKnown(string path) => Names.Contains(NameOf(path), StringComparer.OrdinalIgnoreCase);

    private static string NameOf(string path) => path[(path.LastIndexOf('\\') + 1)..];

    private static string FolderOf(string path) => path[..(path.LastIndexOf('\\') + 1)];
}
