// A list that is shown again and again on a terminal. Pure.
using System.Globalization;
using System.Text;

namespace BootConsole.Server.Output;

/// <summary>Draws a list over what was drawn before.</summary>
internal static class LiveList
{
    /// <summary>What goes to the terminal: from the top, each line with what was behind it cleared, then all below.</summary>
    /// <param name="lines">The lines, without control characters.</param>
    /// <param name="columns">The terminal's columns; longer lines go on in the next row.</param>
    /// <param name="rows">Its rows. What has no room is counted: a list that scrolled would push its own beginning out.</param>
    internal static string Draw(IReadOnlyList<string> lines, int columns, int rows)
    {
        var text = new StringBuilder("\e[H");
        foreach (var line in Fitting(lines, Math.Max(1, columns), Math.Max(2, rows))) text.Append(line).Append("\e[K\n");
        return text.Append("\e[J").ToString();
    }

    // The last row is the cursor's.
    private static IEnumerable<string> Fitting(IReadOnlyList<string> lines, int columns, int rows)
    {
        int Height(string line) => Math.Max(1, (line.Length + columns - 1) / columns);
        if (lines.Sum(Height) < rows) return lines;
        var (shown, used) = (0, 0);
        while (shown < lines.Count && used + Height(lines[shown]) < rows - 1) used += Height(lines[shown++]);
        return lines.Take(shown).Append(string.Create(CultureInfo.InvariantCulture, $"… {lines.Count - shown} more lines"));
    }
}
