// The clock: this PC's, the server's, and how far they are apart.
using System.Globalization;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Screens;

/// <summary>Compares clocks. It sets none: which of two is right, nobody here knows.</summary>
internal sealed record TimeScreen : Screen
{
    /// <summary>The server's clock minus this PC's; null before it was asked.</summary>
    public TimeSpan? StoreAhead { get; init; }

    /// <summary>The store that was asked.</summary>
    public string Store { get; init; } = "";

    /// <summary>True while it is asked.</summary>
    public bool IsAsking { get; init; }

    /// <summary>Why it did not answer.</summary>
    public FaultReport? Trouble { get; init; }

    internal override string Title => "Time";

    internal override IReadOnlyList<string> Help =>
    [
        "Images are dated by this PC's clock. When it is wrong by more than five minutes, a backup says so, and prune does not count its image.",
        "C asks the first store of the settings for its time: a file of no content is made in the store and removed. The clock itself is set in the PC's firmware set-up, or with 'date -s' in the shell until the PC is switched off.",
    ];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        ClocksCompared compared when IsAsking => Turn.Stay(this with { IsAsking = false, StoreAhead = compared.StoreAhead, Store = compared.Store, Trouble = null }),
        EffectFailed { Effect: CompareClocks } failed => Turn.Stay(this with { IsAsking = false, Trouble = failed.Report }),
        KeyPressed { Key.Code: KeyCode.Escape or KeyCode.Interrupt or KeyCode.Enter } => Turn.Back(this),
        KeyPressed { Key: var key } when key.Is('c') && !IsAsking && facts.Stores.Count > 0 => Turn.Stay(this with { IsAsking = true, Trouble = null, StoreAhead = null }, new CompareClocks(facts.Stores[0])),
        _ => Turn.Stay(this),
    };

    internal override FaultReport? Obstacle => Trouble;

    internal override Prompt Ask(View view) => IsAsking ? new WaitPrompt("asking the store for its time") : new KeyPrompt();

    internal override Page Show(View view)
    {
        var now = view.Facts.Now;
        List<TextLine> lines =
        [
            TextLine.Of("This PC").To(14).And(now.ToString("dddd, yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture), Role.Strong),
            TextLine.Of("In UTC").To(14).And(now.UtcDateTime.ToString("dddd, yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
            TextLine.Of("Time zone").To(14).And(TextCells.Fit(view.Facts.Machine.TimeZone, view.Width - 15, view.Look.Cut)),
        ];
        if (IsAsking) lines.AddRange([TextLine.Empty, PageText.Waiting(view, "Asking the store for its time")]);
        if (StoreAhead is { } ahead)
        {
            lines.AddRange([TextLine.Of("The store").To(14).And(Add(now, ahead).ToString("dddd, yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture), Role.Strong), .. PageText.Wrapped(Store, view.Width - 15, Role.Dim, new string(' ', 14)), TextLine.Empty]);
            lines.AddRange(ClockCheck.Complain(ahead) is { } complaint ? PageText.Wrapped(complaint, view.Width, Role.Warning) : PageText.Wrapped("The clocks agree.", view.Width, Role.Good));
        }
        else if (view.Facts.Stores.Count == 0)
        {
            lines.AddRange([TextLine.Empty, .. PageText.Wrapped("There are no settings that name a store whose clock could be asked.", view.Width, Role.Dim)]);
        }

        if (Trouble is not null) lines.AddRange([TextLine.Empty, .. PageText.Trouble(Trouble, view.Width)]);
        return new Page { Lines = lines, Keys = view.Facts.Stores.Count > 0 ? [("C", "Compare with the store"), ("Esc", "Back")] : [("Esc", "Back")] };
    }

    // A clock may say anything.
    private static DateTimeOffset Add(DateTimeOffset now, TimeSpan ahead) => ahead > DateTimeOffset.MaxValue.AddDays(-2) - now || ahead < DateTimeOffset.MinValue.AddDays(2) - now ? now : now + ahead;
}
