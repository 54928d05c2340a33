// A PC that was booted from the network gets its key: the code is typed, the server asked, and the key tried.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Setup;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Jobs;
using BootConsole.Settings;

namespace BootConsole.Appliance.Screens;

/// <summary>Asks for the one-time code of an enrolment, and shows what becomes of it.</summary>
/// <param name="Place">The server.</param>
internal sealed record EnrolScreen(EnrolmentPlace Place) : Screen
{
    private const int LabelCells = 12;

    private const string Safe = "No disk was touched, and this PC has no key.";

    /// <summary>The characters of the code that were typed, as codes have them: capitals, and nothing between them.</summary>
    public TypedSecret Code { get; } = new();

    /// <summary>True when the code is shown.</summary>
    public bool IsShown { get; init; }

    /// <summary>Grows with every key, so that the screen is painted.</summary>
    public int Typed { get; init; }

    /// <summary>What is wrong with what was typed; empty for nothing.</summary>
    public string Complaint { get; init; } = "";

    /// <summary>What is under way; empty for nothing.</summary>
    public string Doing { get; init; } = "";

    /// <summary>True when the person gave an enrolment up that was under way.</summary>
    public bool IsGivenUp { get; init; }

    /// <summary>The PC with its key; null before.</summary>
    public EnrolledPc? Enrolled { get; init; }

    /// <summary>The store that the key has opened; null before.</summary>
    public OpenStore? Store { get; init; }

    /// <summary>Why it goes no further.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => "Enrol this PC";

    internal override IReadOnlyList<string> Help =>
    [
        $"No private key crosses the network at the start. This PC makes one in its memory, and its server signs it when you know the code that 'bootserver pc enrol {Place.Pc}' shows there. A code counts once, for this PC alone, for a limited time and five tries.",
        "The code itself is not sent. The server proves that it knows it too, and that the settings this PC was booted with are its own; where either is not so, the key is thrown away.",
        "Capitals, dashes and blanks do not matter; O counts as 0 and I as 1, and no code has a Y or Z. F2 shows what you type. Nothing here reads or writes a disk, and no code is ever in the event log.",
    ];

    internal override IReadOnlyList<Effect> Begin() => [new LookForKey(Place)];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        EnrolmentProgressed progress when Doing.Length > 0 && !IsGivenUp => Turn.Stay(this with { Doing = progress.Doing }),
        EnrolmentSeen { Pc: { } pc } when Enrolled is null => Try(this with { Enrolled = pc, Complaint = "" }, facts, new ForgetSecret(Code)),
        EnrolmentSeen { Pc: null } when IsGivenUp => Turn.Stay(this with { Doing = "", IsGivenUp = false, Trouble = new FaultReport("Given up.", Safe, "If the code is not taken any more, it came to the server before: ask for a new one.") }),
        EffectFailed { Effect: EnrolPc effect } failed when effect.Code == Code && !IsGivenUp => Turn.Stay(this with { Doing = "", Trouble = failed.Report with { Safe = Safe } }),
        StoreOpened opened when Enrolled is not null && opened.Store.Way.Name == ApplianceSettings.ServerName => Turn.Stay(this with { Doing = "", Store = opened.Store, Trouble = null }),
        EffectFailed { Effect: OpenTheStore } failed when Enrolled is not null => Turn.Stay(this with { Doing = "", Trouble = failed.Report with { Safe = "The key is there, and the code is spent. No disk was touched." } }),
        KeyPressed pressed => Enrolled is null ? Type(pressed.Key) : Press(pressed.Key, facts),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Trouble ?? (Complaint.Length > 0 ? new FaultReport(Complaint, Safe, "") : null);

    internal override Prompt Ask(View view) => Doing.Length > 0 ? new WaitPrompt(Doing) : Enrolled is null ? new LinePrompt("Code", IsSecret: true, HasPage: true) : new KeyPrompt();

    internal override Page Show(View view) => Enrolled is { } pc ? Done(pc, view) : Asking(view);

    private Page Asking(View view)
    {
        List<TextLine> lines =
        [
            .. PageText.Wrapped($"{Place.Pc} was started without its key: its server does not let it in until it is enrolled.", view.Width, Role.Strong),
            .. view.Facts.WaitingJob.Length > 0 ? PageText.Wrapped($"Waits for that key, and was not begun: {view.Facts.WaitingJob}.", view.Width, Role.Warning) : [],
            TextLine.Empty,
            .. Labelled(view, "Server", Place.Address.ToString()),
            .. Place.Fingerprints.SelectMany(print => Labelled(view, "Its key", print)),
            .. Labelled(view, "The code", $"is what 'bootserver pc enrol {Place.Pc}' shows on the server."),
            TextLine.Empty,
        ];
        var line = lines.Count;
        var (shown, column) = Groups(view.Look.Dot);
        lines.Add(TextLine.Of("Code", Role.Strong).To(LabelCells).And(shown, Role.Chosen).And($"  {Code.Length} of {EnrolmentCode.Length} characters", Role.Dim));
        if (Complaint.Length > 0) lines.AddRange([TextLine.Empty, .. PageText.Wrapped(Complaint, view.Width, Role.Warning)]);
        if (Doing.Length > 0) lines.AddRange([TextLine.Empty, .. PageText.Wrapped(PageText.Waiting(view, $"{char.ToUpperInvariant(Doing[0])}{Doing[1..]}").Text, view.Width, Role.Dim)]);
        if (Trouble is not null) lines.AddRange([TextLine.Empty, .. PageText.Trouble(Trouble, view.Width)]);
        (string, string)[] keys = Doing.Length > 0 ? [("Esc", "Give up")] : [("Enter", "Enrol"), ("F2", IsShown ? "Hide" : "Show what I type"), ("Del", "Clear"), ("Esc", "Menu")];
        return new Page { Lines = lines, Focus = lines.Count > line + 8 ? lines.Count - 1 : line, Cursor = Doing.Length > 0 ? null : (line, LabelCells + column), Keys = keys };
    }

    private Page Done(EnrolledPc pc, View view)
    {
        List<TextLine> lines =
        [
            TextLine.Of($"{pc.Pc} has its key.", Role.Good),
            TextLine.Empty,
            .. PageText.Wrapped($"The key is in this PC's memory, until it is switched off or started anew. Then it takes a new code: 'bootserver pc enrol {pc.Pc}'.", view.Width),
            .. PageText.Wrapped($"A PC that shall come in without anybody boots from a stick: 'bootserver bootimage build {pc.Pc} --medium usb --write DEVICE'.", view.Width, Role.Dim),
            TextLine.Empty,
        ];
        if (Doing.Length > 0) lines.AddRange(PageText.Wrapped(PageText.Waiting(view, Doing).Text, view.Width, Role.Dim));
        if (Store is not null) lines.AddRange([.. PageText.Wrapped($"The server lets this PC in: {Store.Description}", view.Width, Role.Good), .. PageText.Contract(Store, view)]);
        if (pc.ServerAhead is { } ahead && ClockCheck.Complain(ahead) is { } complaint) lines.AddRange([TextLine.Empty, .. PageText.Wrapped($"{complaint} See Tools, Time.", view.Width, Role.Warning)]);
        if (view.Facts.WaitingJob.Length > 0) lines.AddRange([TextLine.Empty, .. PageText.Wrapped($"Has waited for it: {view.Facts.WaitingJob}. Enter begins it.", view.Width)]);
        if (Trouble is not null) lines.AddRange([TextLine.Empty, .. PageText.Trouble(Trouble, view.Width)]);
        (string, string)[] again = Trouble is null ? [] : [("R", "Try again")];
        (string, string)[] on = view.Facts.WaitingJob.Length > 0 ? [("Enter", "Begin the job"), ("Esc", "Menu")] : [("Enter", "To the menu")];
        return new Page { Lines = lines, Focus = lines.Count - 1, Keys = [.. on, .. again] };
    }

    private static IEnumerable<TextLine> Labelled(View view, string label, string text) => PageText.Wrapped(text, view.Width, Role.Normal, label.PadRight(LabelCells));

    // As codes are shown: four and four and four. What is missing is a line to write on.
    private (string Text, int Column) Groups(string dot)
    {
        var cells = Enumerable.Range(0, EnrolmentCode.Length).Select(index => index >= Code.Length ? "_" : IsShown ? Code.Text[index].ToString() : dot).Chunk(EnrolmentCode.GroupLength);
        var at = Math.Min(Code.Length, EnrolmentCode.Length - 1);
        return (string.Join('-', cells.Select(group => string.Concat(group))), at + at / EnrolmentCode.GroupLength);
    }

    private Turn Type(Key key) => (key.Code, Doing.Length > 0) switch
    {
        (KeyCode.Escape or KeyCode.Interrupt, true) => IsGivenUp ? Turn.Stay(this) : Turn.Stay(this with { Doing = "giving up", IsGivenUp = true }, new LookForKey(Place)),
        (KeyCode.Escape or KeyCode.Interrupt, false) => Turn.Back(this, new ForgetSecret(Code)),
        (_, true) => Turn.Stay(this),
        (KeyCode.F2, _) => Turn.Stay(this with { IsShown = !IsShown }),
        (KeyCode.Enter, _) when Code.Length == EnrolmentCode.Length => Turn.Stay(this with { Doing = "beginning", Complaint = "", Trouble = null }, new EnrolPc(Place, Code)),
        (KeyCode.Enter, _) => Turn.Stay(this with { Complaint = $"{EnrolmentCode.Length - Code.Length} more characters belong to a code, which looks like 7K3M-0QWE-RT5X.", Trouble = null }),
        _ => Turn.Stay(Edit(key)),
    };

    private EnrolScreen Edit(Key key)
    {
        var complaint = "";
        if (key.Code == KeyCode.Backspace) Code.RemoveLast();
        // A paste is a whole code, and not the rest of one.
        if (key.Code is KeyCode.Delete or KeyCode.Paste) Code.Clear();
        if (key.Code is KeyCode.Character or KeyCode.Paste) complaint = Append(key.Text);
        return this with { Typed = Typed + 1, Complaint = complaint, Trouble = null };
    }

    // What is wrong with it; empty for nothing.
    private string Append(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsBmp && EnrolmentCode.IsSeparator((char)rune.Value)) continue;
            if (!rune.IsBmp || EnrolmentCode.Letter((char)rune.Value) is not { } letter) return $"No code has the character '{PlainText.Of(rune.ToString())}': codes are of digits and the letters A to X.";
            if (Code.Length == EnrolmentCode.Length) return $"A code has {EnrolmentCode.Length} characters and no more.";
            Code.Append(letter.ToString());
        }

        return "";
    }

    private Turn Press(Key key, Facts facts)
    {
        if (key.Code == KeyCode.Enter && facts.WaitingJob.Length > 0) return Turn.Stay(this, new BeginJob());
        if (key.Code is KeyCode.Enter or KeyCode.Escape or KeyCode.Interrupt) return Turn.Back(this);
        return key.Is('r') && Trouble is not null ? Try(this, facts) : Turn.Stay(this);
    }

    // Whether the server really lets this PC in, and what its contract says, is better known now than at the first backup.
    private static Turn Try(EnrolScreen screen, Facts facts, params IReadOnlyList<Effect> effects) => facts.Stores.FirstOrDefault(store => store.Name == ApplianceSettings.ServerName) is { } way
        ? Turn.Stay(screen with { Doing = $"opening {way.Address}", IsGivenUp = false, Trouble = null }, [.. effects, new OpenTheStore(way, IsForBackup: false)])
        : Turn.Stay(screen with { Doing = "", IsGivenUp = false, Trouble = null }, effects);
}
