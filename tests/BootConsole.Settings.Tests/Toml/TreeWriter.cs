// A writer of TOML that shares no code with the reader: trees of .NET values, written with headers, dotted keys or braces as the dice fall.
using System.Globalization;
using System.Text;
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Tests.Toml;

/// <summary>Trees are dictionaries, lists, strings, longs and booleans.</summary>
public static class TreeWriter
{
    private static readonly string[] Words = ["a", "b", "c", "d-e", "f_g", "1", "", "h i", "é", "j.k", "\"", "#", "\n"];

    public static SortedDictionary<string, object> RandomTable(Random random, int depth)
    {
        var table = new SortedDictionary<string, object>(StringComparer.Ordinal);
        for (var count = random.Next(5); count > 0; count--) table[Words[random.Next(Words.Length)]] = RandomValue(random, depth);
        return table;
    }

    private static object RandomValue(Random random, int depth) => random.Next(depth < 4 ? 7 : 3) switch
    {
        0 => random.NextInt64(),
        1 => random.Next(2) == 0,
        2 => Words[random.Next(Words.Length)],
        3 => Enumerable.Range(0, random.Next(4)).Select(_ => RandomValue(random, depth + 1)).ToList(),
        4 => Enumerable.Range(0, random.Next(1, 4)).Select(_ => (object)RandomTable(random, depth + 1)).ToList(),
        _ => RandomTable(random, depth + 1),
    };

    public static string Write(SortedDictionary<string, object> root, Random random)
    {
        var text = new StringBuilder();
        WriteBody(text, root, "", random);
        return text.ToString();
    }

    // Values first, headers after them: what stands behind a header belongs to it.
    private static void WriteBody(StringBuilder text, SortedDictionary<string, object> table, string path, Random random)
    {
        var later = new List<(string Key, object Value)>();
        foreach (var (key, value) in table)
        {
            if (value is SortedDictionary<string, object> { Count: > 0 } inner && random.Next(3) == 0)
            {
                WriteDotted(text, Key(key, random), inner, random);
                continue;
            }

            if (IsForHeaders(value) && random.Next(3) > 0) later.Add((key, value));
            else text.Append($"{Key(key, random)}{(random.Next(2) == 0 ? " = " : "=")}{Inline(value, random)}{(random.Next(3) == 0 ? " # x\n" : "\n")}");
        }

        foreach (var (key, value) in later)
        {
            var inner = path.Length > 0 ? $"{path} . {Key(key, random)}" : Key(key, random);
            if (value is SortedDictionary<string, object> one)
            {
                text.Append('[').Append(inner).Append("]\n");
                WriteBody(text, one, inner, random);
                continue;
            }

            foreach (var element in ((List<object>)value).Cast<SortedDictionary<string, object>>())
            {
                text.Append("[[").Append(inner).Append("]]\r\n");
                WriteBody(text, element, inner, random);
            }
        }
    }

    private static bool IsForHeaders(object value) =>
        value is SortedDictionary<string, object> || (value is List<object> { Count: > 0 } list && list.All(item => item is SortedDictionary<string, object>));

    // A table of plain values as one dotted key each.
    private static void WriteDotted(StringBuilder text, string prefix, SortedDictionary<string, object> table, Random random)
    {
        foreach (var (key, value) in table) text.Append(prefix).Append('.').Append(Key(key, random)).Append(" = ").Append(Inline(value, random)).Append('\n');
    }

    private static string Inline(object value, Random random) => value switch
    {
        SortedDictionary<string, object> table =>
            "{" + string.Join(", ", table.Select(entry => $" {Key(entry.Key, random)} = {Inline(entry.Value, random)}")) + " }",
        List<object> list =>
            "[" + string.Join(random.Next(2) == 0 ? ", " : " # x\n, ", list.Select(item => Inline(item, random))) + (list.Count > 0 && random.Next(2) == 0 ? ",\n]" : "]"),
        string text => random.Next(2) == 0 || text.AsSpan().ContainsAny('\n', '\'') ? Basic(text) : $"'{text}'",
        bool truth => truth ? "true" : "false",
        _ => ((long)value).ToString(CultureInfo.InvariantCulture),
    };

    private static string Key(string key, Random random)
    {
        var mayBeBare = key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return mayBeBare && random.Next(2) == 0 ? key : Basic(key);
    }

    public static string Basic(string text)
    {
        var written = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\') written.Append('\\').Append((char)rune.Value);
            else if (rune.Value is < 0x20 or 0x7F) written.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else written.Append(rune.ToString());
        }

        return written.Append('"').ToString();
    }

    public static object FromToml(TomlValue value) => value switch
    {
        TomlTable table =>
            new SortedDictionary<string, object>(table.Entries.ToDictionary(entry => entry.Key, entry => FromToml(entry.Value)), StringComparer.Ordinal),
        TomlArray array => array.Items.Select(FromToml).ToList(),
        TomlString text => text.Text,
        TomlBoolean truth => truth.Truth,
        _ => ((TomlInteger)value).Number,
    };

    /// <summary>One text for each tree.</summary>
    public static string Canonical(object value) => value switch
    {
        SortedDictionary<string, object> table => "{" + string.Join(',', table.Select(entry => Basic(entry.Key) + ":" + Canonical(entry.Value))) + "}",
        List<object> list => "[" + string.Join(',', list.Select(Canonical)) + "]",
        string text => Basic(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
