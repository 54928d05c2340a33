// The reading position in a TOML text: what stands here, step over it, or say what should have stood here.
namespace BootConsole.Settings.Toml;

/// <summary>A position in bytes that are known to be UTF-8.</summary>
internal sealed class TomlCursor(byte[] text, TomlLines lines)
{
    /// <summary>What <see cref="Current"/> is when nothing is left.</summary>
    public const int End = -1;

    /// <summary>Offset of the byte that stands here.</summary>
    public int At { get; private set; } = TomlEncoding.MarkLength(text);

    /// <summary>The byte that stands here, or <see cref="End"/>.</summary>
    public int Current => At < text.Length ? text[At] : End;

    /// <summary>The byte some bytes further on, or <see cref="End"/>.</summary>
    public int Ahead(int count) => At + count < text.Length ? text[At + count] : End;

    /// <summary>The bytes from <paramref name="start"/> up to here.</summary>
    public ReadOnlySpan<byte> Since(int start) => text.AsSpan(start, At - start);

    /// <summary>Steps over <paramref name="count"/> bytes that were looked at before.</summary>
    public void Step(int count = 1) => At += count;

    /// <summary>Steps over <paramref name="expected"/> if it stands here.</summary>
    public bool TryStep(ReadOnlySpan<byte> expected)
    {
        if (!text.AsSpan(At).StartsWith(expected)) return false;
        At += expected.Length;
        return true;
    }

    /// <summary>Steps over spaces and tabs.</summary>
    public void StepBlanks()
    {
        while (Current is ' ' or '\t') At++;
    }

    /// <summary>Steps over one line end, LF or CRLF.</summary>
    public bool TryStepNewline() => TryStep("\n"u8) || TryStep("\r\n"u8);

    /// <summary>True when LF or CRLF stands here.</summary>
    public bool IsAtNewline => Current == '\n' || (Current == '\r' && Ahead(1) == '\n');

    /// <summary>Steps over a comment, if one stands here, up to the end of its line.</summary>
    public void StepComment()
    {
        if (Current != '#') return;
        while (Current != End && !IsAtNewline)
        {
            RequirePlain("a comment");
            At++;
        }
    }

    /// <summary>Steps over blanks, comments and line ends: what may stand between the values of an array.</summary>
    public void StepBlanksAndLines()
    {
        do
        {
            StepBlanks();
            StepComment();
        }
        while (TryStepNewline());
    }

    /// <summary>Refuses a control character here, and a carriage return that no line feed follows.</summary>
    public void RequirePlain(string where)
    {
        if (TomlEncoding.IsForbiddenControl(Current) || (Current == '\r' && Ahead(1) != '\n')) throw Fail($"{Found} may not stand in {where}");
    }

    /// <summary>The error for something else standing here.</summary>
    public TomlSyntaxException Expected(string expected) => Fail($"expected {expected}, found {Found}");

    /// <summary>An error at this place.</summary>
    public TomlSyntaxException Fail(string what) => FailAt(At, what);

    /// <summary>An error at another place.</summary>
    public TomlSyntaxException FailAt(int at, string what) => new(lines.Locate(at), what);

    /// <summary>Line of an offset, for messages that name an earlier place.</summary>
    public int LineOf(int at) => lines.Locate(at).Line;

    // Names punctuation only: letters and digits may be part of a secret that lost its quotes.
    private string Found => Current switch
    {
        End => "the end of the file",
        '\n' => "the end of the line",
        '\r' => Ahead(1) == '\n' ? "the end of the line" : "a carriage return without a line feed",
        '\t' => "a tab",
        ' ' => "a space",
        '\'' => "a single quote",
        '"' => "a double quote",
        < 0x20 or 0x7F => $"the control character U+{Current:X4}",
        >= 0x80 => "a character outside ASCII",
        _ when char.IsAsciiLetter((char)Current) => "a letter",
        _ when char.IsAsciiDigit((char)Current) => "a digit",
        _ => $"'{(char)Current}'",
    };
}
