// The keyboard: which layout it has, another one, and a field to try it.
using System.Collections.Immutable;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Setup;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>Chooses a keyboard layout, and lets it be tried.</summary>
internal sealed record KeyboardScreen : Screen
{
    private const string Layout = "Layout", Test = "Try it here";

    /// <summary>The layouts that there are; null before they were listed.</summary>
    public IReadOnlyList<string>? Layouts { get; init; }

    /// <summary>The choice, and what is typed to try it; null before the layouts were listed.</summary>
    public Form? Form { get; init; }

    /// <summary>The layout that is being loaded; empty for none.</summary>
    public string Loading { get; init; } = "";

    /// <summary>How the loading went; null before.</summary>
    public SetupReport? Report { get; init; }

    /// <summary>Why it goes no further.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => "Keyboard";

    internal override IReadOnlyList<string> Help =>
    [
        "A password that is typed on an unknown layout is lost. Left and Right change the layout, Enter loads it; then go down and type the odd characters of the password: what is shown is what will be taken.",
        "The layout is that of this PC's own keyboard, until it is switched off. A serial line or a terminal window has the layout of the machine at its other end.",
    ];

    internal override IReadOnlyList<Effect> Begin() => [new ListLayouts()];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        LayoutsFound found when Form is null => Turn.Stay(this with { Layouts = found.Layouts, Form = Make(found.Layouts, facts.Machine.Keyboard) }),
        LayoutLoaded loaded when Loading.Length > 0 => Turn.Stay(this with { Loading = "", Report = loaded.Report, Trouble = null, Form = Form! with { Focus = 1 } }),
        EffectFailed { Effect: ListLayouts or LoadLayout } failed => Turn.Stay(this with { Loading = "", Trouble = failed.Report }),
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Turn.Back(this),
        KeyPressed when Form is null || Loading.Length > 0 => Turn.Stay(this),
        KeyPressed { Key.Code: KeyCode.Enter } => Layouts!.Count == 0 ? Turn.Stay(this) : Turn.Stay(this with { Loading = Form![Layout], Report = null, Trouble = null }, new LoadLayout(Form[Layout])),
        KeyPressed pressed => Turn.Stay(this with { Form = Form!.Take(pressed.Key) }),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Trouble;

    internal override Prompt Ask(View view) => Loading.Length > 0 ? new WaitPrompt($"loading {Loading}") : Form is { } form ? new FormPrompt(form) : Trouble is null ? new WaitPrompt("listing the layouts") : new KeyPrompt();

    internal override Page Show(View view)
    {
        List<TextLine> lines = [];
        var focus = 0;
        (int Line, int Column)? cursor = null;
        if (Form is { } form)
        {
            lines.AddRange([.. PageText.Wrapped(Layouts!.Count == 0 ? "There are no keyboard layouts here but the one in use." : $"{Layouts.Count} layouts. The settings of this PC name {view.Facts.Machine.Keyboard}.", view.Width, Role.Strong), TextLine.Empty]);
            var first = lines.Count;
            (var shown, focus, cursor) = form.Show(view);
            lines.AddRange(shown);
            (focus, cursor) = (first + focus, cursor is { } place ? (first + place.Line, place.Column) : null);
        }
        else if (Trouble is null)
        {
            lines.Add(PageText.Waiting(view, "Listing the layouts"));
        }

        if (Loading.Length > 0) lines.AddRange([TextLine.Empty, PageText.Waiting(view, $"Loading {Loading}")]);
        foreach (var done in Report?.Done ?? []) lines.AddRange([TextLine.Empty, .. PageText.Wrapped(done, view.Width, Role.Good)]);
        foreach (var trouble in Report?.Troubles ?? []) lines.AddRange([TextLine.Empty, .. PageText.Wrapped(trouble.What, view.Width, Role.Bad, "Trouble: "), .. PageText.Wrapped(trouble.Remedy, view.Width, Role.Normal, "To do:   ")]);
        if (Trouble is not null) lines.AddRange([TextLine.Empty, .. PageText.Trouble(Trouble, view.Width)]);
        return new Page { Lines = lines, Focus = focus, Cursor = cursor, Keys = Form is null ? [("Esc", "Back")] : [("Left/Right", "Change"), ("Enter", "Load"), ("Down", "Try it"), ("Esc", "Back")] };
    }

    private static Form Make(IReadOnlyList<string> layouts, string current)
    {
        ImmutableArray<string> choices = layouts.Count == 0 ? [current] : [.. layouts];
        return Screens.Form.Of(
            new ChoiceField(Layout, "Enter loads it.", choices, Math.Max(0, choices.IndexOf(current))),
            new TypedField(Test, "Type the odd characters of your password: what is shown is what is taken. It is kept nowhere.", new TextField()));
    }
}
