// Values without quotes or brackets: booleans, numbers, dates and times. The word is taken as a whole and then named.
namespace BootConsole.Settings.Toml;

/// <summary>Reads a value that is one word.</summary>
internal static class TomlWords
{
    /// <summary>Reads the word that stands here.</summary>
    public static TomlValue Read(TomlCursor cursor)
    {
        var at = cursor.At;
        StepWord(cursor);
        if (cursor.At == at) throw cursor.Expected("a value");
        var word = cursor.Since(at);
        if (word.SequenceEqual("true"u8)) return new TomlBoolean(at, true);
        if (word.SequenceEqual("false"u8)) return new TomlBoolean(at, false);
        return TomlDateTimes.LooksLikeOne(word) ? ReadDateTime(cursor, at) : ReadNumber(cursor, at, word);
    }

    private static TomlDateTime ReadDateTime(TomlCursor cursor, int at)
    {
        // A space may stand for the T: "1979-05-27 07:32:00Z".
        if (cursor.Since(at).Length == TomlDateTimes.DateLength && cursor.Current == ' ' && cursor.Ahead(1) is >= '0' and <= '9')
        {
            cursor.Step();
            StepWord(cursor);
        }

        return TomlDateTimes.TryParse(cursor.Since(at), at, out var value, out var expected) ? value : throw cursor.FailAt(at, $"expected {expected}");
    }

    private static TomlValue ReadNumber(TomlCursor cursor, int at, ReadOnlySpan<byte> word)
    {
        if (TomlNumbers.TryParseInteger(word, out var integer, out var isTooLarge)) return new TomlInteger(at, integer);
        if (isTooLarge) throw cursor.FailAt(at, $"expected a whole number from {long.MinValue} to {long.MaxValue}");
        if (TomlNumbers.TryParseFloat(word, out var number)) return new TomlFloat(at, number);
        throw cursor.FailAt(at, char.IsAsciiLetter((char)word[0])
            ? "expected a value: a string in quotes, a number, true or false in lower case, a date or time, [ or {"
            : "expected a number, a date or a time: no leading zeros, underscores only between digits, 0x 0o 0b in lower case; a string needs quotes");
    }

    private static void StepWord(TomlCursor cursor)
    {
        while (cursor.Current is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '+' or '-' or '.' or ':') cursor.Step();
    }
}
