// Durations as settings files write them.
using System.Globalization;

namespace BootConsole.Settings;

/// <summary>Text form of durations: a whole number of the largest unit that fits.</summary>
public static class DurationText
{
    /// <summary>Reads a whole number with <c>s</c>, <c>min</c>, <c>h</c> or <c>d</c>, up to 365 days.</summary>
    public static bool TryParse(string text, out TimeSpan duration) => Reading.TimeText.Duration(text, out duration) is null;

    /// <summary><c>90 s</c>, <c>30 min</c>, <c>12 h</c>, <c>7 d</c>; whole seconds.</summary>
    public static string Format(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var (unit, length) = seconds switch
        {
            > 0 when seconds % 86_400 == 0 => ("d", 86_400),
            > 0 when seconds % 3_600 == 0 => ("h", 3_600),
            > 0 when seconds % 60 == 0 => ("min", 60),
            _ => ("s", 1),
        };
        return (seconds / length).ToString(CultureInfo.InvariantCulture) + " " + unit;
    }
}
