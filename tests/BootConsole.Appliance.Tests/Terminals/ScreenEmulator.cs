// A terminal in memory, as strict as the worst real one: it knows the sequences that the painter may use, and fails at any other.
using System.Globalization;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Tests.Terminals;

/// <summary>
/// Cells with text and the last SGR sequence. Writing over half of a wide character blanks the other half, as terminals do. Behind a wide or composed character nobody knows where the cursor is: text
/// there is a failure, and so is text behind the last column.
/// </summary>
internal sealed class ScreenEmulator
{
    private readonly (string Text, string Style)[,] _cells;
    private readonly TerminalSize _size;
    private (int Row, int Column)? _at;
    private string _style = "\e[7m";

    internal ScreenEmulator(TerminalSize size)
    {
        (_size, _cells) = (size, new (string, string)[size.Rows, size.Columns]);
        for (var row = 0; row < size.Rows; row++)
            for (var column = 0; column < size.Columns; column++) _cells[row, column] = ("garbage", "");
    }

    /// <summary>Where the cursor is seen; null where it is hidden.</summary>
    internal (int Row, int Column)? Cursor { get; private set; }

    internal (string Text, string Style) this[int row, int column] => _cells[row, column];

    /// <summary>Takes what was painted.</summary>
    internal void Take(string output)
    {
        for (var at = 0; at < output.Length;)
        {
            if (output[at] == '\e')
            {
                var end = at + 2;
                while (output[end] is >= ' ' and < '@') end++;
                Obey(output[at..(end + 1)], output[(at + 2)..end], output[end]);
                at = end + 1;
                continue;
            }

            var next = output.IndexOf('\e', at);
            var text = output[at..(next < 0 ? output.Length : next)];
            foreach (var (element, width) in TextCells.Elements(text)) Write(element, width);
            at += text.Length;
        }
    }

    private void Obey(string sequence, string arguments, char final)
    {
        switch (final, arguments)
        {
            case ('H', _):
                var numbers = arguments.Split(';').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
                Assert.InRange(numbers[0], 1, _size.Rows);
                Assert.InRange(numbers[1], 1, _size.Columns);
                _at = (numbers[0] - 1, numbers[1] - 1);
                break;
            case ('m', _):
                _style = sequence;
                break;
            case ('J', "2"):
                for (var row = 0; row < _size.Rows; row++)
                    for (var column = 0; column < _size.Columns; column++) _cells[row, column] = (" ", _style);
                break;
            case ('l', "?25"):
                Cursor = null;
                break;
            case ('h', "?25"):
                Cursor = _at;
                break;
            default:
                Assert.Fail($"the painter may not send {sequence.Replace('\e', '^')}");
                break;
        }
    }

    private void Write(string text, int width)
    {
        Assert.True(_at is not null, $"'{text}' is written where nobody knows the place");
        var (row, column) = _at.Value;
        Assert.True(column + width <= _size.Columns, $"'{text}' is written behind the last column");
        Assert.False(row == _size.Rows - 1 && column == _size.Columns - 1, "the last cell of the last row scrolls some terminals");
        Halve(row, column);
        Halve(row, column + width);
        _cells[row, column] = (text, _style);
        if (width == 2) _cells[row, column + 1] = ("", _style);
        _at = width == 1 && text.Length == 1 ? (row, column + 1) : null;
    }

    private void Halve(int row, int column)
    {
        if (column == 0 || column >= _size.Columns || _cells[row, column].Text.Length > 0) return;
        (_cells[row, column - 1].Text, _cells[row, column].Text) = (" ", " ");
    }
}
