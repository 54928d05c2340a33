// Something did not work: what happened, what is safe, what to do.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>Shows a fault that leads back to the screen before.</summary>
internal sealed record TroubleScreen(string Where, FaultReport Report) : Screen
{
    internal override string Title => $"{Where}: trouble";

    internal override IReadOnlyList<string> Help => ["What happened, what is safe, and what you can do. Esc goes back; nothing is lost by that. The event log keeps the text."];

    internal override Turn Take(Message message, Facts facts) => message is KeyPressed { Key.Code: KeyCode.Enter or KeyCode.Escape or KeyCode.Interrupt } ? Turn.Back(this) : Turn.Stay(this);

    internal override FaultReport? Obstacle => Report;

    internal override Page Show(View view) => new() { Lines = [.. PageText.Trouble(Report, view.Width)], Keys = [("Esc", "Back")] };
}
