// Reads one table of a settings file: each key once, with its type, and whatever is left over is unknown.
using System.Diagnostics.CodeAnalysis;
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Reading;

/// <summary>Reads a value from its text.</summary>
/// <param name="text">The text.</param>
/// <param name="value">The value, when there is no problem.</param>
/// <returns>Null, or what is wrong as the rest of a sentence whose subject is the text (<c>is not an address</c>); never the text itself.</returns>
internal delegate string? TextParser<T>(string text, [MaybeNull] out T value);

/// <summary>One table of the file. After a wrong value, reading goes on with the fallback, so that all errors are found.</summary>
internal sealed class SectionReader
{
    private readonly TomlTable _table;
    private readonly HashSet<string> _wrong = new(StringComparer.Ordinal);

    /// <summary>Takes a table.</summary>
    /// <param name="report">Where errors go.</param>
    /// <param name="name">A table of <see cref="KnownKeys"/>.</param>
    /// <param name="table">Its content.</param>
    public SectionReader(SettingsReport report, string name, TomlTable table)
    {
        (Report, Name, _table) = (report, name, table);
        foreach (var entry in table.Entries.Where(entry => !KnownKeys.Tables[name].Contains(entry.Key)))
        {
            // Beyond what is listed nobody sees a suggestion.
            var suggestion = report.Count < SettingsCheck.MaxErrors ? KnownKeys.Suggestion(name, entry.Key) : "";
            report.Add(entry.KeyAt, $"{name}.{TomlKey.Show(entry.Key)}", $"is not a key of {KnownKeys.Header(name)}{suggestion}");
        }
    }

    /// <summary>Where errors go.</summary>
    public SettingsReport Report { get; }

    /// <summary>The table's name.</summary>
    public string Name { get; }

    /// <summary>Where the table was opened.</summary>
    public int OpenedAt => _table.OpenedAt;

    /// <summary>True when the file has the key, whatever its value.</summary>
    public bool Has(string key) => _table.TryGet(key, out _);

    /// <summary>True when an error was reported for the key: what its reader returned is a fallback, and nothing may be concluded from it.</summary>
    public bool HasError(string key) => _wrong.Contains(key);

    /// <summary>A text that <paramref name="parse"/> reads, or <paramref name="fallback"/>.</summary>
    public T Parsed<T>(string key, T fallback, string expected, TextParser<T> parse)
    {
        if (!TryFind(key, out var value)) return fallback;
        return TryParse(key, value, expected, parse, out var parsed) ? parsed : fallback;
    }

    /// <summary>The same for a key that must be there.</summary>
    public T Required<T>(string key, string expected, TextParser<T> parse)
    {
        if (!Has(key)) Missing(key, expected);
        return Parsed(key, default(T)!, expected, parse);
    }

    /// <summary>A whole number in a range, or <paramref name="fallback"/>.</summary>
    public int Integer(string key, int fallback, int min, int max)
    {
        if (!TryFind(key, out var value)) return fallback;
        var expected = $"a whole number from {min} to {max}";
        if (value is not TomlInteger integer) WrongType(key, value, expected);
        else if (integer.Number < min || integer.Number > max) FailAt(value.At, key, $"{integer.Number} is out of range", expected);
        else return (int)integer.Number;
        return fallback;
    }

    /// <summary><c>true</c> or <c>false</c>, or <paramref name="fallback"/>.</summary>
    public bool Boolean(string key, bool fallback)
    {
        if (!TryFind(key, out var value)) return fallback;
        if (value is TomlBoolean boolean) return boolean.Truth;
        WrongType(key, value, "true or false without quotes");
        return fallback;
    }

    /// <summary>A list of texts that <paramref name="parse"/> reads; what is wrong in it is left out. An absent list is empty.</summary>
    public IReadOnlyList<(T Value, int At)> List<T>(string key, string expected, TextParser<T> parse)
    {
        if (!TryFind(key, out var value)) return [];
        if (value is not TomlArray array)
        {
            WrongType(key, value, $"a list in square brackets: {expected}");
            return [];
        }

        var items = new List<(T, int)>();
        foreach (var item in array.Items)
        {
            if (TryParse(key, item, expected, parse, out var parsed)) items.Add((parsed, item.At));
        }

        return items;
    }

    /// <summary>Says that a list is there but empty, where that makes no sense.</summary>
    public void RequireItems(string key, string expected)
    {
        if (TryFind(key, out var value) && value is TomlArray { Items.Count: 0 }) FailAt(value.At, key, "the list is empty", expected);
    }

    /// <summary>The array under a key; null when it is absent or something else, which is then an error.</summary>
    public TomlArray? Array(string key, string expected)
    {
        if (!TryFind(key, out var value)) return null;
        if (value is TomlArray array) return array;
        WrongType(key, value, expected);
        return null;
    }

    /// <summary>The value under a key, for the few keys that take several types.</summary>
    public bool TryFind(string key, [NotNullWhen(true)] out TomlValue? value)
    {
        if (!KnownKeys.Tables[Name].Contains(key)) throw new ArgumentException($"'{Name}.{key}' is missing in the list of known keys", nameof(key));
        value = _table.TryGet(key, out var entry) ? entry.Value : null;
        return value is not null;
    }

    /// <summary>An error at a key's value, or where the table begins when the key is absent.</summary>
    public void Fail(string key, string what, string expected = "") =>
        FailAt(_table.TryGet(key, out var entry) ? entry.Value.At : OpenedAt, key, what, expected);

    /// <summary>An error at any place.</summary>
    public void FailAt(int at, string key, string what, string expected = "")
    {
        _wrong.Add(key);
        Report.Add(at, $"{Name}.{key}", what, expected);
    }

    /// <summary>The error for a key that must be there.</summary>
    public void Missing(string key, string expected) => FailAt(OpenedAt, key, "is missing", expected);

    /// <summary>The error for a value of another type.</summary>
    public void WrongType(string key, TomlValue value, string expected) => FailAt(value.At, key, $"found {value.Noun}", expected);

    /// <summary>Reads a text; false, and an error reported, when it is none or a wrong one.</summary>
    public bool TryParse<T>(string key, TomlValue value, string expected, TextParser<T> parse, [MaybeNullWhen(false)] out T parsed)
    {
        parsed = default;
        if (value is not TomlString text)
        {
            WrongType(key, value, expected);
            return false;
        }

        var problem = parse(text.Text, out parsed!);
        if (problem is null) return true;
        FailAt(value.At, key, (KnownKeys.MayShow(key) ? Quoted.Text(text.Text) : "the value") + " " + problem, expected);
        return false;
    }
}
