// The four date-time kinds of TOML: with offset, local date-time, local date, local time.
using System.Globalization;

namespace BootConsole.Settings.Toml;

/// <summary>A date of the proleptic Gregorian calendar, year 0 to 9999 (RFC 3339 §5.6).</summary>
/// <param name="Year">0 to 9999.</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to the month's last day.</param>
public readonly record struct TomlDate(int Year, int Month, int Day)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Month:00}-{Day:00}");
}

/// <summary>A time of day.</summary>
/// <param name="Hour">0 to 23.</param>
/// <param name="Minute">0 to 59.</param>
/// <param name="Second">0 to 60; 60 only as a leap second.</param>
/// <param name="Nanosecond">0 to 999,999,999; further digits of the text are cut, as the specification asks.</param>
/// <param name="FractionDigits">Digits after the point in the text, 0 to 9.</param>
public readonly record struct TomlTime(int Hour, int Minute, int Second, int Nanosecond, int FractionDigits)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var whole = string.Create(CultureInfo.InvariantCulture, $"{Hour:00}:{Minute:00}:{Second:00}");
        return FractionDigits == 0 ? whole : whole + "." + Nanosecond.ToString("000000000", CultureInfo.InvariantCulture)[..FractionDigits];
    }
}

/// <summary>Which of TOML's date-time kinds a value is.</summary>
public enum TomlDateTimeKind
{
    /// <summary>Date, time and offset from UTC: one instant.</summary>
    OffsetDateTime,

    /// <summary>Date and time without an offset.</summary>
    LocalDateTime,

    /// <summary>A date alone.</summary>
    LocalDate,

    /// <summary>A time alone.</summary>
    LocalTime,
}

/// <summary>A date-time of any kind. At least one of <see cref="Date"/> and <see cref="Time"/> is there.</summary>
public sealed class TomlDateTime(int at, TomlDate? date, TomlTime? time, int? offsetMinutes) : TomlValue(at)
{
    /// <summary>The date; absent for a local time.</summary>
    public TomlDate? Date { get; } = date;

    /// <summary>The time; absent for a local date.</summary>
    public TomlTime? Time { get; } = time;

    /// <summary>Minutes east of UTC, -1439 to 1439; present only for an offset date-time.</summary>
    public int? OffsetMinutes { get; } = offsetMinutes;

    /// <summary>The kind.</summary>
    public TomlDateTimeKind Kind => (Date, Time, OffsetMinutes) switch
    {
        (_, _, not null) => TomlDateTimeKind.OffsetDateTime,
        (not null, not null, null) => TomlDateTimeKind.LocalDateTime,
        (not null, null, null) => TomlDateTimeKind.LocalDate,
        _ => TomlDateTimeKind.LocalTime,
    };

    /// <inheritdoc/>
    public override string Noun => Kind switch
    {
        TomlDateTimeKind.LocalDate => "a date",
        TomlDateTimeKind.LocalTime => "a time",
        _ => "a date-time",
    };

    /// <summary>RFC 3339 text with <c>T</c> and, for a zero offset, <c>Z</c>.</summary>
    public override string ToString() => $"{Date}{(Date is not null && Time is not null ? "T" : "")}{Time}{OffsetText}";

    private string OffsetText => OffsetMinutes switch
    {
        null => "",
        0 => "Z",
        < 0 => string.Create(CultureInfo.InvariantCulture, $"-{-OffsetMinutes / 60:00}:{-OffsetMinutes % 60:00}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"+{OffsetMinutes / 60:00}:{OffsetMinutes % 60:00}"),
    };
}
