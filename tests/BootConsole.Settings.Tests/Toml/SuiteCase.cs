// The case files beside the test program, and how their JSON is compared.
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Tests.Toml;

/// <summary>Case files of the folder Suite.</summary>
public static class SuiteCase
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Suite");

    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.toml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file))
            .Order(StringComparer.Ordinal),
    ];

    public static bool IsValid(string name) => name.Contains("/valid/", StringComparison.Ordinal);

    public static byte[] Text(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static JsonDocument Expected(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, Path.ChangeExtension(name, ".json"))));

    /// <summary>Where two tagged documents differ, or null. Floats and times count by value, all else by its text, as in toml-test.</summary>
    public static string? Difference(JsonElement expected, JsonElement found, string path = "")
    {
        if (expected.ValueKind != found.ValueKind) return $"{path}: {found.ValueKind} instead of {expected.ValueKind}";
        if (expected.ValueKind == JsonValueKind.Array)
        {
            if (expected.GetArrayLength() != found.GetArrayLength()) return $"{path}: {found.GetArrayLength()} items instead of {expected.GetArrayLength()}";
            return expected.EnumerateArray().Zip(found.EnumerateArray())
                .Select((pair, index) => Difference(pair.First, pair.Second, $"{path}[{index}]"))
                .FirstOrDefault(difference => difference is not null);
        }

        if (Tag(expected) is { } tag)
        {
            return Tag(found) is { } other && tag.Type == other.Type && Canonical(tag) == Canonical(other) ? null : $"{path}: {found} instead of {expected}";
        }

        var keys = expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal).ToList();
        if (!keys.SequenceEqual(found.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal))) return $"{path}: other keys in {found}";
        return keys.Select(key => Difference(expected.GetProperty(key), found.GetProperty(key), $"{path}.{key}")).FirstOrDefault(d => d is not null);
    }

    private static (string Type, string Value)? Tag(JsonElement element) =>
        element.EnumerateObject().Count() == 2 && element.TryGetProperty("type", out var type) && element.TryGetProperty("value", out var value)
        && type.ValueKind == JsonValueKind.String && value.ValueKind == JsonValueKind.String
            ? (type.GetString()!, value.GetString()!)
            : null;

    private static string Canonical((string Type, string Value) tag) => tag.Type switch
    {
        "float" => CanonicalFloat(tag.Value),
        // The suite pads fractions; trailing zeros of a fraction say nothing.
        "datetime" or "datetime-local" or "time-local" => Regex.Replace(tag.Value, @"(?<=\.\d*)0+(?=$|Z|[+-])", ""),
        _ => tag.Value,
    };

    private static string CanonicalFloat(string text) => text.TrimStart('+') switch
    {
        "inf" => "inf",
        "-inf" => "-inf",
        "nan" => "nan",
        var digits => (double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture) + 0.0).ToString("R", CultureInfo.InvariantCulture),
    };

    public static JsonDocument Tagged(TomlDocument document)
    {
        using var output = new MemoryStream();
        TomlDecoder.TaggedJson.Write(document.Root, output);
        return JsonDocument.Parse(output.ToArray(), new JsonDocumentOptions { MaxDepth = 1024 });
    }
}
