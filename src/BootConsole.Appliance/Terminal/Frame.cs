// One picture of the screen, cell by cell.
using System.Text;

namespace BootConsole.Appliance.Terminal;

/// <summary>Columns and rows of a terminal.</summary>
internal readonly record struct TerminalSize(int Columns, int Rows);

/// <summary>A picture of a terminal. Cells that nothing was put into are blank; what does not fit is cut.</summary>
internal sealed class Frame
{
    private readonly (string Text, Role Role)[] _cells;

    internal Frame(TerminalSize size)
    {
        Size = size;
        _cells = new (string, Role)[size.Columns * size.Rows];
        Array.Fill(_cells, (" ", Role.Normal));
    }

    internal TerminalSize Size { get; }

    /// <summary>Where the cursor blinks; null for nowhere.</summary>
    internal (int Row, int Column)? Cursor { get; set; }

    /// <summary>A cell. The right half of a wide character is empty text.</summary>
    internal (string Text, Role Role) this[int row, int column] => _cells[row * Size.Columns + column];

    /// <summary>Puts a line.</summary>
    internal void Put(int row, int column, TextLine line)
    {
        if (row < 0 || row >= Size.Rows) return;
        foreach (var piece in line.Pieces)
            foreach (var (text, width) in TextCells.Elements(piece.Text))
            {
                if (column + width > Size.Columns) return;
                Part(row, column);
                Part(row, column + width);
                _cells[row * Size.Columns + column] = (text, piece.Role);
                if (width == 2) _cells[row * Size.Columns + column + 1] = ("", piece.Role);
                column += width;
            }
    }

    // Before one half of a wide character is put over, the other half becomes a blank.
    private void Part(int row, int column)
    {
        if (column <= 0 || column >= Size.Columns || this[row, column].Text.Length > 0) return;
        var at = row * Size.Columns + column;
        (_cells[at - 1].Text, _cells[at].Text) = (" ", " ");
    }

    /// <summary>Fills a row with one role, text kept.</summary>
    internal void Tint(int row, Role role)
    {
        for (var column = 0; column < Size.Columns; column++) _cells[row * Size.Columns + column].Role = role;
    }

    /// <summary>The text of the picture, a line a row, without blanks at the ends.</summary>
    internal string ToText()
    {
        var text = new StringBuilder();
        for (var row = 0; row < Size.Rows; row++)
        {
            var line = new StringBuilder();
            for (var column = 0; column < Size.Columns; column++) line.Append(this[row, column].Text);
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
