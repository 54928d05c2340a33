// The password: twice for a new key set, once for one that is there; a wrong one is said before anything is read or written.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>Asks for the password of backups or of an image.</summary>
internal sealed record PasswordScreen : Screen
{
    private const int MostTries = 3, ShortLength = 12;

    /// <summary>The screen that follows when the keys are at hand.</summary>
    public required Screen Then { get; init; }

    /// <summary>Asks the workbench for the keys.</summary>
    public required Func<TypedSecret, Effect> Use { get; init; }

    /// <summary>What it is the password of.</summary>
    public required string Of { get; init; }

    /// <summary>True for a new password, which is typed twice.</summary>
    public bool IsNew { get; init; }

    /// <summary>What was typed.</summary>
    public TypedSecret First { get; } = new();

    /// <summary>What was typed the second time.</summary>
    public TypedSecret Second { get; } = new();

    /// <summary>True while the second field has the keys.</summary>
    public bool IsSecond { get; init; }

    /// <summary>True when what is typed is shown.</summary>
    public bool IsShown { get; init; }

    /// <summary>True while the workbench tries the password.</summary>
    public bool IsTrying { get; init; }

    /// <summary>Passwords that were wrong.</summary>
    public int Wrong { get; init; }

    /// <summary>Grows with every key, so that the screen is painted.</summary>
    public int Typed { get; init; }

    /// <summary>Why it goes no further.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => IsNew ? "New password" : "Password";

    internal override IReadOnlyList<string> Help => IsNew
        ?
        [
            "This PC has no password in this store yet. The one you choose encrypts this image and the next ones of this PC. Write it down and keep it apart from the server: without it nobody reads the images, you included.",
            "Keyboards differ: F2 shows what you type, so that y and z, and signs, are where you think.",
        ]
        : ["The password that the image, or the earlier backups of this PC, were made with. A wrong one is said at once, and nothing is touched. F2 shows what you type."];

    internal static PasswordScreen ForBackup(BackupOrder order) => new()
    {
        Then = new ConfirmScreen(order),
        Use = secret => new UseBackupKeys(secret),
        IsNew = !order.Store!.HasKeys,
        Of = "the backups of this PC in this store",
    };

    internal static PasswordScreen ForResume(BackupOrder order, string keyId) => new()
    {
        Then = new ConfirmScreen(order),
        Use = secret => new UseBackupKeys(secret, keyId),
        Of = $"the backup {order.Resume}",
    };

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        KeysReady ready when IsTrying && ready.Password == First => Turn.Replace(this, Then, new ForgetSecret(First), new ForgetSecret(Second)),
        EffectFailed { Effect: UseBackupKeys or UseImageKeys } failed when IsTrying => Fail(failed.Report),
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt } => Turn.Back(this, new ForgetSecret(First), new ForgetSecret(Second)),
        KeyPressed when IsTrying => Turn.Stay(this),
        KeyPressed { Key.Code: KeyCode.F2 } => Turn.Stay(this with { IsShown = !IsShown }),
        KeyPressed { Key.Code: KeyCode.Enter } => Enter(),
        KeyPressed { Key.Code: KeyCode.Up or KeyCode.BackTab } => Turn.Stay(this with { IsSecond = false }),
        KeyPressed { Key.Code: KeyCode.Down or KeyCode.Tab } => Turn.Stay(this with { IsSecond = IsNew }),
        KeyPressed pressed => Turn.Stay(Type(pressed.Key)),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Trouble;

    internal override Prompt Ask(View view) => IsTrying ? new WaitPrompt("trying the password") : new LinePrompt(IsSecond ? "The same again" : IsNew ? $"New password of {Of}" : $"Password of {Of}", IsSecret: true);

    internal override Page Show(View view)
    {
        List<TextLine> lines = [.. PageText.Wrapped($"{(IsNew ? "Choose the password of" : "The password of")} {Of}.", view.Width, Role.Strong), TextLine.Empty];
        var first = Line(view, IsNew ? "Password" : "Password", First, !IsSecond);
        lines.Add(first);
        if (IsNew) lines.Add(Line(view, "The same again", Second, IsSecond));
        var line = IsSecond ? 3 : 2;
        var secret = IsSecond ? Second : First;
        (int, int)? cursor = (2 + (IsSecond ? 1 : 0), Math.Min(view.Width - 1, 17 + Math.Min(secret.Length, Room(view))));
        lines.Add(TextLine.Empty);
        if (IsNew) lines.AddRange(PageText.Wrapped(Advice(), view.Width, First.Length >= ShortLength ? Role.Good : Role.Warning));
        if (First.IsFull || Second.IsFull) lines.AddRange(PageText.Wrapped("No more characters fit.", view.Width, Role.Warning));
        if (IsTrying) lines.AddRange([TextLine.Empty, PageText.Waiting(view, "Trying the password")]);
        if (Trouble is not null) lines.AddRange([TextLine.Empty, .. PageText.Trouble(Trouble, view.Width)]);
        return new Page { Lines = lines, Focus = line, Cursor = IsTrying ? null : cursor, Keys = [("Enter", "Go on"), ("F2", IsShown ? "Hide" : "Show what I type"), ("Esc", "Back")] };
    }

    private static int Room(View view) => Math.Max(1, view.Width - 19);

    // Characters and not cells: a password is seldom long, and what does not fit is not needed to know that it was typed.
    private TextLine Line(View view, string label, TypedSecret secret, bool isChosen)
    {
        var shown = IsShown ? secret.Text.ToString() : string.Concat(Enumerable.Repeat(view.Look.Dot, secret.Length));
        var window = shown.Length > Room(view) ? shown[^Room(view)..] : shown;
        return TextLine.Of(label).To(16).And(" ").And(window + " ", isChosen ? Role.Chosen : Role.Normal);
    }

    private string Advice() => First.Length switch
    {
        0 => "A long password is a good one: four or five words that do not belong together.",
        < ShortLength => $"{First.Length} characters: short passwords can be guessed by machines. {ShortLength} or more are better.",
        _ => $"{First.Length} characters.",
    };

    private PasswordScreen Type(Key key)
    {
        var secret = IsSecond ? Second : First;
        if (key.Code is KeyCode.Character or KeyCode.Paste) secret.Append(key.Text);
        else if (key.Code == KeyCode.Backspace) secret.RemoveLast();
        return this with { Typed = Typed + 1, Trouble = null };
    }

    private Turn Enter()
    {
        if (First.Length == 0) return Complain("A password cannot be empty.");
        if (IsNew && !IsSecond) return Turn.Stay(this with { IsSecond = true, Trouble = null });
        if (IsNew && !First.IsSameAs(Second))
        {
            Second.Clear();
            return Complain("The two are not the same. Type the second one again, or F2 to see them.");
        }

        return Turn.Stay(this with { IsTrying = true, Trouble = null }, Use(First));
    }

    private Turn Complain(string what) => Turn.Stay(this with { Trouble = new FaultReport(what, "Nothing was read or written.", "") });

    private Turn Fail(FaultReport report)
    {
        First.Clear();
        Second.Clear();
        var wrong = Wrong + 1;
        var next = this with { IsTrying = false, IsSecond = false, Wrong = wrong, Trouble = report };
        return wrong < MostTries ? Turn.Stay(next) : Turn.Replace(next, new TroubleScreen("Password", report with { What = $"{report.What} That was the third time." }));
    }
}
