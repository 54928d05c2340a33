// The rules on tables: which header or dotted key may open, extend or pass through what stands there already.
namespace BootConsole.Settings.Toml;

/// <summary>
/// The tables of a document while it is read. One table may be defined once: by a header, by dotted keys, or in braces; what a header only passed through
/// (<c>a</c> in <c>[a.b]</c>) may still be defined later. Arrays in square brackets and inline tables are complete where they stand.
/// </summary>
internal sealed class TomlTables(TomlCursor cursor)
{
    private TomlTable? _current;

    /// <summary>The table of the file itself.</summary>
    public TomlTable Root { get; } = new(0, TomlTableOrigin.Header, 0);

    /// <summary>The table that the next line's key belongs to.</summary>
    public TomlTable Current => _current ?? Root;

    /// <summary>Opens the table of a <c>[header]</c>.</summary>
    public void OpenTable(List<TomlKeyPart> key)
    {
        var parent = PassThrough(key);
        var (name, at) = key[^1];
        if (!parent.TryGet(name, out var entry))
        {
            _current = NewTable(cursor, parent, key, key.Count - 1, TomlTableOrigin.Header);
            return;
        }

        if (entry.Value is not TomlTable { Origin: TomlTableOrigin.Implied } table) throw Taken(cursor, key, key.Count - 1, entry);
        table.Reopen(TomlTableOrigin.Header, at);
        _current = table;
    }

    /// <summary>Adds an element for a <c>[[header]]</c>.</summary>
    public void OpenElement(List<TomlKeyPart> key)
    {
        var parent = PassThrough(key);
        var (name, at) = key[^1];
        if (!parent.TryGet(name, out var entry))
        {
            entry = new TomlEntry(name, at, new TomlArray(at, ofTables: true));
            parent.Add(entry);
        }

        if (entry.Value is not TomlArray { IsOfTables: true } array) throw Taken(cursor, key, key.Count - 1, entry);
        // The array is a level of its own.
        _current = new TomlTable(at, TomlTableOrigin.Header, Deeper(cursor, at, parent.Depth + 1));
        array.Add(_current);
    }

    /// <summary>Finds or makes the table that the last part of a dotted key goes into, seen from <paramref name="start"/>.</summary>
    /// <returns>A table in which the last part is free.</returns>
    public static TomlTable Descend(TomlCursor cursor, TomlTable start, List<TomlKeyPart> key)
    {
        var table = start;
        for (var index = 0; index < key.Count - 1; index++)
        {
            if (!table.TryGet(key[index].Text, out var entry))
            {
                table = NewTable(cursor, table, key, index, TomlTableOrigin.DottedKey);
                continue;
            }

            if (entry.Value is not TomlTable { Origin: TomlTableOrigin.Implied or TomlTableOrigin.DottedKey } next) throw Taken(cursor, key, index, entry);
            // From here on it is a table of dotted keys: a header of its own would define it twice.
            if (next.Origin == TomlTableOrigin.Implied) next.Reopen(TomlTableOrigin.DottedKey, key[index].At);
            table = next;
        }

        if (table.TryGet(key[^1].Text, out var taken)) throw Taken(cursor, key, key.Count - 1, taken);
        return table;
    }

    // Headers may pass through any table that is not closed, and into the last element of an array of tables.
    private TomlTable PassThrough(List<TomlKeyPart> key)
    {
        var table = Root;
        for (var index = 0; index < key.Count - 1; index++)
        {
            if (!table.TryGet(key[index].Text, out var entry))
            {
                table = NewTable(cursor, table, key, index, TomlTableOrigin.Implied);
                continue;
            }

            table = entry.Value switch
            {
                TomlTable { Origin: not TomlTableOrigin.Inline } next => next,
                TomlArray { IsOfTables: true } array => (TomlTable)array.Items[^1],
                _ => throw Taken(cursor, key, index, entry),
            };
        }

        return table;
    }

    private static TomlTable NewTable(TomlCursor cursor, TomlTable parent, List<TomlKeyPart> key, int index, TomlTableOrigin origin)
    {
        var (name, at) = key[index];
        var table = new TomlTable(at, origin, Deeper(cursor, at, parent.Depth));
        parent.Add(new TomlEntry(name, at, table));
        return table;
    }

    private static int Deeper(TomlCursor cursor, int at, int depth) =>
        depth < TomlReader.MaxDepth ? depth + 1 : throw cursor.FailAt(at, $"tables may be nested {TomlReader.MaxDepth} deep at most");

    private static TomlSyntaxException Taken(TomlCursor cursor, List<TomlKeyPart> key, int index, TomlEntry entry)
    {
        var openedAt = entry.Value is TomlTable opened ? opened.OpenedAt : entry.KeyAt;
        var line = cursor.LineOf(openedAt);
        var how = entry.Value switch
        {
            TomlTable { Origin: TomlTableOrigin.Inline } => $"is a complete inline table since line {line}",
            TomlTable { Origin: TomlTableOrigin.DottedKey } => $"was made by dotted keys on line {line}",
            TomlTable { Origin: TomlTableOrigin.Implied } => $"is a table since line {line}",
            TomlTable => $"already has its header on line {line}",
            TomlArray { IsOfTables: true } => $"is an array of tables since line {line}",
            TomlArray => $"is a complete array since line {line}",
            _ => $"already has a value on line {line}",
        };
        return cursor.FailAt(key[index].At, $"{TomlKey.Show(key, index + 1)} {how}");
    }
}
