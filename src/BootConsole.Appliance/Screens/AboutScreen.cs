// Version and licences.
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>Says what this program is and what it is made of.</summary>
internal sealed record AboutScreen : Screen
{
    internal override string Title => "About";

    internal override IReadOnlyList<string> Help => ["Version and licences. Esc goes back."];

    internal override Turn Take(Message message, Facts facts) => message is KeyPressed { Key.Code: KeyCode.Enter or KeyCode.Escape or KeyCode.Interrupt } ? Turn.Back(this) : Turn.Stay(this);

    internal override Page Show(View view)
    {
        List<TextLine> lines = [TextLine.Of(view.Facts.Program, Role.Strong), TextLine.Empty];
        foreach (var paragraph in (string[])
        [
            "Free software under the MIT licence: use it, change it, pass it on; there is no warranty.",
            "Part of the program: Spectre.Console (MIT), System.CommandLine (MIT), the .NET runtime (MIT).",
            "Used where they are installed: libzstd (BSD), libsodium (ISC), OpenSSH (BSD), partclone (GPL), util-linux (GPL), e2fsprogs (GPL), ntfs-3g (GPL), xfsprogs (GPL), btrfs-progs (GPL).",
            "Encrypted files are age files (age-encryption.org/v1); compressed ones are zstd frames (RFC 8878). Any program that knows these formats reads them.",
        ])
        {
            lines.AddRange([.. PageText.Wrapped(paragraph, view.Width), TextLine.Empty]);
        }

        return new Page { Lines = lines, Keys = [("Esc", "Back")] };
    }
}
