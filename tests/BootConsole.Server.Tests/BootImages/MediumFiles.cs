// What the PC of a boot image finds below /etc, read back from the medium.
using System.Text;
using BootConsole.Media.Cpio;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.BootImages;

/// <summary>Reads the PC's archive of a medium.</summary>
internal static class MediumFiles
{
    /// <summary>The files by their paths, and the modes.</summary>
    internal static IReadOnlyDictionary<string, (string Text, uint Mode)> Of(string medium, string kind)
    {
        using var folder = new TempFolder();
        var archive = folder["pc.img"];
        if (kind == "pxe") File.Copy(Path.Combine(medium, "bootconsole/pc.img"), archive);
        else if (kind == "usb") SystemTool.Run("mcopy", "-i", $"{medium}@@1M", "::/bootconsole/pc.img", archive);
        else if (kind == "iso") SystemTool.Run("xorriso", "-no_rc", "-osirrox", "on", "-indev", medium, "-extract", "/bootconsole/pc.img", archive);
        return CpioArchive.Read(File.ReadAllBytes(archive)).Where(entry => !entry.IsFolder).ToDictionary(entry => entry.Name, entry => (Encoding.UTF8.GetString(entry.Content.Span), entry.Mode & 0xFFF));
    }
}
