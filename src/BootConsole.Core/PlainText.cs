// Text that came from a disk, a store, a server or a command line, made fit for a terminal.
using System.Globalization;

namespace BootConsole.Core;

/// <summary>Takes the power out of foreign text: an escape sequence in a disk's label must not move the cursor, a line end must not forge a line of ours.</summary>
public static class PlainText
{
    private const char Replacement = '?';

    /// <summary>The text with a question mark for every control character, line end and mark that turns the direction of writing.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Most lines are plain ASCII.
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        return text.Any(IsActive) ? string.Create(text.Length, text, Replace) : text;
    }

    private static void Replace(Span<char> plain, string text)
    {
        for (var i = 0; i < text.Length; i++) plain[i] = IsActive(text[i]) ? Replacement : text[i];
    }

    // Format characters are zero width joiners too, which scripts need; only those that reorder what stands around them go (Unicode 15, UAX #9, table 4).
    private static bool IsActive(char character) =>
        char.IsControl(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || character is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
