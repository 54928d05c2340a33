// Text that a disk says of itself, made fit for screens, logs and comparison.
using System.Text;

namespace BootConsole.Disks.Finding;

/// <summary>Models and serial numbers come from firmware of strangers: control characters go, runs of blanks become one, the ends are trimmed.</summary>
internal static class Printable
{
    internal static string Of(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune)) plain.Append(rune);
            else if (plain.Length > 0 && plain[^1] != ' ') plain.Append(' ');
        }

        return plain.ToString().TrimEnd();
    }
}
