// The plan of a backup in words, and the last question before it starts.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>Shows what a backup will do. What is shown is what is run.</summary>
internal sealed record ConfirmScreen(BackupOrder Order) : Screen
{
    /// <summary>The plan; null while it is made.</summary>
    public JobPlan? Plan { get; init; }

    /// <summary>What the planning is at.</summary>
    public string Activity { get; init; } = "";

    /// <summary>The first line that is seen.</summary>
    public int Top { get; init; }

    /// <summary>Why there is no plan.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => "Start the backup?";

    internal override IReadOnlyList<string> Help =>
    [
        "What will be read, what is left out because nothing uses it, and what is odd. A file system that is dirty, hibernated or unknown is saved whole, every byte of it.",
        "Enter starts the backup. The disks are only read.",
    ];

    internal override IReadOnlyList<Effect> Begin() => [new PlanBackup(Order)];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        PlanMade made when ReferenceEquals(made.Order, Order) => Turn.Stay(this with { Plan = made.Plan, Trouble = null }),
        EffectFailed { Effect: PlanBackup effect } failed when ReferenceEquals(effect.Order, Order) => Turn.Stay(this with { Trouble = failed.Report }),
        WorkProgressed progress when Plan is null => Turn.Stay(this with { Activity = progress.Sample.Activity }),
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Turn.Back(this),
        KeyPressed { Key.Code: KeyCode.Enter } when Plan is not null => Turn.Replace(this, new WorkScreen(WorkKind.Backup, string.Join(", ", Order.Disks.Select(disk => disk.Info.CanonicalPath))), new RunBackup(Order)),
        KeyPressed pressed => Turn.Stay(this with { Top = PageText.Move(pressed.Key, Top, Plan?.Sentences.Count ?? 0) }),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Trouble;

    internal override Prompt Ask(View view) => Plan is null && Trouble is null ? new WaitPrompt(Activity.Length > 0 ? Activity : "finding out what of the disks is used") : new KeyPrompt();

    internal override Page Show(View view)
    {
        List<TextLine> lines = [];
        if (Plan is null && Trouble is null) lines.Add(PageText.Waiting(view, Activity.Length > 0 ? Activity : "Finding out what of the disks is used"));
        if (Trouble is not null) lines.AddRange(PageText.Trouble(Trouble, view.Width));
        foreach (var sentence in Plan?.Sentences ?? []) lines.AddRange(PageText.Wrapped(sentence.TrimStart(), view.Width, Role.Normal, sentence.StartsWith(' ') ? "  " : ""));
        if (Plan is not null) lines.AddRange(PageText.Contract(Order.Store!, view));
        if (Plan is not null) lines.AddRange([TextLine.Empty, .. PageText.Wrapped(Summary(), view.Width, Role.Strong)]);
        return new Page { Lines = lines, Focus = Plan is null ? 0 : Top == 0 ? lines.Count - 1 : Top, Keys = Plan is null ? [("Esc", "Back")] : [("Enter", "Start"), ("Up/Down", "Read"), ("Esc", "Back")] };
    }

    private string Summary() =>
        $"{char.ToUpperInvariant(Commands.Names.Of(Order.Kind)[0])}{Commands.Names.Of(Order.Kind)[1..]} image \"{Order.Name}\" to {Order.Store!.Description}, {Order.Keys switch { KeySource.None => "NOT encrypted", KeySource.Settings => "encrypted as the settings say", _ => "encrypted" }}, "
        + $"compression {(Order.Level is { } level ? $"level {level}" : "as fast as the slowest stage")}, {(Order.Verify ? "checked afterwards" : "not checked afterwards")}. {(Order.At is Settings.StartNow ? "Enter starts it." : $"Enter starts it at {Order.At}; the plan is made anew then.")}";
}
