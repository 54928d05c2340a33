// The plan of a restore in words, and the serial number that must be typed before anything is overwritten.
using System.Collections.Immutable;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>Shows what a restore will do, and has each target confirmed by what it says of itself.</summary>
internal sealed record OverwriteScreen(RestoreOrder Order) : Screen
{
    /// <summary>The plan; null while it is made.</summary>
    public JobPlan? Plan { get; init; }

    /// <summary>What was typed for the targets so far.</summary>
    public ImmutableList<string> Confirmed { get; init; } = [];

    /// <summary>What is being typed.</summary>
    public TextField Typed { get; init; } = new();

    /// <summary>Why it goes no further.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => "Overwrite?";

    internal override IReadOnlyList<string> Help =>
    [
        "What will be written where, what is left as it is, and what is lost. Nothing has been written so far.",
        "To start, type the serial number of the disk exactly as it is shown (a disk without one: its path and size; an image file: its path). A bare yes is not enough, for a yes is the same for every disk.",
    ];

    internal override IReadOnlyList<Effect> Begin() => [new PlanRestore(Order)];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        PlanMade made when ReferenceEquals(made.Order, Order) => Turn.Stay(this with { Plan = made.Plan, Trouble = null }),
        EffectFailed { Effect: PlanRestore effect } failed when ReferenceEquals(effect.Order, Order) => Turn.Stay(this with { Trouble = failed.Report }),
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Turn.Back(this),
        KeyPressed when Plan is null => Turn.Stay(this),
        KeyPressed { Key.Code: KeyCode.Enter } => Enter(Plan!),
        // A serial number that is pasted was not read from the disk's label.
        KeyPressed { Key.Code: KeyCode.Paste } => Turn.Stay(this with { Trouble = new FaultReport("Please type it: a pasted serial number was not compared with the disk's label.", "Nothing was written.", "") }),
        KeyPressed pressed => Turn.Stay(this with { Typed = Typed.Take(pressed.Key), Trouble = null }),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Trouble;

    internal override Prompt Ask(View view) => Plan is null ? Trouble is null ? new WaitPrompt("making the plan") : new KeyPrompt() : new LinePrompt("Type it", HasPage: true);

    internal override Page Show(View view)
    {
        List<TextLine> lines = [];
        if (Plan is null && Trouble is null) lines.Add(PageText.Waiting(view, "Making the plan"));
        foreach (var sentence in Plan?.Sentences ?? []) lines.AddRange(PageText.Wrapped(sentence.TrimStart(), view.Width, Role.Normal, sentence.StartsWith(' ') ? "  " : ""));
        (int, int)? cursor = null;
        if (Plan is not null)
        {
            var (disk, token) = Plan.Targets[Math.Min(Confirmed.Count, Plan.Targets.Count - 1)];
            lines.AddRange([TextLine.Empty, .. PageText.Wrapped($"Everything that the plan overwrites on {disk} is lost. To start, type: {token}", view.Width, Role.Bad)]);
            var (text, column) = Typed.Window(view.Width - 6);
            lines.Add(TextLine.Of("  ").And(text + " ", Role.Chosen));
            cursor = (lines.Count - 1, 2 + column);
        }

        var focus = lines.Count - 1;
        if (Trouble is not null) lines.AddRange([TextLine.Empty, .. PageText.Trouble(Trouble, view.Width)]);
        return new Page { Lines = lines, Focus = Trouble is null ? Math.Max(0, focus) : lines.Count - 1, Cursor = cursor, Keys = Plan is null ? [("Esc", "Back")] : [("Enter", "Overwrite this disk"), ("Esc", "Back, nothing is written")] };
    }

    private Turn Enter(JobPlan plan)
    {
        var (disk, token) = plan.Targets[Math.Min(Confirmed.Count, plan.Targets.Count - 1)];
        if (Typed.Text.Trim() != token)
            return Turn.Stay(this with { Trouble = new FaultReport(Typed.Text.Length == 0 ? "Nothing was typed." : $"That is not what {disk} says of itself.", "Nothing was written.", "Compare it with the label of the disk; Esc goes back.") });
        var confirmed = Confirmed.Add(token);
        if (confirmed.Count < plan.Targets.Count) return Turn.Stay(this with { Confirmed = confirmed, Typed = new TextField(), Trouble = null });
        return Turn.Replace(this, new WorkScreen(WorkKind.Restore, string.Join(", ", plan.Targets.Select(target => target.Disk))), new RunRestore(Order, confirmed));
    }
}
