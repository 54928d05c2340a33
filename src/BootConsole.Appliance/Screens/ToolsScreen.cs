// The tools: what a PC may need before a backup or a restore can begin.
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>The menu of tools.</summary>
/// <param name="Chosen">The row that takes the keys.</param>
internal sealed record ToolsScreen(int Chosen = 0) : Screen
{
    private static readonly (string Name, string Does)[] Rows =
    [
        ("Network", "Cards, addresses; set up and test the way to the server."),
        ("Keyboard", "Choose the layout, and try it."),
        ("Time", "This PC's clock and the store's."),
    ];

    internal override string Title => "Tools";

    internal override IReadOnlyList<string> Help => ["What a PC may need before a backup or a restore can begin. Nothing here writes to a disk."];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Turn.Back(this),
        KeyPressed { Key.Code: KeyCode.Enter } => Open(Chosen),
        KeyPressed { Key: { Code: KeyCode.Character, Text: [>= '1' and <= '3'] } key } => (this with { Chosen = key.Text[0] - '1' }).Open(key.Text[0] - '1'),
        KeyPressed { Key: var key } => Turn.Stay(this with { Chosen = PageText.Move(key, Chosen, Rows.Length) }),
        _ => Turn.Stay(this),
    };

    internal override Prompt Ask(View view) => new PickPrompt(Title, [.. Rows.Select(row => $"{row.Name}: {row.Does}")]);

    internal override Page Show(View view) => new()
    {
        Lines = [.. Rows.Index().Select(row => PageText.Row(view, row.Index == Chosen, $"{row.Index + 1}  {row.Item.Name,-12}{row.Item.Does}"))],
        Focus = Chosen,
        Keys = [("Enter", "Choose"), ("1-3", "Choose at once"), ("Esc", "Back")],
    };

    private Turn Open(int row) => Turn.Open(this, row switch { 0 => new NetworkScreen(), 1 => new KeyboardScreen(), _ => new TimeScreen() });
}
