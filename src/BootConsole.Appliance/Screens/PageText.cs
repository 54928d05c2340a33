// Parts of pages that many screens have.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>Builds lines.</summary>
internal static class PageText
{
    /// <summary>Sentences, each in as many lines as it needs.</summary>
    internal static IEnumerable<TextLine> Wrapped(string text, int width, Role role = Role.Normal, string indent = "")
    {
        foreach (var (index, line) in TextCells.Wrap(text, width - TextCells.Width(indent)).Index())
            yield return TextLine.Of((index == 0 ? indent : new string(' ', TextCells.Width(indent))) + line, role);
    }

    private const int MostTroubleLines = 8;

    /// <summary>A fault: what happened, what is safe, what to do.</summary>
    internal static IEnumerable<TextLine> Trouble(FaultReport report, int width)
    {
        // However long it is: what is safe and what to do stay on the screen.
        var what = report.What.Split('\n', StringSplitOptions.TrimEntries).SelectMany((line, index) => Wrapped(line, width, Role.Bad, index == 0 ? "Trouble: " : "         ")).ToList();
        foreach (var line in what.Take(MostTroubleLines)) yield return line;
        if (what.Count > MostTroubleLines) yield return TextLine.Of("         (more in the log)", Role.Dim);
        foreach (var line in Wrapped(report.Safe, width, Role.Normal, "Safe:    ")) yield return line;
        if (report.Remedy.Length == 0) yield break;
        foreach (var line in Wrapped(report.Remedy, width, Role.Normal, "To do:   ")) yield return line;
    }

    /// <summary>What a store's contract says: what is left, and what comes to its end. Nothing where there is none.</summary>
    internal static IEnumerable<TextLine> Contract(OpenStore store, View view)
    {
        foreach (var sentence in store.Contract?.Describe() ?? []) foreach (var line in Wrapped(sentence, view.Width, Role.Dim)) yield return line;
        foreach (var sentence in store.Contract?.Warn(view.Facts.Now) ?? []) foreach (var line in Wrapped(sentence, view.Width, Role.Warning)) yield return line;
    }

    /// <summary>The row of a list.</summary>
    internal static TextLine Row(View view, bool isChosen, string text, Role role = Role.Normal) =>
        TextLine.Of(isChosen ? $"{view.Look.Pointer} {TextCells.Fit(text, view.Width - 2, view.Look.Cut)}" : $"  {TextCells.Fit(text, view.Width - 2, view.Look.Cut)}", isChosen ? Role.Chosen : role);

    /// <summary>Where the chosen row of a list goes with a key.</summary>
    internal static int Move(Key key, int index, int count, int page = 10) => count == 0 ? 0 : Math.Clamp(
        key.Code switch
        {
            KeyCode.Up => index - 1,
            KeyCode.Down => index + 1,
            KeyCode.PageUp => index - page,
            KeyCode.PageDown => index + page,
            KeyCode.Home => 0,
            KeyCode.End => count - 1,
            _ => index,
        },
        0,
        count - 1);

    /// <summary>Waits with a sign of life.</summary>
    internal static TextLine Waiting(View view, string what) => TextLine.Of($"{what} {new string('.', 1 + (int)(view.Facts.Now.ToUnixTimeMilliseconds() / 500 % 3))}", Role.Dim);
}
