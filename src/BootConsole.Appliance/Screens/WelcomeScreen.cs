// The first screen: what this PC can have done.
using System.Globalization;
using BootConsole.Appliance.Terminal;
using BootConsole.Disks.Finding;

namespace BootConsole.Appliance.Screens;

/// <summary>The service menu.</summary>
/// <param name="Chosen">The row that takes the keys.</param>
internal sealed record WelcomeScreen(int Chosen = 0) : Screen
{
    private static readonly (string Name, string Does)[] Rows =
    [
        ("Back up", "Save whole disks of this PC as an image."),
        ("Restore", "Put an image back onto disks of this PC."),
        ("Images", "See, verify, go on with or delete images."),
        ("Tools", "Network, keyboard, time."),
        ("Event log", "What happened so far; save it to a file."),
        ("Shell", "A command line; 'exit' comes back."),
        ("About", "Version and licences."),
        ("Leave", "End this program."),
    ];

    private static readonly (string Name, string Does) Power = ("Power", "Switch this PC off, or start it anew.");

    internal override string Title => "Welcome";

    internal override IReadOnlyList<string> Help =>
    [
        "BootConsole saves whole disks, whatever system is on them, and puts them back. Nothing is written to a disk of this PC unless you choose Restore, pick the disk, and type its serial number.",
        "A backup reads the disks and sends what is used of them, encrypted, to a store: a folder, or a server that speaks SFTP.",
    ];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        KeyPressed { Key: { Code: KeyCode.Enter } } => Enter(Chosen),
        KeyPressed { Key: { Code: KeyCode.Character, Text: [>= '1' and <= '9'] } key } when key.Text[0] - '1' < RowsOf(facts).Length => (this with { Chosen = key.Text[0] - '1' }).Enter(key.Text[0] - '1'),
        KeyPressed { Key: { Code: KeyCode.Interrupt } } => Turn.Stay(this with { Chosen = Rows.Length - 1 }),
        KeyPressed { Key: var key } => Turn.Stay(this with { Chosen = PageText.Move(key, Chosen, RowsOf(facts).Length) }),
        _ => Turn.Stay(this),
    };

    internal override Prompt Ask(View view) => new PickPrompt($"PC {view.Facts.Pc}. What shall be done?", [.. RowsOf(view.Facts).Select(row => $"{row.Name}: {row.Does}")]);

    internal override Page Show(View view)
    {
        List<TextLine> lines =
        [
            TextLine.Of($"PC {view.Facts.Pc}", Role.Strong),
            TextLine.Of(view.Facts.Stores.Count > 0 ? $"Stores of the settings: {string.Join(", ", view.Facts.Stores.Select(store => store.Name))}" : "No settings file: the store is asked for.", Role.Dim),
            .. PageText.Wrapped($"The clock of this PC says {view.Facts.Now.ToString("dddd, yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}. If that is wrong, so are the dates of its images.", view.Width, Role.Dim),
        ];
        foreach (var done in view.Facts.Network?.Done ?? []) lines.AddRange(PageText.Wrapped($"Network: {done}", view.Width, Role.Dim));
        foreach (var trouble in view.Facts.Network?.Troubles ?? []) lines.AddRange(PageText.Wrapped($"Network: {trouble.What} See Tools, Network.", view.Width, Role.Warning));
        if (view.Facts.NeedsKey) lines.AddRange(PageText.Wrapped("This PC was started without its key, so its server does not let it in. Choose Shell, type 'bootconsole enrol', and the code that 'bootserver pc enrol' shows on the server.", view.Width, Role.Warning));
        lines.Add(TextLine.Empty);
        var first = lines.Count;
        foreach (var (index, row) in RowsOf(view.Facts).Index()) lines.Add(PageText.Row(view, index == Chosen, $"{index + 1}  {row.Name,-12}{row.Does}"));
        return new Page { Lines = lines, Focus = first + Chosen, Keys = [("Enter", "Choose"), ($"1-{RowsOf(view.Facts).Length}", "Choose at once")] };
    }

    private Turn Enter(int row) => row switch
    {
        0 => Turn.Open(this, new DisksScreen(DiskPurpose.Backup)),
        1 => Turn.Open(this, new TargetScreen(TargetPurpose.Restore)),
        2 => Turn.Open(this, new TargetScreen(TargetPurpose.Manage)),
        3 => Turn.Open(this, new ToolsScreen()),
        4 => Turn.Open(this, new LogScreen()),
        5 => Turn.Stay(this, new RunShell()),
        6 => Turn.Open(this, new AboutScreen()),
        7 => Turn.Stay(this, new Leave()),
        _ => Turn.Open(this, new PowerScreen()),
    };

    // Somebody else's PC is not switched off from here.
    private static (string Name, string Does)[] RowsOf(Facts facts) => facts.IsBootImage ? [.. Rows, Power] : Rows;
}
