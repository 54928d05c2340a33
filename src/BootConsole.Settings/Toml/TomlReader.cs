// Reads TOML 1.0 (https://toml.io/en/v1.0.0): the document's lines. Keys, values and the rules on tables are in the files beside this one.
namespace BootConsole.Settings.Toml;

/// <summary>
/// A reader of TOML 1.0.0, to the letter of its grammar (toml.abnf). Where text and grammar leave room: a byte order mark at the start is skipped; line
/// ends inside multi-line strings are kept as written; second 60 is taken where a leap second can be; floats beyond the range of binary64 become infinite,
/// as IEEE 754 rounds them.
/// </summary>
public static class TomlReader
{
    /// <summary>Largest text in bytes.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>How many tables and arrays may stand inside each other; also the most parts of one key. Readers of the result may recurse safely.</summary>
    public const int MaxDepth = 256;

    /// <summary>Reads a text.</summary>
    /// <param name="text">The bytes of the file.</param>
    /// <exception cref="TomlSyntaxException">Not TOML, larger than <see cref="MaxBytes"/>, or nested deeper than <see cref="MaxDepth"/>.</exception>
    public static TomlDocument Read(byte[] text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxBytes) throw new TomlSyntaxException(new TomlPosition(1, 1), $"the file has {text.Length} bytes; at most {MaxBytes} are read");
        var lines = new TomlLines(text);
        var invalid = TomlEncoding.FirstInvalid(text);
        if (invalid >= 0) throw new TomlSyntaxException(lines.Locate(invalid), "expected UTF-8, found a byte that cannot be part of it");
        var cursor = new TomlCursor(text, lines);
        var tables = new TomlTables(cursor);
        while (cursor.Current != TomlCursor.End) ReadLine(cursor, tables);
        return new TomlDocument(tables.Root, lines);
    }

    private static void ReadLine(TomlCursor cursor, TomlTables tables)
    {
        cursor.StepBlanks();
        if (cursor.Current == '[') ReadHeader(cursor, tables);
        else if (cursor.Current is not ('#' or TomlCursor.End) && !cursor.IsAtNewline) ReadAssignment(cursor, tables.Current);
        cursor.StepBlanks();
        cursor.StepComment();
        if (cursor.Current != TomlCursor.End && !cursor.TryStepNewline()) throw cursor.Expected("the end of the line");
    }

    private static void ReadHeader(TomlCursor cursor, TomlTables tables)
    {
        // Only two brackets side by side make an array header; "[ [" is an error.
        var isArray = cursor.TryStep("[["u8);
        if (!isArray) cursor.Step();
        cursor.StepBlanks();
        var key = TomlKey.Read(cursor);
        if (isArray)
        {
            if (!cursor.TryStep("]]"u8)) throw cursor.Expected("']]'");
            tables.OpenElement(key);
        }
        else
        {
            if (!cursor.TryStep("]"u8)) throw cursor.Expected("']'");
            tables.OpenTable(key);
        }
    }

    /// <summary>Reads <c>key = value</c> and puts it into <paramref name="target"/>; for lines and for inline tables.</summary>
    internal static void ReadAssignment(TomlCursor cursor, TomlTable target)
    {
        var key = TomlKey.Read(cursor);
        if (!cursor.TryStep("="u8)) throw cursor.Expected(TomlKey.CanGoOn(cursor) ? "'=' or '.' after the key" : "'=' after the key");
        cursor.StepBlanks();
        // The path is checked before the value is read: a duplicate key is named at the key, even when its value is broken too.
        var table = TomlTables.Descend(cursor, target, key);
        var value = TomlValues.Read(cursor, table.Depth + 1);
        var last = key[^1];
        table.Add(new TomlEntry(last.Text, last.At, value));
    }
}
