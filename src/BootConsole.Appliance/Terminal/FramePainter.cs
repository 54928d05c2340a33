// Turns pictures into what a terminal understands, and sends only the cells that have changed (ECMA-48: CUP, SGR, ED).
using System.Globalization;
using System.Text;

namespace BootConsole.Appliance.Terminal;

/// <summary>Paints pictures, each over the one before.</summary>
internal sealed class FramePainter(Look look)
{
    private Frame? _shown;

    /// <summary>The next picture is painted whole, for a terminal that shows something else by now.</summary>
    internal void Forget() => _shown = null;

    /// <summary>The bytes that change the picture on the terminal into this one.</summary>
    internal string Paint(Frame frame)
    {
        var output = new StringBuilder();
        var isWhole = _shown is null || _shown.Size != frame.Size;
        // The cursor would be seen running along.
        output.Append("\e[?25l");
        if (isWhole) output.Append("\e[0m\e[2J");
        Role? role = null;
        for (var row = 0; row < frame.Size.Rows; row++) PaintRow(output, frame, row, isWhole, ref role);
        if (role is not null) output.Append("\e[0m");
        if (frame.Cursor is { } cursor) output.Append(At(cursor.Row, cursor.Column)).Append("\e[?25h");
        _shown = frame;
        return output.ToString();
    }

    private void PaintRow(StringBuilder output, Frame frame, int row, bool isWhole, ref Role? role)
    {
        var isNext = false;
        for (var column = 0; column < frame.Size.Columns; column++)
        {
            // The last cell of the last row would scroll some terminals.
            if (row == frame.Size.Rows - 1 && column == frame.Size.Columns - 1) return;
            var cell = frame[row, column];
            var isSame = isWhole ? cell == (" ", Role.Normal) : cell == _shown![row, column];
            if (isSame || cell.Text.Length == 0)
            {
                // Half a character cannot be painted: where the right half has changed, so has the left one or what was there.
                isNext = false;
                continue;
            }

            if (!isNext) output.Append(At(row, column));
            if (cell.Role != role) output.Append(look.Select(cell.Role));
            var isWide = column + 1 < frame.Size.Columns && frame[row, column + 1].Text.Length == 0;
            // Where a wide one ends in the last cell of the last row, one sign must do.
            output.Append(!look.IsAscii || Ascii.IsValid(cell.Text) ? cell.Text : isWide && (row < frame.Size.Rows - 1 || column < frame.Size.Columns - 2) ? "??" : "?");
            // Terminals disagree about how far wide and composed characters move the cursor: behind them it is set anew.
            (role, isNext) = (cell.Role, cell.Text.Length == 1 && !isWide);
        }
    }

    private static string At(int row, int column) => string.Create(CultureInfo.InvariantCulture, $"\e[{row + 1};{column + 1}H");
}
