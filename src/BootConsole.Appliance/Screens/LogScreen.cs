// The event log: read it, save it.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>Shows what happened in this session.</summary>
internal sealed record LogScreen : Screen
{
    /// <summary>The line that must be seen, counted from the newest.</summary>
    public int Back { get; init; }

    /// <summary>The path it is saved to, while that is typed; null otherwise.</summary>
    public TextField? Path { get; init; }

    /// <summary>True while it is saved.</summary>
    public bool IsSaving { get; init; }

    /// <summary>Where it was saved; empty before.</summary>
    public string Saved { get; init; } = "";

    /// <summary>Why it could not be saved.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => "Event log";

    internal override IReadOnlyList<string> Help => ["What happened since the program was started, the newest at the end. S saves it to a new file, on a medium that is mounted. No password is ever in it."];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        LogSaved saved => Turn.Stay(this with { Saved = saved.Path, Path = null, IsSaving = false, Trouble = null }),
        EffectFailed { Effect: SaveLog } failed => Turn.Stay(this with { IsSaving = false, Trouble = failed.Report }),
        KeyPressed when IsSaving => Turn.Stay(this),
        KeyPressed pressed => Path is null ? Press(pressed.Key, facts) : Type(pressed.Key, Path, facts),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Trouble;

    internal override Prompt Ask(View view) => IsSaving ? new WaitPrompt("saving") : Path is null ? new KeyPrompt() : new LinePrompt("Save as");

    internal override Page Show(View view)
    {
        List<TextLine> lines = [.. view.Facts.Log.SelectMany(line => PageText.Wrapped(line[LogLine.TimeCells..], view.Width, Role.Normal, line[..LogLine.TimeCells]))];
        if (lines.Count == 0) lines.Add(TextLine.Of("Nothing has happened yet.", Role.Dim));
        var focus = Math.Max(0, lines.Count - 1 - Back);
        (int, int)? cursor = null;
        if (Path is { } path)
        {
            var (text, column) = path.Window(view.Width - 16);
            lines.AddRange([TextLine.Empty, TextLine.Of("Save as: ").And(text + " ", Role.Chosen)]);
            (focus, cursor) = (lines.Count - 1, (lines.Count - 1, 9 + column));
        }

        if (Saved.Length > 0) lines.AddRange([TextLine.Empty, .. PageText.Wrapped($"Saved as {Saved}.", view.Width, Role.Good)]);
        if (Trouble is not null) lines.AddRange([TextLine.Empty, .. PageText.Trouble(Trouble, view.Width)]);
        if (Saved.Length > 0 || Trouble is not null) focus = lines.Count - 1;
        return new Page { Lines = lines, Focus = focus, Cursor = cursor, Keys = Path is null ? [("Up/Down", "Read"), ("S", "Save"), ("Esc", "Back")] : [("Enter", "Save"), ("Esc", "Never mind")] };
    }

    private Turn Press(Key key, Facts facts) => key switch
    {
        { Code: KeyCode.Escape or KeyCode.Interrupt or KeyCode.Enter } => Turn.Back(this),
        _ when key.Is('s') => Turn.Stay(this with { Path = TextField.Of($"/tmp/bootconsole-{facts.Now:yyyyMMdd-HHmmss}.log"), Saved = "", Trouble = null }),
        _ => Turn.Stay(this with { Back = facts.Log.Count - 1 - PageText.Move(key, Math.Max(0, facts.Log.Count - 1 - Back), facts.Log.Count), Saved = "", Trouble = null }),
    };

    private Turn Type(Key key, TextField path, Facts facts) => key.Code switch
    {
        KeyCode.Escape or KeyCode.Interrupt => Turn.Stay(this with { Path = null, Trouble = null }),
        KeyCode.Enter => Turn.Stay(this with { IsSaving = true, Trouble = null }, new SaveLog(path.Text, facts.Log)),
        _ => Turn.Stay(this with { Path = path.Take(key) }),
    };
}
