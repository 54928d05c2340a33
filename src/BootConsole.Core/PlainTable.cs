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
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var line = new StringBuilder().Append(' ', indent);
            for (var column = 0; column < row.Length; column++) line.Append(row[column].PadRight(widths[column])).Append(Gap);
            yield return line.ToString().TrimEnd();
        }
    }
}
