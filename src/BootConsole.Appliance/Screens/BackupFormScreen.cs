// How a backup is made: name, kind, compression, encryption, verification.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Settings;

namespace BootConsole.Appliance.Screens;

/// <summary>The choices of a backup.</summary>
internal sealed record BackupFormScreen(BackupOrder Order, Form Form, string Complaint = "") : Screen
{
    private const string Name = "Name", Kind = "Kind", Compression = "Compression", Encryption = "Encryption", Verify = "Check afterwards", At = "Start";

    private static readonly ImageKind[] Kinds = [ImageKind.Full, ImageKind.Incremental, ImageKind.Differential, ImageKind.Copy];
    private static readonly int?[] Levels = [3, 1, 6, 9, 15, null];

    internal override string Title => "How?";

    internal override IReadOnlyList<string> Help =>
    [
        "Kind: a full image stands alone. An incremental one stores what changed since the newest image of these disks, a differential one what changed since the newest full one; where there is none, a full one is made, and says so. A copy is a full image that later ones do not build upon.",
        "Encryption: with a password nobody reads the image without it, neither the server nor you. There is no way around a lost password.",
        "Checking reads everything back from the store and compares it: it takes about as long again.",
    ];

    /// <summary>The form, filled with what the settings file says.</summary>
    internal static BackupFormScreen Of(BackupOrder order, BackupSettings? settings)
    {
        if (settings is not null) order = order with { Name = settings.Name, Kind = (ImageKind)settings.Kind, Level = settings.Level, Verify = settings.Verify, Settings = settings };
        string[] encryption = settings?.Encryption is null or NoEncryption ? ["password", "none"] : ["as the settings say", "password", "none"];
        var level = Array.IndexOf(Levels, order.Level);
        string[] levels = ["3 (usual)", "1 (fastest)", "6", "9", "15 (smallest)", "auto"];
        // A level of the settings that is none of the usual ones is one more choice.
        if (level < 0) levels = [.. levels, $"{order.Level} (settings)"];
        return new(order, Form.Of(
            new TypedField(Name, "Part of the image's name: A-Z a-z 0-9 . -", TextField.Of(order.Name)),
            new ChoiceField(Kind, "full stands alone; incremental and differential store what changed.", [.. Kinds.Select(Commands.Names.Of)], Array.IndexOf(Kinds, order.Kind)),
            new ChoiceField(Compression, "Higher is smaller and slower. auto follows the slowest stage.", [.. levels], level < 0 ? levels.Length - 1 : level),
            new ChoiceField(Encryption, "Without it anybody who can read the store can read the disk.", [.. encryption], settings?.Encryption is NoEncryption ? 1 : 0),
            new ChoiceField(Verify, "Read everything back from the store and compare.", ["yes", "no"], order.Verify ? 0 : 1),
            new TypedField(At, "now, or a time such as 02:00, or a date and time such as 2027-01-31T02:00.", TextField.Of("now"))));
    }

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Turn.Back(this),
        KeyPressed { Key.Code: KeyCode.Enter } => Enter(facts.Now),
        KeyPressed pressed => Turn.Stay(this with { Form = Form.Take(pressed.Key), Complaint = "" }),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Complaint.Length > 0 ? new FaultReport(Complaint, "Nothing was written.", "") : null;

    internal override Prompt Ask(View view) => new FormPrompt(Form);

    internal override Page Show(View view)
    {
        var store = Order.Store!;
        List<TextLine> lines =
        [
            .. PageText.Wrapped($"{string.Join(", ", Order.Disks.Select(disk => disk.Info.CanonicalPath))} to {store.Description}{(store.FreeBytes is { } free ? $", {ByteSize.Format(free)} free" : "")}", view.Width, Role.Strong),
            .. PageText.Contract(store, view),
            TextLine.Empty,
        ];
        var (shown, focus, cursor) = Form.Show(view);
        var first = lines.Count;
        lines.AddRange(shown);
        if (Form[Encryption] == "none") lines.AddRange([TextLine.Empty, .. PageText.Wrapped("Not encrypted: whoever can read the store can read everything on these disks.", view.Width, Role.Warning)]);
        if (Complaint.Length > 0) lines.AddRange([TextLine.Empty, .. PageText.Wrapped(Complaint, view.Width, Role.Bad)]);
        return new Page
        {
            Lines = lines,
            Focus = first + focus,
            Cursor = cursor is { } place ? (first + place.Line, place.Column) : null,
            Keys = [("Left/Right", "Change"), ("Enter", "Go on"), ("Esc", "Back")],
        };
    }

    private Turn Enter(DateTimeOffset now)
    {
        if (JobStartTime.Parse(Form[At].Trim()) is not { } start) return Turn.Stay(this with { Complaint = $"This is no time to begin. Expected: {JobStartTime.Expected}." });
        if (start is not StartNow && start.Next(now, TimeZoneInfo.Local) < now) return Turn.Stay(this with { Complaint = "The time to begin has passed." });
        if (!ImageId.IsPart(Form[Name])) return Turn.Stay(this with { Complaint = "The name may have 1 to 60 of A-Z a-z 0-9 . - and not start with . or -" });
        var order = Order with
        {
            Name = Form[Name],
            Kind = Kinds[Form.IndexOf(Kind)],
            Level = Form.IndexOf(Compression) is var level && level < Levels.Length ? Levels[level] : Order.Settings.Level,
            Keys = Form[Encryption] switch { "none" => KeySource.None, "password" => KeySource.Password, _ => KeySource.Settings },
            Verify = Form.IndexOf(Verify) == 0,
            At = start,
        };
        return Turn.Open(this, order.Keys == KeySource.Password ? PasswordScreen.ForBackup(order) : new ConfirmScreen(order));
    }
}
