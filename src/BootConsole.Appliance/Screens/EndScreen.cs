// The end of a job: what was done, or what happened, what is safe and what to do.
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>Shows how a job ended.</summary>
internal sealed record EndScreen(WorkKind Kind, string Of, WorkEnd End) : Screen
{
    internal override string Title => End.Outcome switch
    {
        WorkOutcome.Done => "Done",
        WorkOutcome.DoneWithLoss => "Done, with losses",
        WorkOutcome.Cancelled => "Cancelled",
        _ => "Trouble",
    };

    internal override IReadOnlyList<string> Help => ["How the job ended, and what was checked. L shows everything that happened; from there it can be saved to a file. After a restore, A puts the same image onto another disk: change the disk, and go on. Enter goes back. Where the PC was started from a BootConsole medium, P switches it off or starts it anew."];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        KeyPressed { Key.Code: KeyCode.Enter or KeyCode.Escape or KeyCode.Interrupt } => Kind is WorkKind.Backup or WorkKind.Restore ? Turn.Home(this) : Turn.Back(this),
        KeyPressed { Key: var key } when Kind == WorkKind.Restore && key.Is('a') => Turn.StartOver(this),
        KeyPressed { Key: var key } when facts.IsBootImage && key.Is('p') => Turn.Open(this, new PowerScreen()),
        KeyPressed { Key: var key } when key.Is('l') => Turn.Open(this, new LogScreen()),
        _ => Turn.Stay(this),
    };

    internal override Page Show(View view)
    {
        List<TextLine> lines =
        [
            End.Outcome switch
            {
                WorkOutcome.Done => TextLine.Of("DONE, and checked.", Role.Good),
                WorkOutcome.DoneWithLoss => TextLine.Of("DONE, but some of it could not be read.", Role.Warning),
                WorkOutcome.Cancelled => TextLine.Of("CANCELLED.", Role.Warning),
                _ => TextLine.Of(End.Lines.Count > 0 ? "NOT ALL IS DONE." : "NOT DONE.", Role.Bad),
            },
            TextLine.Empty,
        ];
        foreach (var line in End.Lines) lines.AddRange([.. PageText.Wrapped(line, view.Width), TextLine.Empty]);
        if (End.Outcome == WorkOutcome.Cancelled) lines.AddRange([.. PageText.Wrapped(End.Report?.Safe ?? "", view.Width), TextLine.Empty]);
        else if (End.Report is { } report) lines.AddRange([.. PageText.Trouble(report, view.Width), TextLine.Empty]);
        if (Kind == WorkKind.Restore && End.Report is null)
            lines.AddRange(PageText.Wrapped("If this is a copy of a PC that stays in use: give it another host name, and let its system make a new machine id (Linux: /etc/machine-id; Windows: sysprep) before both are on one network.", view.Width, Role.Dim));
        (string, string)[] again = Kind == WorkKind.Restore ? [("A", "Again, onto another disk")] : [];
        (string, string)[] power = view.Facts.IsBootImage ? [("P", "Power")] : [];
        return new Page { Lines = lines, Keys = [.. again, ("Enter", Kind is WorkKind.Backup or WorkKind.Restore ? "To the menu" : "Back"), ("L", "Event log"), .. power] };
    }
}
