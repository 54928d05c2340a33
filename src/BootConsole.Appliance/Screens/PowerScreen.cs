// Switching the booted PC off, or starting it anew.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>What becomes of the PC. Only where it runs the boot environment.</summary>
/// <param name="Chosen">The row that takes the keys.</param>
internal sealed record PowerScreen(int Chosen = 0) : Screen
{
    private static readonly (string Name, string Does, PowerAction Action)[] Rows =
    [
        ("Power off", "Media are unmounted, then the PC is switched off.", PowerAction.Off),
        ("Restart", "Media are unmounted, then the PC starts anew. Take the boot medium out when it shall start its own system.", PowerAction.Reboot),
    ];

    /// <summary>What the system was asked for; null for nothing yet.</summary>
    public PowerAction? Asked { get; init; }

    /// <summary>Why it does not obey.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => "Power";

    internal override IReadOnlyList<string> Help => ["Switches this PC off, or starts it anew. No job is running now; what was saved is in the store."];

    internal override FaultReport? Obstacle => Trouble;

    internal override Turn Again() => Turn.Stay(this with { Asked = null });

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        EffectFailed { Effect: TurnOff } failed => Turn.Stay(this with { Asked = null, Trouble = failed.Report }),
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Turn.Back(this),
        KeyPressed when Asked is not null => Turn.Stay(this),
        KeyPressed { Key.Code: KeyCode.Enter } => Turn.Stay(this with { Asked = Rows[Chosen].Action, Trouble = null }, new TurnOff(Rows[Chosen].Action)),
        KeyPressed { Key: var key } => Turn.Stay(this with { Chosen = PageText.Move(key, Chosen, Rows.Length) }),
        _ => Turn.Stay(this),
    };

    internal override Prompt Ask(View view) => Asked is null ? new PickPrompt("Power", [.. Rows.Select(row => $"{row.Name}: {row.Does}")]) : new WaitPrompt("the PC is told");

    internal override Page Show(View view)
    {
        List<TextLine> lines = [TextLine.Of("What shall become of this PC?", Role.Strong), TextLine.Empty];
        foreach (var (index, row) in Rows.Index()) lines.AddRange([PageText.Row(view, index == Chosen, row.Name), .. PageText.Wrapped(row.Does, view.Width, Role.Dim, "    ")]);
        if (Asked is not null) lines.AddRange([TextLine.Empty, PageText.Waiting(view, "The PC is told")]);
        if (Trouble is not null) lines.AddRange([TextLine.Empty, .. PageText.Trouble(Trouble, view.Width)]);
        return new Page { Lines = lines, Focus = 2 + (2 * Chosen), Keys = [("Enter", "Do it"), ("Esc", "Back")] };
    }
}
