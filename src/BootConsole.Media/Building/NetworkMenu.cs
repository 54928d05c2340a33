// What GRUB shows when a PC boots from the network: a menu for each known network card, and one for all others that changes nothing.
using System.Globalization;
using System.Net;
using System.Text;
using BootConsole.Core;

namespace BootConsole.Media.Building;

/// <summary>Writes the menus of a server for network boot.</summary>
/// <param name="server">The server's address, by which GRUB fetches what the menus name.</param>
/// <param name="serial">The serial port that shows menus and console too, as <c>media build</c> takes it; empty for none.</param>
/// <param name="kernelOptions">Further words of the kernel's line.</param>
public sealed class NetworkMenu(IPAddress server, string serial, IReadOnlyList<string> kernelOptions)
{
    // Long enough to read the line below it.
    private const int HarmlessSeconds = 10;

    private readonly string _serial = serial.Length > 0 ? BootMenu.SerialPort(serial) : "";
    private readonly IReadOnlyList<string> _options = [.. kernelOptions.Select(BootMenu.KernelOption)];

    // GRUB that was fetched over HTTP knows no TFTP, and has this server as its root already; the distribution's signed GRUB has a part of itself there.
    private string FindRoot => $"if ! regexp \"^http,\" \"$root\"; then set root=(tftp,{server}); fi";

    /// <summary>The menu that every PC gets first: it goes on to <c>grub/pcs/CARD.cfg</c> for the cards that are known, and else starts the PC from its first disk.</summary>
    /// <param name="cards">The cards that have a menu, <c>aa:bb:cc:dd:ee:ff</c>.</param>
    public string First(IEnumerable<string> cards)
    {
        var text = new StringBuilder("# Which PC is it? Written by bootserver.\n");
        // GRUB cannot ask a TFTP server whether a file is there.
        foreach (var card in cards) text.Append(CultureInfo.InvariantCulture, $"if [ \"$net_default_mac\" = \"{card}\" ]; then set known=yes; fi\n");
        text.Append(
            """
            if [ "$known" = "yes" ]; then
            source "$prefix/pcs/$net_default_mac.cfg"
            else

            """);
        text.Append(Harmless("The network card $net_default_mac is not known to this server.", "To let this PC boot BootConsole, on the server:", "bootserver pc change NAME --mac $net_default_mac"));
        return text.Append("fi\n").ToString();
    }

    /// <summary>The menu of a PC.</summary>
    /// <param name="pcName">Its name.</param>
    /// <param name="baseFolder">The folder with its kernel and root, from the top of the TFTP server.</param>
    /// <param name="archive">Its archive, from there.</param>
    public string ForPc(string pcName, string baseFolder, string archive) => BootMenu.Write(new BootMenuSubject(pcName, _serial, _options, baseFolder, archive), FindRoot);

    /// <summary>The menu of a PC that is known and may not boot.</summary>
    /// <param name="pcName">Its name.</param>
    /// <param name="reason">Why, in one sentence.</param>
    /// <param name="remedy">What to do on the server.</param>
    public string Refusal(string pcName, string reason, string remedy) => Harmless($"{pcName}: {Plain(reason)}", "On the server:", Plain(remedy));

    private string Harmless(string title, params string[] lines) =>
        $$"""
        set default=0
        set timeout={{HarmlessSeconds}}
        {{(_serial.Length > 0 ? BootMenu.Terminals(_serial) : "")}}
        {{BootMenu.FirstDisk}}
        menuentry "{{title}}" {
        {{string.Concat(lines.Prepend(title).Select(line => $"    echo \"{line}\"\n"))}}    sleep --interruptible 120
        }

        """;

    // Inside quotes GRUB takes these for itself; a sentence may quote what an administrator wrote.
    private static string Plain(string text) => string.Concat(PlainText.Of(text).Where(letter => letter is not ('"' or '\\' or '$' or '`') && letter < 127));
}
