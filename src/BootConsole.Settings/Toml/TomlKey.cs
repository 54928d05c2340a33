// Keys: bare, quoted, and several of them joined by dots.
using System.Globalization;
using System.Text;

namespace BootConsole.Settings.Toml;

/// <summary>One part of a key.</summary>
/// <param name="Text">The part, quotes and escapes resolved; may be empty when it was quoted.</param>
/// <param name="At">Offset of its first byte.</param>
internal readonly record struct TomlKeyPart(string Text, int At);

/// <summary>Reads keys, and writes them for messages.</summary>
internal static class TomlKey
{
    private const int MaxShownCharacters = 60;

    /// <summary>Reads a key of one or more parts, and the blanks after it.</summary>
    public static List<TomlKeyPart> Read(TomlCursor cursor)
    {
        var parts = new List<TomlKeyPart>(1);
        do
        {
            cursor.StepBlanks();
            if (parts.Count == TomlReader.MaxDepth) throw cursor.Fail($"a key may have {TomlReader.MaxDepth} parts at most");
            parts.Add(ReadPart(cursor));
            cursor.StepBlanks();
        }
        while (cursor.TryStep("."u8));
        return parts;
    }

    /// <summary>True when a bare key could go on here, so that the writer may have meant a quoted key.</summary>
    public static bool CanGoOn(TomlCursor cursor) => IsBare(cursor.Current) || cursor.Current is '"' or '\'';

    /// <summary>A key part as it would be written in a file, shortened when long.</summary>
    public static string Show(string part)
    {
        if (part.Length is > 0 and <= MaxShownCharacters && part.All(c => IsBare(c))) return part;
        var shown = new StringBuilder("\"");
        foreach (var rune in part.EnumerateRunes())
        {
            if (shown.Length > MaxShownCharacters) return shown.Append("…\"").ToString();
            // Controls, and format characters that could turn a terminal's text around.
            var isHarmful = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format;
            if (rune.Value is '"' or '\\') shown.Append('\\').Append((char)rune.Value);
            else if (isHarmful) shown.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
            else shown.Append(rune.ToString());
        }

        return shown.Append('"').ToString();
    }

    /// <summary>The first <paramref name="count"/> parts as they would be written in a file.</summary>
    public static string Show(List<TomlKeyPart> key, int count) =>
        count <= 8 ? string.Join('.', key.Take(count).Select(part => Show(part.Text))) : $"{Show(key[0].Text)}…{Show(key[count - 1].Text)}";

    private static TomlKeyPart ReadPart(TomlCursor cursor)
    {
        var start = cursor.At;
        if (cursor.Current is '"' or '\'') return new TomlKeyPart(TomlStrings.ReadSingleLine(cursor), start);
        while (IsBare(cursor.Current)) cursor.Step();
        if (cursor.At == start) throw cursor.Expected("a key (bare keys are A-Z a-z 0-9 _ -, all others need quotes)");
        return new TomlKeyPart(Encoding.ASCII.GetString(cursor.Since(start)), start);
    }

    private static bool IsBare(int unit) => unit is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-';
}
