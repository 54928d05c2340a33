// The whole console as a picture: bar at the top, page, keys at the bottom.
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>Draws the console. Pure.</summary>
internal static class ConsoleView
{
    private const int LeastColumns = 60, LeastRows = 20;

    /// <summary>The picture of a model.</summary>
    internal static Frame Draw(ConsoleModel model, Look look)
    {
        var frame = new Frame(model.Size);
        if (model.Size.Columns < LeastColumns || model.Size.Rows < LeastRows)
        {
            DrawTooSmall(frame, model.Size);
            return frame;
        }

        var view = new View(look, model.Facts, model.Size.Columns - 2, model.Size.Rows - 4);
        var page = model.ShowsHelp ? HelpOf(model.Top, view) : model.Top.Show(view);
        DrawBar(frame, model);
        DrawPage(frame, page, view);
        DrawKeys(frame, model.ShowsHelp ? page.Keys : [.. page.Keys, ("F1", "Help")]);
        return frame;
    }

    private static void DrawTooSmall(Frame frame, TerminalSize size)
    {
        var lines = TextCells.Wrap($"Please make the window larger: {LeastColumns} columns and {LeastRows} rows at least, it has {size.Columns} and {size.Rows}. A running job goes on.", Math.Max(1, size.Columns));
        foreach (var (row, line) in lines.Index()) frame.Put(row, 0, TextLine.Of(line));
    }

    private static void DrawBar(Frame frame, ConsoleModel model)
    {
        var right = $"{TextCells.Fit(model.Facts.Pc, 24)}  {model.Facts.Now:yyyy-MM-dd HH:mm} ";
        frame.Put(0, 1, TextLine.Of($"BootConsole  {model.Top.Title}{(model.ShowsHelp ? ": help" : "")}"));
        frame.Put(0, Math.Max(0, frame.Size.Columns - TextCells.Width(right)), TextLine.Of(right));
        frame.Tint(0, Role.Title);
    }

    private static void DrawPage(Frame frame, Page page, View view)
    {
        // The line with the keys stays in the middle of a page that is too long.
        var first = Math.Clamp(page.Focus - view.Height / 2, 0, Math.Max(0, page.Lines.Count - view.Height));
        for (var row = 0; row < view.Height && first + row < page.Lines.Count; row++) frame.Put(row + 2, 1, page.Lines[first + row]);
        var below = page.Lines.Count - first - view.Height;
        if (first > 0) frame.Put(1, 1, TextLine.Of($"  ({first} more above)", Role.Dim));
        if (below > 0) frame.Put(frame.Size.Rows - 2, 1, TextLine.Of($"  ({below} more below)", Role.Dim));
        if (page.Cursor is { } cursor && cursor.Line - first is var line && line >= 0 && line < view.Height && cursor.Column < view.Width) frame.Cursor = (line + 2, cursor.Column + 1);
    }

    private static void DrawKeys(Frame frame, IReadOnlyList<(string Key, string Does)> keys)
    {
        var line = TextLine.Empty;
        foreach (var (key, does) in keys)
        {
            var more = line.And(line.Width == 0 ? "" : "  ").And(key, Role.Key).And($" {does}");
            if (more.Width > frame.Size.Columns - 2) break;
            line = more;
        }

        frame.Put(frame.Size.Rows - 1, 1, line);
    }

    private static Page HelpOf(Screen screen, View view)
    {
        List<TextLine> lines = [];
        foreach (var paragraph in screen.Help)
        {
            lines.AddRange(PageText.Wrapped(paragraph, view.Width));
            lines.Add(TextLine.Empty);
        }

        lines.AddRange(PageText.Wrapped("Everywhere: arrow keys or Tab choose, Enter goes on, Esc goes back, Ctrl-L paints the screen anew. The keys at the bottom are all that work on a screen.", view.Width, Role.Dim));
        return new Page { Lines = lines, Keys = [("any key", "Back")] };
    }
}
