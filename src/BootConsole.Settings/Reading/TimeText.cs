// Durations, times to begin, and time zones.
using System.Globalization;
using System.Reflection;
using BootConsole.Settings.Toml;

namespace BootConsole.Settings.Reading;

/// <summary>Parsers of times.</summary>
internal static class TimeText
{
    public const string DurationExpected = "a duration such as \"90 s\", \"30 min\", \"12 h\" or \"7 d\"";
    public const string StartExpected =
        "\"now\", a time of day such as \"02:00\", or a date and time such as \"2026-12-01T02:00:00\" (with Z or +01:00 for a fixed offset)";
    public const string ZoneExpected = "a name of the IANA time zone database such as \"Europe/Berlin\", or \"UTC\"";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    private static readonly (string Unit, TimeSpan Length)[] Units =
        [("s", TimeSpan.FromSeconds(1)), ("min", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1))];

    private static readonly Lazy<HashSet<string>> Zones = new(ReadZones);

    /// <summary>A whole number and a unit: <c>30 min</c>. Up to 365 days.</summary>
    public static string? Duration(string text, out TimeSpan value)
    {
        value = default;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return digits < 0 && text.Length > 0 ? "has no unit" : "is not a duration";
        var (unit, length) = Units.FirstOrDefault(entry => entry.Unit == text[digits..].TrimStart(' '));
        if (unit is null) return "is not a duration";
        if (number > Longest / length) return "is longer than 365 d";
        value = number * length;
        return null;
    }

    /// <summary>When a job begins.</summary>
    public static string? Start(string text, out JobStart? value)
    {
        value = null;
        if (text == "now") value = new StartNow();
        else if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock)) value = new StartAtClock(clock);
        else if (text.Length > 0 && Instant(text) is { } start) value = start;
        return value is null ? "is not a time to begin" : null;
    }

    /// <summary>A time zone: one of the database's names, or one that only this machine's newer database knows.</summary>
    public static string? Zone(string text, out string value)
    {
        value = text;
        if (Zones.Value.Contains(text)) return null;
        var isPlain = text.Length is > 0 and <= 64
            && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');
        if (isPlain && TimeZoneInfo.TryFindSystemTimeZoneById(text, out _)) return null;
        return isPlain && KnownKeys.Nearest(text, [.. Zones.Value]) is { } near ? $"is not a time zone (did you mean \"{near}\"?)" : "is not a time zone";
    }

    // The TOML reader knows the calendar; it is asked by reading the text as a TOML value, seconds added where a person left them out.
    private static JobStart? Instant(string text)
    {
        var full = text.Length >= 16 && (text.Length == 16 || text[16] != ':') ? text.Insert(16, ":00") : text;
        if (!TomlDateTimes.TryParse(System.Text.Encoding.UTF8.GetBytes(full), 0, out var read, out _)) return null;
        // .NET has neither a year 0 nor a second 60, and no job begins in either.
        if (read is not { Date: { Year: > 0 } date, Time: { Second: < 60 } time }) return null;
        var local = new DateTime(date.Year, date.Month, date.Day, time.Hour, time.Minute, time.Second, DateTimeKind.Unspecified);
        if (read.OffsetMinutes is not { } offset) return new StartAtLocal(local);
        return Math.Abs(offset) <= 14 * 60 && date.Year is > 1 and < 9999 ? new StartAtInstant(new DateTimeOffset(local, TimeSpan.FromMinutes(offset))) : null;
    }

    private static HashSet<string> ReadZones()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("ZoneNames.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
    }
}
