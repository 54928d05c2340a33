// docs/json.md as a schema: its tables say which fields a document has, and of which types.
using System.Text.Json;
using System.Text.RegularExpressions;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

/// <summary>One section of the page.</summary>
internal sealed partial class DocumentedJson
{
    private readonly Dictionary<string, Field> _fields;
    private readonly string _section;

    private DocumentedJson(string section, Dictionary<string, Field> fields) => (_section, _fields) = (section, fields);

    /// <summary>Reads a section.</summary>
    internal static DocumentedJson Section(string name)
    {
        var text = File.ReadAllText(Repository.File("docs/json.md"));
        var start = text.IndexOf($"\n## {name}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/json.md has no section '{name}'");
        var end = text.IndexOf("\n## ", start + 4, StringComparison.Ordinal);
        var fields = Row().Matches(text[start..(end < 0 ? text.Length : end)]).ToDictionary(
            row => row.Groups["path"].Value,
            row => new Field(row.Groups["type"].Value, row.Groups["optional"].Length > 0, ElementType(row.Groups["meaning"].Value)));
        Assert.NotEmpty(fields);
        return new DocumentedJson(name, fields);
    }

    /// <summary>Fails unless the document has every field that it must have, and none that the page does not name.</summary>
    internal void Check(JsonElement document) => CheckObject(document, "");

    private void CheckObject(JsonElement element, string path)
    {
        Assert.True(element.ValueKind == JsonValueKind.Object, $"{_section}: '{path}' is {element.ValueKind}, not an object");
        var prefix = path.Length == 0 ? "" : path + ".";
        foreach (var property in element.EnumerateObject())
        {
            Assert.True(_fields.TryGetValue(prefix + property.Name, out var field), $"{_section}: '{prefix}{property.Name}' is not documented");
            CheckValue(property.Value, prefix + property.Name, field!);
        }

        foreach (var (name, _) in _fields.Where(field => !field.Value.IsOptional && field.Key.StartsWith(prefix, StringComparison.Ordinal) && !field.Key[prefix.Length..].Contains('.', StringComparison.Ordinal)))
            Assert.True(element.TryGetProperty(name[prefix.Length..], out _), $"{_section}: '{name}' is missing");
    }

    private void CheckValue(JsonElement value, string path, Field field)
    {
        Assert.True(IsOfType(value, field.Type), $"{_section}: '{path}' is {value.GetRawText()}, not {field.Type}");
        if (field.Type == "object" && HasFieldsBelow(path)) CheckObject(value, path);
        if (field.Type == "map") Assert.All(value.EnumerateObject(), entry => Assert.True(IsOfType(entry.Value, field.ElementType), $"{_section}: '{path}.{entry.Name}'"));
        if (field.Type != "list") return;
        foreach (var element in value.EnumerateArray())
        {
            if (field.ElementType.Length > 0) Assert.True(IsOfType(element, field.ElementType), $"{_section}: an element of '{path}' is {element.GetRawText()}");
            else CheckObject(element, path + "[]");
        }
    }

    private bool HasFieldsBelow(string path) => _fields.Keys.Any(name => name.StartsWith(path + ".", StringComparison.Ordinal));

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "list" => value.ValueKind == JsonValueKind.Array,
        "object" or "map" => value.ValueKind == JsonValueKind.Object,
        _ => throw new ArgumentException($"docs/json.md names a type '{type}'"),
    };

    private static string ElementType(string meaning) => Element().Match(meaning) is { Success: true } match ? match.Groups[1].Value : "";

    [GeneratedRegex(@"^\| `(?<path>[^`]+)` \| (?<type>[a-z]+)(?<optional>\??) \| (?<meaning>.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\((string|number)\)")]
    private static partial Regex Element();

    private sealed record Field(string Type, bool IsOptional, string ElementType);
}
