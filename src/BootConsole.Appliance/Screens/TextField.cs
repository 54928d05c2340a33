// A line of text that is typed.
using System.Globalization;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>Typed text and where the cursor is in it. Longer text than <see cref="MaxLength"/> is not taken.</summary>
internal sealed record TextField(string Text = "", int At = 0)
{
    /// <summary>Most characters.</summary>
    internal const int MaxLength = 1000;

    /// <summary>A field that holds text, the cursor behind it.</summary>
    internal static TextField Of(string text) => new(text, text.Length);

    /// <summary>The field after a key.</summary>
    internal TextField Take(Key key) => key.Code switch
    {
        KeyCode.Character or KeyCode.Paste => Insert(key.Text),
        KeyCode.Backspace when At > 0 => new(Text.Remove(Before, At - Before), Before),
        KeyCode.Delete when At < Text.Length => this with { Text = Text.Remove(At, After - At) },
        KeyCode.Left => this with { At = Before },
        KeyCode.Right => this with { At = After },
        KeyCode.Home => this with { At = 0 },
        KeyCode.End => this with { At = Text.Length },
        _ => this,
    };

    /// <summary>The part that fits into a number of cells, and the cursor's cell in it.</summary>
    internal (string Text, int Column) Window(int width)
    {
        var (start, cells) = (0, TextCells.Width(Text[..At]));
        while (cells >= width && start < At)
        {
            var length = Math.Min(StringInfo.GetNextTextElementLength(Text, start), At - start);
            (start, cells) = (start + length, cells - TextCells.Width(Text.Substring(start, length)));
        }

        var (end, used) = (At, cells);
        while (end < Text.Length)
        {
            var length = StringInfo.GetNextTextElementLength(Text, end);
            used += TextCells.Width(Text.Substring(end, length));
            if (used > width) break;
            end += length;
        }

        return (Text[start..end], cells);
    }

    private int Before => At == 0 ? 0 : At - (At > 1 && char.IsLowSurrogate(Text[At - 1]) ? 2 : 1);

    private int After => At == Text.Length ? At : At + (char.IsHighSurrogate(Text[At]) && At + 1 < Text.Length ? 2 : 1);

    private TextField Insert(string text)
    {
        if (Text.Length + text.Length > MaxLength) text = text[..Math.Max(0, MaxLength - Text.Length)];
        if (text.Length > 0 && char.IsHighSurrogate(text[^1])) text = text[..^1];
        return new(Text.Insert(At, text), At + text.Length);
    }
}
