// Columns of text for people and for scripts.
using System.Text;

namespace BootConsole.Core;

/// <summary>Lays out rows in columns as wide as their longest cell. Nothing is cut, whatever the width of the terminal: an id that lacks its end is none.</summary>
public static class PlainTable
{
    private const string Gap = "  ";

    /// <summary>The rows as lines without trailing blanks.</summary>
    /// <param name="rows">Cells, the same number in each row.</param>
    /// <param name="indent">Blanks before each line.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string[]> rows, int indent = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Laid(rows, indent);
    }

    private static IEnumerable<string> Laid(IReadOnlyList<string[]> rows, int indent)
    {
        if (rows.Count == 0) yield break;
        // Lists of a server have a hundred thousand rows.
        var widths = new int[rows[0].Length];
        foreach (var row in rows)
            for (var column = 0; column < row.Length; column++) widths[column] = Math.Max(widths[column], row[column].Length);
        var line = new StringBuilder();
        foreach (var row in rows)
        {
            line.Clear().Append(' ', indent);
            for (var column = 0; column < row.Length; column++) line.Append(row[column]).Append(' ', widths[column] - row[column].Length).Append(Gap);
            yield return line.ToString().TrimEnd();
        }
    }
}
