// The boot menu: the text of grub.cfg, the same for every kind of medium but for where the files are.
using System.Globalization;
using System.Text;
using BootConsole.Core;

namespace BootConsole.Media.Building;

/// <summary>Writes the menu that GRUB shows before the kernel starts.</summary>
internal static class BootMenu
{
    /// <summary>The folder of kernel, root and settings on every medium.</summary>
    internal const string Folder = "bootconsole";

    private const string Screen = "console=tty0", UsualSerial = "ttyS0,115200", Others = "=.,:/_@+%-";

    /// <summary>The text of grub.cfg.</summary>
    /// <param name="order">The medium.</param>
    /// <param name="marker">A file that this medium alone has, by which GRUB finds it; empty where the files come from where GRUB itself came from.</param>
    internal static string Write(MediumOrder order, string marker) => Write(
        new BootMenuSubject(order.Pc.PcName, order.Serial, order.KernelOptions, $"/{Folder}", $"/{Folder}/pc.img"), marker.Length > 0 ? $"search --no-floppy --file --set=root {marker}" : "");

    /// <summary>The text of grub.cfg.</summary>
    /// <param name="subject">What it starts.</param>
    /// <param name="findRoot">The line that makes <c>root</c> the place of the files; empty where it is that already.</param>
    internal static string Write(BootMenuSubject subject, string findRoot)
    {
        var serial = subject.Serial.Length > 0 ? subject.Serial : UsualSerial;
        var consoles = Consoles(subject.Serial);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # BootConsole for {subject.PcName}. Written by bootserver; what Secure Boot checks is told in docs/media.md.
            set default=0
            set timeout=3
            # On UEFI the kernel draws where GRUB's video drivers tell it to.
            if [ "$grub_platform" = "efi" ]; then insmod all_video; fi

            """);
        if (subject.Serial.Length > 0) text.Append(Terminals(subject.Serial));
        if (findRoot.Length > 0) text.Append(findRoot).Append('\n');
        text.Append('\n').Append(Entry($"BootConsole for {subject.PcName}", consoles, subject));
        text.Append(Entry("BootConsole: the menu, nothing starts by itself", $"{consoles} bootconsole.menu", subject));
        text.Append(Entry($"BootConsole on the serial port {serial}", $"{Screen} console={serial}", subject));
        text.Append(FirstDisk);
        return text.ToString();
    }

    /// <summary>The kernel's line of a medium without a menu: what the first entry would have.</summary>
    internal static string KernelLine(MediumOrder order) => Line(Consoles(order.Serial), order.KernelOptions);

    /// <summary>A word for the kernel's line that means the same to GRUB: no quotes, blanks or variables.</summary>
    /// <exception cref="UsageFault">It could mean something else.</exception>
    internal static string KernelOption(string word) => word.Length is > 0 and <= 200 && word.All(c => char.IsAsciiLetterOrDigit(c) || Others.Contains(c, StringComparison.Ordinal))
        ? word
        : throw new UsageFault("the kernel option is not allowed") { Which = "--kernel-option", Found = word, Expected = $"one word of letters, digits and {Others}" };

    /// <summary>A serial port as the kernel names it, with its speed.</summary>
    /// <exception cref="UsageFault">It is none that GRUB and the kernel both know.</exception>
    internal static string SerialPort(string text)
    {
        var (port, speed) = text.Split(',') is [var first, var second] ? (first, second) : (text, "115200");
        var isPort = port.Length == 5 && port.StartsWith("ttyS", StringComparison.Ordinal) && port[4] is >= '0' and <= '3';
        return isPort && speed is "9600" or "19200" or "38400" or "57600" or "115200"
            ? $"{port},{speed}"
            : throw new UsageFault("the serial port is not known") { Which = "--serial", Found = text, Expected = "ttyS0 to ttyS3, with a speed of 9600, 19200, 38400, 57600 or 115200: ttyS0,115200" };
    }

    private static string Consoles(string serial) => serial.Length > 0 ? $"{Screen} console={serial}" : Screen;

    private static string Line(string words, IReadOnlyList<string> options) => string.Join(' ', [words, "quiet", .. options]);

    // GRUB takes "# {" of a name for itself only outside quotes; a PC's name has letters, digits, '.' and '-' alone.
    private static string Entry(string title, string words, BootMenuSubject subject) => $$"""
        menuentry "{{title}}" {
            echo "Loading BootConsole ..."
            linux {{subject.Base}}/vmlinuz {{Line(words, subject.KernelOptions)}}
            initrd {{subject.Base}}/base.img {{subject.Archive}}
        }

        """;

    internal static string Terminals(string serial)
    {
        var parts = serial.Split(',');
        return $"""
            serial --unit={parts[0][4]} --speed={parts[1]}
            terminal_input console serial
            terminal_output console serial

            """;
    }

    /// <summary>The entry that leaves the PC as it was.</summary>
    // UEFI goes on with its own list when GRUB ends. A BIOS counts the disk that it booted from as the first, unless that was a CD or the network.
    internal const string FirstDisk = """
        menuentry "Start this PC from its first disk" {
            if [ "$grub_platform" = "efi" ]; then exit; fi
            set disk=hd0
            if regexp "^hd0" "$root"; then set disk=hd1; fi
            if [ "$disk" = "hd1" ]; then drivemap -s hd0 hd1; fi
            set root=$disk
            chainloader +1
        }

        """;
}

/// <summary>What a boot menu starts.</summary>
/// <param name="PcName">The PC's name.</param>
/// <param name="Serial">The serial port that shows menu and console too; empty for none.</param>
/// <param name="KernelOptions">Further words of the kernel's line.</param>
/// <param name="Base">The folder of kernel and root, from the top of the medium, without a slash at its end.</param>
/// <param name="Archive">The PC's archive.</param>
internal sealed record BootMenuSubject(string PcName, string Serial, IReadOnlyList<string> KernelOptions, string Base, string Archive);
