// Values: which kind stands here, and the two kinds that hold others.
namespace BootConsole.Settings.Toml;

/// <summary>Reads one value.</summary>
internal static class TomlValues
{
    /// <summary>Reads the value that stands here.</summary>
    /// <param name="cursor">At the value's first byte.</param>
    /// <param name="depth">How deep an array or inline table would be that starts here.</param>
    public static TomlValue Read(TomlCursor cursor, int depth)
    {
        var at = cursor.At;
        switch (cursor.Current)
        {
            case '"' or '\'':
                return new TomlString(at, TomlStrings.Read(cursor));
            case '[':
                RequireShallow(cursor, depth);
                return ReadArray(cursor, depth);
            case '{':
                RequireShallow(cursor, depth);
                return ReadInlineTable(cursor, depth);
            default:
                return TomlWords.Read(cursor);
        }
    }

    private static TomlArray ReadArray(TomlCursor cursor, int depth)
    {
        var array = new TomlArray(cursor.At, ofTables: false);
        cursor.Step();
        while (true)
        {
            cursor.StepBlanksAndLines();
            if (cursor.TryStep("]"u8)) return array;
            if (cursor.Current is ',' or TomlCursor.End) throw cursor.Expected("a value or ']'");
            array.Add(Read(cursor, depth + 1));
            cursor.StepBlanksAndLines();
            if (!cursor.TryStep(","u8) && cursor.Current != ']') throw cursor.Expected("',' or ']'");
        }
    }

    private static TomlTable ReadInlineTable(TomlCursor cursor, int depth)
    {
        var table = new TomlTable(cursor.At, TomlTableOrigin.Inline, depth);
        cursor.Step();
        cursor.StepBlanks();
        if (cursor.TryStep("}"u8)) return table;
        while (true)
        {
            // TOML 1.0: one line, and no comma before the brace.
            cursor.StepBlanks();
            TomlReader.ReadAssignment(cursor, table);
            cursor.StepBlanks();
            if (cursor.TryStep("}"u8)) return table;
            if (!cursor.TryStep(","u8)) throw cursor.Expected("',' or '}' on the same line");
        }
    }

    private static void RequireShallow(TomlCursor cursor, int depth)
    {
        if (depth > TomlReader.MaxDepth) throw cursor.Fail($"values may be nested {TomlReader.MaxDepth} deep at most");
    }
}
