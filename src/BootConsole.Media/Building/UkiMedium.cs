// One program for UEFI firmware: systemd's stub with kernel, archives and kernel line as sections (uapi-group.org, "Unified Kernel Image").
using System.Globalization;
using System.Text;
using BootConsole.Host;

namespace BootConsole.Media.Building;

/// <summary>Makes unified kernel images (docs/media.md, "UKI").</summary>
internal static class UkiMedium
{
    private const string Release = "os-release", Line = "cmdline", Archives = "archives";

    internal static async Task MakeAsync(MediumOrder order, Workplace place, MediaPrograms programs, BootLoaders loaders)
    {
        place.Write(Release, Encoding.UTF8.GetBytes($"ID=bootconsole\nNAME=BootConsole\nPRETTY_NAME=\"BootConsole for {order.Pc.PcName}\"\nVERSION_ID=\"{Plain(order.Base.Version)}\"\n"));
        place.Write(Line, Encoding.ASCII.GetBytes(BootMenu.KernelLine(order)));
        Join(place, MediumParts.Root, MediumParts.Pc);
        var stub = loaders.KernelStub;
        var layout = PeLayout.Of(stub);
        List<string> arguments = [];
        var address = layout.FreeAddress;
        foreach (var (section, file) in (ReadOnlySpan<(string, string)>)[(".osrel", Release), (".cmdline", Line), (".linux", MediumParts.Kernel), (".initrd", Archives)])
        {
            arguments.AddRange(["--add-section", $"{section}={file}", "--change-section-vma", string.Create(CultureInfo.InvariantCulture, $"{section}=0x{address:x}")]);
            address = layout.Aligned(address + place.LengthOf(file));
        }

        // Without this objcopy writes the present time into the program's header.
        await programs.RunAsync("objcopy", ["--preserve-dates", .. arguments, stub, Workplace.Medium]);
        // The joined archives are as large as all the rest, and are in it now.
        LinuxNames.Remove(place[Archives]);
    }

    // The kernel takes archives one after the other; the first is a multiple of 4 bytes (BaseFolder sees to it).
    private static void Join(Workplace place, params string[] names)
    {
        using var joined = new FileStream(place[Archives], FileMode.CreateNew, FileAccess.Write);
        foreach (var name in names)
        {
            using var part = File.OpenRead(place[name]);
            part.CopyTo(joined);
        }
    }

    // The version comes out of a file: nothing in it may end the quotes.
    private static string Plain(string version) => string.Concat(version.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '+' or '~'));
}
