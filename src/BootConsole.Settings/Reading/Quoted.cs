// Values as errors repeat them: short, on one line, harmless to a terminal, and never a secret key.
using System.Globalization;
using System.Text;

namespace BootConsole.Settings.Reading;

/// <summary>Quotes values for messages.</summary>
internal static class Quoted
{
    private const int MaxCharacters = 60;

    /// <summary>The text in quotes; control and format characters as escapes, shortened, and left out when it looks like a secret key.</summary>
    public static string Text(string text)
    {
        if (IsSecret(text)) return "the value (a secret key)";
        var quoted = new StringBuilder("\"");
        var shown = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown++ == MaxCharacters) return quoted.Append("…\"").ToString();
            if (IsHarmful(Rune.GetUnicodeCategory(rune))) quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else quoted.Append(rune.ToString());
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>True for an age identity or a PEM private key that stands where something else belongs.</summary>
    public static bool IsSecret(string text) =>
        text.Contains("AGE-SECRET-KEY", StringComparison.OrdinalIgnoreCase) || text.Contains("PRIVATE KEY", StringComparison.OrdinalIgnoreCase);

    private static bool IsHarmful(UnicodeCategory category) =>
        category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
