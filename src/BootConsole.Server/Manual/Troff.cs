// Text as troff reads it: every character of it is printed, none is a request or an escape sequence (groff(7), man(7)).
using System.Globalization;
using System.Text;
using BootConsole.Core;

namespace BootConsole.Server.Manual;

/// <summary>Writes text and fonts for manual pages.</summary>
internal static class Troff
{
    private const int FirstBeyondAscii = 0x80;

    /// <summary>Text that stands anywhere in a line, also at its beginning or as an argument of a macro between quotation marks. Control characters and line ends become question marks.</summary>
    internal static string Text(string text)
    {
        var plain = PlainText.Of(text);
        var escaped = new StringBuilder(plain.Length);
        // A dot at the beginning of a line would be a request; one of no width stands before it. A quotation mark there is escaped anyway.
        if (plain.StartsWith('.')) escaped.Append("\\&");
        foreach (var rune in plain.EnumerateRunes()) escaped.Append(Rune(rune));
        return escaped.ToString();
    }

    /// <summary>The same in bold: what is typed as it stands.</summary>
    internal static string Bold(string text) => text.Length == 0 ? "" : $"\\fB{Text(text)}\\fR";

    /// <summary>The same in italics: what a word stands for.</summary>
    internal static string Italic(string text) => text.Length == 0 ? "" : $"\\fI{Text(text)}\\fR";

    // '-' alone would be a hyphen, which no shell takes; the quotation marks would become curved.
    private static string Rune(Rune rune) => rune.Value switch
    {
        '\\' => "\\(rs",
        '-' => "\\-",
        '\'' => "\\(aq",
        '"' => "\\(dq",
        '`' => "\\(ga",
        '^' => "\\(ha",
        '~' => "\\(ti",
        < FirstBeyondAscii => rune.ToString(),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\[u{rune.Value:X4}]"),
    };
}
