// Holds a document against the parts of JSON Schema that docs/manifest.schema.json uses.
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BootConsole.Images.Tests;

/// <summary>Knows type, properties, required, items, minItems, maxItems, enum, const, pattern, minimum, maximum, anyOf and $ref; every property of the document must be named.</summary>
internal static class SchemaWalk
{
    internal static void Require(JsonNode root, JsonNode schema, JsonNode? value, string where) => Assert.True(Find(root, schema, value, where) is null, Find(root, schema, value, where));

    private static string? Find(JsonNode root, JsonNode schema, JsonNode? value, string where)
    {
        if (schema["$ref"] is { } reference) return Find(root, Resolve(root, reference.GetValue<string>()), value, where);
        if (schema["anyOf"] is JsonArray choices) return choices.Any(choice => Find(root, choice!, value, where) is null) ? null : $"{where}: none of anyOf fits {value}";
        if (schema["const"] is { } constant && !JsonNode.DeepEquals(constant, value)) return $"{where}: {value} is not {constant}";
        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value))) return $"{where}: {value} is not in the enum";
        if (schema["type"] is { } type && !Types(type).Any(name => IsOf(name, value))) return $"{where}: {value} is not of type {type}";
        if (schema["pattern"] is { } pattern && !Regex.IsMatch(value!.GetValue<string>(), pattern.GetValue<string>())) return $"{where}: '{value}' does not match {pattern}";
        if (schema["minimum"] is { } minimum && value!.GetValue<double>() < minimum.GetValue<double>()) return $"{where}: {value} is too small";
        if (schema["maximum"] is { } maximum && value!.GetValue<double>() > maximum.GetValue<double>()) return $"{where}: {value} is too large";
        if (value is JsonArray counted && (counted.Count < (int?)schema["minItems"] || counted.Count > (int?)schema["maxItems"])) return $"{where}: {counted.Count} items";
        return value switch
        {
            JsonObject members => Members(root, schema, members, where),
            JsonArray items when schema["items"] is { } item => items.Select((element, i) => Find(root, item, element, $"{where}[{i}]")).FirstOrDefault(trouble => trouble is not null),
            _ => null,
        };
    }

    private static string? Members(JsonNode root, JsonNode schema, JsonObject members, string where)
    {
        var properties = schema["properties"]!.AsObject();
        foreach (var required in schema["required"]?.AsArray() ?? [])
            if (!members.ContainsKey(required!.GetValue<string>())) return $"{where}: {required} is missing";
        foreach (var (name, member) in members)
        {
            if (properties[name] is not { } property) return $"{where}: the schema does not name {name}";
            if (Find(root, property, member, $"{where}.{name}") is { } trouble) return trouble;
        }

        return null;
    }

    private static IEnumerable<string> Types(JsonNode type) => type is JsonArray several ? several.Select(one => one!.GetValue<string>()) : [type.GetValue<string>()];

    private static JsonNode Resolve(JsonNode root, string reference) => reference.TrimStart('#', '/').Split('/').Aggregate(root, (node, part) => node[part]!);

    private static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("null", JsonValueKind.Null) or ("number", JsonValueKind.Number) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => value!.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-'),
        _ => false,
    };
}
