// What a backslash means in a basic string.
using System.Buffers.Text;
using System.Text;

namespace BootConsole.Settings.Toml;

/// <summary>Reads escapes; the cursor stands at the backslash.</summary>
internal static class TomlEscape
{
    private const string Expected =
        """expected an escape: one of \b \t \n \f \r \" \\ \uXXXX \UXXXXXXXX (in single quotes a backslash is an ordinary character)""";

    /// <summary>Steps over a backslash at the end of a line and all blanks and line ends that follow.</summary>
    /// <returns>False, and nothing done, when text follows on the same line.</returns>
    public static bool TryStepLineEnd(TomlCursor cursor)
    {
        var blanks = 1;
        while (cursor.Ahead(blanks) is ' ' or '\t') blanks++;
        if (cursor.Ahead(blanks) != '\n' && (cursor.Ahead(blanks) != '\r' || cursor.Ahead(blanks + 1) != '\n')) return false;
        cursor.Step(blanks);
        do cursor.StepBlanks();
        while (cursor.TryStepNewline());
        return true;
    }

    /// <summary>Reads an escape that means one character.</summary>
    public static Rune Read(TomlCursor cursor)
    {
        var letter = cursor.Ahead(1);
        if (letter is 'u' or 'U') return ReadCodePoint(cursor, letter == 'u' ? 4 : 8);
        var character = letter switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            '"' => '"',
            '\\' => '\\',
            _ => throw cursor.Fail(Expected),
        };
        cursor.Step(2);
        return new Rune(character);
    }

    private static Rune ReadCodePoint(TomlCursor cursor, int digits)
    {
        var at = cursor.At;
        cursor.Step(2);
        var start = cursor.At;
        while (cursor.At < start + digits && char.IsAsciiHexDigit((char)Math.Max(cursor.Current, 0))) cursor.Step();
        if (cursor.At < start + digits) throw cursor.FailAt(at, $"expected {digits} hexadecimal digits after \\{(digits == 4 ? 'u' : 'U')}");
        _ = Utf8Parser.TryParse(cursor.Since(start), out uint codePoint, out _, 'X');
        return Rune.IsValid(codePoint)
            ? new Rune(codePoint)
            : throw cursor.FailAt(at, "expected a Unicode scalar value: up to 10FFFF, and none of the surrogates D800 to DFFF");
    }
}
