// A table: keys with values, in the order of the file, and how the table came to be, which decides who may add to it.
using System.Diagnostics.CodeAnalysis;

namespace BootConsole.Settings.Toml;

/// <summary>How a table came to be. TOML's redefinition rules all follow from it.</summary>
public enum TomlTableOrigin
{
    /// <summary>Named only on the way to a deeper table (<c>[a.b]</c> makes <c>a</c>); may still get its own header, once.</summary>
    Implied,

    /// <summary>Opened by its own <c>[header]</c> or <c>[[header]]</c>, or the file itself; no second header, no dotted keys from elsewhere.</summary>
    Header,

    /// <summary>Made or extended by a dotted key (<c>a.b = 1</c> makes <c>a</c>); no header of its own.</summary>
    DottedKey,

    /// <summary>Written in braces; complete and closed.</summary>
    Inline,
}

/// <summary>A key of a table with its value.</summary>
/// <param name="Key">The key, quotes and escapes resolved.</param>
/// <param name="KeyAt">Offset of the key's first byte in the file (for a table of headers: of its name in the first header).</param>
/// <param name="Value">The value.</param>
public sealed record TomlEntry(string Key, int KeyAt, TomlValue Value);

/// <summary>Keys with values, in the order in which the file first names them.</summary>
public sealed class TomlTable : TomlValue
{
    // Made on first use: a file may hold a million empty tables.
    private OrderedDictionary<string, TomlEntry>? _entries;

    internal TomlTable(int at, TomlTableOrigin origin, int depth) : base(at) => (Origin, OpenedAt, Depth) = (origin, at, depth);

    /// <summary>How the table came to be.</summary>
    public TomlTableOrigin Origin { get; private set; }

    /// <summary>Where the table was opened: its header's name, the first key that implies it, or its brace.</summary>
    public int OpenedAt { get; private set; }

    /// <inheritdoc/>
    public override string Noun => Origin == TomlTableOrigin.Inline ? "an inline table" : "a table";

    /// <summary>The entries in order.</summary>
    public IReadOnlyList<TomlEntry> Entries => _entries is null ? [] : _entries.Values;

    /// <summary>Containers between the file's own table (0) and this one.</summary>
    internal int Depth { get; }

    /// <summary>Finds a key.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out TomlEntry? entry)
    {
        entry = null;
        return _entries is not null && _entries.TryGetValue(key, out entry);
    }

    internal void Add(TomlEntry entry) => (_entries ??= new(StringComparer.Ordinal)).Add(entry.Key, entry);

    internal void Reopen(TomlTableOrigin origin, int openedAt) => (Origin, OpenedAt) = (origin, openedAt);
}
