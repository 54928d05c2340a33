// Text and the cells of a terminal: an ideograph takes two, an accent none.
using System.Globalization;
using Spectre.Console.Rendering;

namespace BootConsole.Appliance.Terminal;

/// <summary>Measures and cuts text.</summary>
internal static class TextCells
{
    /// <summary>Cells that a text takes.</summary>
    internal static int Width(string text) => IsAscii(text) ? text.Length : Elements(text).Sum(element => element.Width);

    /// <summary>What a person sees as characters, with the cells of each: 1 or 2.</summary>
    internal static IEnumerable<(string Text, int Width)> Elements(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            yield return (element, IsAscii(element) ? element.Length : Math.Clamp(new Segment(element).CellCount(), 1, 2));
        }
    }

    /// <summary>The text, cut with a mark where it does not fit.</summary>
    internal static string Fit(string text, int width, string mark = "…")
    {
        if (width <= 0) return "";
        if (Width(text) <= width) return text;
        var (kept, cells) = ("", 0);
        foreach (var element in Elements(text))
        {
            if (cells + element.Width > width - 1) break;
            (kept, cells) = (kept + element.Text, cells + element.Width);
        }

        return kept + mark;
    }

    /// <summary>The text in lines of at most <paramref name="width"/> cells, broken between words where there are any.</summary>
    internal static IReadOnlyList<string> Wrap(string text, int width)
    {
        if (width < 1) return [];
        List<string> lines = [];
        var line = "";
        foreach (var word in text.Split(' '))
        {
            var joined = line.Length == 0 ? word : $"{line} {word}";
            if (Width(joined) <= width)
            {
                line = joined;
                continue;
            }

            if (line.Length > 0) lines.Add(line);
            line = word;
            while (Width(line) > width)
            {
                var head = string.Concat(Elements(line).Select((element, index) => (element.Text, Cells: Width(string.Concat(Elements(line).Take(index + 1).Select(part => part.Text))))).TakeWhile(part => part.Cells <= width).Select(part => part.Text));
                if (head.Length == 0) break;
                lines.Add(head);
                line = line[head.Length..];
            }
        }

        lines.Add(line);
        return lines;
    }

    private static bool IsAscii(string text) => text.All(char.IsAscii);
}
