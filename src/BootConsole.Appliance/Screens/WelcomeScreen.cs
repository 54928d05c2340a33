// The first screen: what this PC can have done.
using System.Globalization;
using BootConsole.Appliance.Terminal;
using BootConsole.Disks.Finding;

namespace BootConsole.Appliance.Screens;

/// <summary>The service menu.</summary>
/// <param name="Chosen">The row that takes the keys, counted from 0 among those that are shown.</param>
internal sealed record WelcomeScreen(int Chosen = 0) : Screen
{
    private static readonly (string Name, string Does)[] Rows =
    [
        ("Enrol", "Get this PC's key from its server, by a one-time code."),
        ("Back up", "Save whole disks of this PC as an image."),
        ("Restore", "Put an image back onto disks of this PC."),
        ("Images", "See, verify, go on with or delete images."),
        ("Tools", "Network, keyboard, time."),
        ("Event log", "What happened so far; save it to a file."),
        ("Shell", "A command line; 'exit' comes back."),
        ("About", "Version and licences."),
        ("Leave", "End this program."),
        ("Power", "Switch this PC off, or start it anew."),
    ];

    private const int Enrol = 0, Leave = 8, Power = 9;

    internal override string Title => "Welcome";

    internal override IReadOnlyList<string> Help =>
    [
        "BootConsole saves whole disks, whatever system is on them, and puts them back. Nothing is written to a disk of this PC unless you choose Restore, pick the disk, and type its serial number.",
        "A backup reads the disks and sends what is used of them, encrypted, to a store: a folder, or a server that speaks SFTP.",
    ];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        KeyPressed { Key: { Code: KeyCode.Enter } } => Enter(Row(facts), facts),
        KeyPressed { Key: { Code: KeyCode.Character, Text: [>= '0' and <= '9'] } key } when RowsOf(facts).FindIndex(row => row.Number == key.Text[0] - '0') is >= 0 and var row => (this with { Chosen = row }).Enter(row, facts),
        KeyPressed { Key: { Code: KeyCode.Interrupt } } => Turn.Stay(this with { Chosen = RowsOf(facts).FindIndex(row => row.Number == Leave) }),
        KeyPressed { Key: var key } => Turn.Stay(this with { Chosen = PageText.Move(key, Row(facts), RowsOf(facts).Count) }),
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
        if (view.Facts.Enrolment is not null) lines.AddRange(PageText.Wrapped("This PC was started without its key, so its server does not let it in: choose Enrol.", view.Width, Role.Warning));
        lines.Add(TextLine.Empty);
        var (first, chosen, rows) = (lines.Count, Row(view.Facts), RowsOf(view.Facts));
        foreach (var (index, row) in rows.Index()) lines.Add(PageText.Row(view, index == chosen, $"{row.Number}  {row.Name,-12}{row.Does}"));
        return new Page { Lines = lines, Focus = first + chosen, Keys = [("Enter", "Choose"), ($"{rows[0].Number}-{rows[^1].Number}", "Choose at once")] };
    }

    private Turn Enter(int row, Facts facts) => RowsOf(facts)[row].Number switch
    {
        Enrol => Turn.Open(this, new EnrolScreen(facts.Enrolment!)),
        1 => Turn.Open(this, new DisksScreen(DiskPurpose.Backup)),
        2 => Turn.Open(this, new TargetScreen(TargetPurpose.Restore)),
        3 => Turn.Open(this, new TargetScreen(TargetPurpose.Manage)),
        4 => Turn.Open(this, new ToolsScreen()),
        5 => Turn.Open(this, new LogScreen()),
        6 => Turn.Stay(this, new RunShell()),
        7 => Turn.Open(this, new AboutScreen()),
        Leave => Turn.Stay(this, new Leave()),
        _ => Turn.Open(this, new PowerScreen()),
    };

    // A row less than there was when it was chosen: the key came meanwhile.
    private int Row(Facts facts) => Math.Min(Chosen, RowsOf(facts).Count - 1);

    // A number always means the same. Somebody else's PC is not switched off from here.
    private static List<(int Number, string Name, string Does)> RowsOf(Facts facts) =>
        [.. from row in Rows.Index() where row.Index switch { Enrol => facts.Enrolment is not null, Power => facts.IsBootImage, _ => true } select (row.Index, row.Item.Name, row.Item.Does)];
}
