// Strings: basic and literal, on one line or on several.
namespace BootConsole.Settings.Toml;

/// <summary>Reads the four kinds of string.</summary>
internal static class TomlStrings
{
    /// <summary>Reads a string of any kind.</summary>
    public static string Read(TomlCursor cursor)
    {
        if (cursor.TryStep("\"\"\""u8)) return ReadLines(cursor, '"');
        if (cursor.TryStep("'''"u8)) return ReadLines(cursor, '\'');
        return ReadSingleLine(cursor);
    }

    /// <summary>Reads a string that may not span lines: a quoted key is one, even where three quotes stand.</summary>
    public static string ReadSingleLine(TomlCursor cursor)
    {
        var quote = cursor.Current;
        cursor.Step();
        var text = new TomlStringText(cursor);
        while (cursor.Current != quote)
        {
            var isOpen = cursor.Current == TomlCursor.End || cursor.IsAtNewline;
            if (isOpen) throw cursor.Expected(quote == '"' ? "the closing double quote" : "the closing single quote");
            cursor.RequirePlain("a string");
            if (cursor.Current == '\\' && quote == '"') ReadEscape(cursor, ref text, mayEndLine: false);
            else cursor.Step();
        }

        var result = text.Finish();
        cursor.Step();
        return result;
    }

    private static string ReadLines(TomlCursor cursor, int quote)
    {
        // A line end right after the opening quotes is not part of the string.
        cursor.TryStepNewline();
        var text = new TomlStringText(cursor);
        while (!IsAtClose(cursor, quote))
        {
            if (cursor.Current == TomlCursor.End) throw cursor.Expected(quote == '"' ? "three closing double quotes" : "three closing single quotes");
            cursor.RequirePlain("a string");
            if (cursor.Current == '\\' && quote == '"') ReadEscape(cursor, ref text, mayEndLine: true);
            else cursor.Step();
        }

        // Up to two quotes may stand right before the closing three.
        for (var spare = 0; spare < 2 && cursor.Ahead(3) == quote; spare++) cursor.Step();
        var result = text.Finish();
        cursor.Step(3);
        return result;
    }

    private static void ReadEscape(TomlCursor cursor, ref TomlStringText text, bool mayEndLine)
    {
        text.PutAside();
        if (mayEndLine && TomlEscape.TryStepLineEnd(cursor)) text.GoOn();
        else text.GoOn(TomlEscape.Read(cursor));
    }

    private static bool IsAtClose(TomlCursor cursor, int quote) => cursor.Current == quote && cursor.Ahead(1) == quote && cursor.Ahead(2) == quote;
}
