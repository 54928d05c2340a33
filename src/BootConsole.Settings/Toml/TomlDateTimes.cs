// Dates and times: RFC 3339 with the reliefs TOML grants, checked down to the calendar.
using System.Diagnostics.CodeAnalysis;

namespace BootConsole.Settings.Toml;

/// <summary>Reads date-times from a word.</summary>
internal static class TomlDateTimes
{
    /// <summary>Length of <c>1979-05-27</c>.</summary>
    public const int DateLength = 10;

    private const int TimeLength = 8;
    private const int MaxFractionDigits = 9;

    /// <summary>True when the word can only be a date or time, right or wrong: <c>1979-…</c> or <c>07:…</c>.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<byte> word)
    {
        if (word.Length <= 4 || !IsDigit(word[0])) return false;
        return word.Contains((byte)':') || (word[4] == '-' && !word.ContainsAny((byte)'e', (byte)'E', (byte)'.'));
    }

    /// <summary>Reads a date, a time, or both with or without an offset.</summary>
    public static bool TryParse(ReadOnlySpan<byte> word, int at, [NotNullWhen(true)] out TomlDateTime? value, out string expected)
    {
        value = null;
        expected = "a date and time such as 1979-05-27T07:32:00Z, 1979-05-27T07:32:00, 1979-05-27 or 07:32:00";
        TomlDate? date = null;
        if (word.Length >= DateLength && word[4] == '-')
        {
            if (!TryParseDate(word[..DateLength], out var day)) return false;
            date = day;
            word = word[DateLength..];
            expected = "a day that is in the calendar";
            if (!IsInCalendar(day)) return false;
            if (word.Length == 0) return Succeed(new TomlDateTime(at, day, null, null), out value);
            expected = "a time such as 07:32:00 after the date";
            if (word[0] is not ((byte)'T' or (byte)'t' or (byte)' ')) return false;
            word = word[1..];
        }

        if (!TryParseTime(ref word, out var time)) return false;
        int? offset = null;
        if (date is not null && word.Length > 0)
        {
            expected = "an offset at the end: Z, or one from -23:59 to +23:59";
            if (!TryParseOffset(word, out var minutes)) return false;
            offset = minutes;
            word = [];
        }

        if (word.Length > 0) return false;
        expected = "a time from 00:00:00 to 23:59:59, or second 60 where a leap second can be: 23:59:60 UTC at the end of a month";
        return IsOnClock(date, time, offset) && Succeed(new TomlDateTime(at, date, time, offset), out value);
    }

    private static bool Succeed(TomlDateTime made, out TomlDateTime value)
    {
        value = made;
        return true;
    }

    private static bool TryParseDate(ReadOnlySpan<byte> text, out TomlDate date)
    {
        date = default;
        if (text[7] != '-' || !TryNumber(text[..4], out var year) || !TryNumber(text[5..7], out var month) || !TryNumber(text[8..], out var day)) return false;
        date = new TomlDate(year, month, day);
        return true;
    }

    private static bool TryParseTime(ref ReadOnlySpan<byte> word, out TomlTime time)
    {
        time = default;
        if (word.Length < TimeLength || word[2] != ':' || word[5] != ':') return false;
        if (!TryNumber(word[..2], out var hour) || !TryNumber(word[3..5], out var minute) || !TryNumber(word[6..8], out var second)) return false;
        word = word[TimeLength..];
        var (nanosecond, digits) = (0, 0);
        if (word.Length > 0 && word[0] == '.')
        {
            var fraction = word[1..];
            var length = fraction.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (length < 0) length = fraction.Length;
            if (length == 0) return false;
            digits = Math.Min(length, MaxFractionDigits);
            for (var index = 0; index < MaxFractionDigits; index++) nanosecond = (nanosecond * 10) + (index < digits ? fraction[index] - '0' : 0);
            word = fraction[length..];
        }

        time = new TomlTime(hour, minute, second, nanosecond, digits);
        return true;
    }

    private static bool TryParseOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1) return text[0] is (byte)'Z' or (byte)'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':') return false;
        if (!TryNumber(text[1..3], out var hour) || !TryNumber(text[4..], out var minute) || hour > 23 || minute > 59) return false;
        minutes = ((hour * 60) + minute) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool IsInCalendar(TomlDate date) => date.Month is >= 1 and <= 12 && date.Day >= 1 && date.Day <= LastDay(date.Year, date.Month);

    private static bool IsOnClock(TomlDate? date, TomlTime time, int? offset)
    {
        if (time.Hour > 23 || time.Minute > 59 || time.Second > 60) return false;
        // A local time may be anywhere on earth, so any minute may be the leap second's; an instant must be the last minute of a month in UTC (RFC 3339 §5.7).
        return time.Second < 60 || offset is null || IsLastMinuteOfMonth(date!.Value, (time.Hour * 60) + time.Minute - offset.Value);
    }

    private static bool IsLastMinuteOfMonth(TomlDate date, int utcMinute)
    {
        const int dayMinutes = 24 * 60;
        const int lastMinute = dayMinutes - 1;
        return utcMinute switch
        {
            lastMinute => date.Day == LastDay(date.Year, date.Month),
            lastMinute - dayMinutes => date.Day == 1,
            lastMinute + dayMinutes => date.Day == LastDay(date.Year, date.Month) - 1,
            _ => false,
        };
    }

    private static int LastDay(int year, int month) => month switch
    {
        2 => (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var unit in digits)
        {
            if (!IsDigit(unit)) return false;
            number = (number * 10) + unit - '0';
        }

        return true;
    }

    private static bool IsDigit(byte unit) => unit is >= (byte)'0' and <= (byte)'9';
}
