// Text and the cells of a terminal: an ideograph takes two, an accent none.
using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace BootConsole.Appliance.Terminal;

/// <summary>Measures and cuts text.</summary>
internal static class TextCells
{
    /// <summary>Cells that a text takes.</summary>
    internal static int Width(string text) => IsAscii(text) ? text.Length : Elements(text).Sum(element => element.Width);

    /// <summary>What a person sees as characters, with the cells of each: 1 or 2. A mark without a character under it stands on a blank, or it would join whatever comes before it.</summary>
    internal static IEnumerable<(string Text, int Width)> Elements(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            var cells = IsAscii(element) ? element.Length : new Segment(element).CellCount();
            yield return cells == 0 ? (" " + element, 1) : (element, Math.Min(cells, 2));
        }
    }

    /// <summary>The text, cut with a mark of one cell where it does not fit.</summary>
    internal static string Fit(string text, int width, string mark = "…")
    {
        if (width <= 0) return "";
        var kept = new StringBuilder();
        var (cells, whole) = (0, 0);
        foreach (var element in Elements(text))
        {
            cells += element.Width;
            if (cells > width) return kept.ToString(0, whole) + mark;
            kept.Append(element.Text);
            // Here it could be cut.
            if (cells < width) whole = kept.Length;
        }

        return text;
    }

    /// <summary>The text in lines of at most <paramref name="width"/> cells, broken between words where there are any. A wide character in a line of one cell becomes a question mark.</summary>
    internal static IReadOnlyList<string> Wrap(string text, int width)
    {
        if (width < 1) return [];
        List<string> lines = [];
        var line = new StringBuilder();
        var used = 0;
        foreach (var word in text.Split(' '))
        {
            var cells = Width(word);
            if (line.Length > 0 && used + 1 + cells > width) End();
            else if (line.Length > 0) (line, used) = (line.Append(' '), used + 1);
            if (cells <= width) (line, used) = (line.Append(word), used + cells);
            else foreach (var element in Elements(word)) Add(element.Width <= width ? element : ("?", 1));
        }

        End();
        return lines;

        void Add((string Text, int Width) element)
        {
            if (used + element.Width > width) End();
            (line, used) = (line.Append(element.Text), used + element.Width);
        }

        void End()
        {
            lines.Add(line.ToString());
            (_, used) = (line.Clear(), 0);
        }
    }

    private static bool IsAscii(string text) => Ascii.IsValid(text);
}
