// TOML values as toml-test's JSON: every value {"type": …, "value": text}, tables and arrays as themselves.
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using BootConsole.Settings.Toml;

namespace BootConsole.TomlDecoder;

/// <summary>Writes toml-test's tagged JSON.</summary>
public static class TaggedJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * TomlReader.MaxDepth };

    /// <summary>Writes a document's table and a line end.</summary>
    public static void Write(TomlTable root, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, Options)) Write(root, json);
        output.WriteByte((byte)'\n');
    }

    /// <summary>Digits that read back to the same number, with a point or an exponent; <c>nan</c> without a sign.</summary>
    public static string FloatText(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        var text = number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }

    private static void Write(TomlValue value, Utf8JsonWriter json)
    {
        switch (value)
        {
            case TomlTable table:
                json.WriteStartObject();
                foreach (var entry in table.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    Write(entry.Value, json);
                }

                json.WriteEndObject();
                break;
            case TomlArray array:
                json.WriteStartArray();
                foreach (var item in array.Items) Write(item, json);
                json.WriteEndArray();
                break;
            default:
                var (type, text) = Tag(value);
                json.WriteStartObject();
                json.WriteString("type"u8, type);
                json.WriteString("value"u8, text);
                json.WriteEndObject();
                break;
        }
    }

    private static (string Type, string Text) Tag(TomlValue value) => value switch
    {
        TomlString text => ("string", text.Text),
        TomlInteger integer => ("integer", integer.Number.ToString(CultureInfo.InvariantCulture)),
        TomlFloat number => ("float", FloatText(number.Number)),
        TomlBoolean boolean => ("bool", boolean.Truth ? "true" : "false"),
        TomlDateTime { Kind: TomlDateTimeKind.OffsetDateTime } time => ("datetime", time.ToString()),
        TomlDateTime { Kind: TomlDateTimeKind.LocalDateTime } time => ("datetime-local", time.ToString()),
        TomlDateTime { Kind: TomlDateTimeKind.LocalDate } time => ("date-local", time.ToString()),
        TomlDateTime time => ("time-local", time.ToString()),
        _ => throw new InvalidOperationException($"no tag for {value.Noun}"),
    };
}
