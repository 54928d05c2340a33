// One screen: a value that takes messages and gives its next value, and that can be looked at.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Setup;
using BootConsole.Appliance.Terminal;
using BootConsole.Settings;

namespace BootConsole.Appliance.Screens;

/// <summary>What every screen may show of its surroundings.</summary>
internal sealed record Facts
{
    /// <summary>The PC's name.</summary>
    public required string Pc { get; init; }

    /// <summary>Program name and version.</summary>
    public required string Program { get; init; }

    /// <summary>Stores of the settings file.</summary>
    public IReadOnlyList<StoreWay> Stores { get; init; } = [];

    /// <summary>What the settings file says of this PC's backups; null without one.</summary>
    public BackupSettings? Backup { get; init; }

    /// <summary>The restore that the settings file offers first; null for none.</summary>
    public AssistantOrder? Assistant { get; init; }

    /// <summary>How the unattended job ended that ran before the console was opened; null for none.</summary>
    public WorkEnd? Ended { get; init; }

    /// <summary>Network, keyboard and time zone as the settings file says; the defaults without one.</summary>
    public PcSettings Machine { get; init; } = new() { Name = "pc" };

    /// <summary>How the network came up when the PC was started; null where it was not started from a medium.</summary>
    public SetupReport? Network { get; init; }

    /// <summary>True where the PC was started from a BootConsole medium, and may be switched off.</summary>
    public bool IsBootImage { get; init; }

    /// <summary>Where this PC gets the key that it has not: it was booted from the network. Null when it has one, or needs none.</summary>
    public EnrolmentPlace? Enrolment { get; init; }

    /// <summary>The unattended job that waits for that key, in words; empty for none.</summary>
    public string WaitingJob { get; init; } = "";

    /// <summary>This PC's clock, in its time zone.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>What happened in this session, oldest first.</summary>
    public IReadOnlyList<string> Log { get; init; } = [];
}

/// <summary>A screen. Pure: the same message on the same screen gives the same turn.</summary>
internal abstract record Screen
{
    /// <summary>Its name, for the bar at the top.</summary>
    internal abstract string Title { get; }

    /// <summary>What a person needs to know of it, a paragraph each.</summary>
    internal abstract IReadOnlyList<string> Help { get; }

    /// <summary>True for the screen from which the same thing is begun again.</summary>
    internal virtual bool StartsOver => false;

    /// <summary>What is asked for when it is opened.</summary>
    internal virtual IReadOnlyList<Effect> Begin() => [];

    /// <summary>The screen when it is seen again because the one above was left.</summary>
    internal virtual Turn Again() => Turn.Stay(this);

    /// <summary>Takes a message. Keys come only to the uppermost screen, answers to all.</summary>
    internal abstract Turn Take(Message message, Facts facts);

    /// <summary>What it looks like.</summary>
    internal abstract Page Show(View view);

    /// <summary>What it asks for.</summary>
    internal virtual Prompt Ask(View view) => new KeyPrompt();

    /// <summary>Why it goes no further; null when nothing is in the way.</summary>
    internal virtual FaultReport? Obstacle => null;
}

/// <summary>Where a turn leads.</summary>
internal enum Way
{
    /// <summary>The screen stays.</summary>
    Stay,

    /// <summary>Another one opens above it.</summary>
    Open,

    /// <summary>Another one takes its place.</summary>
    Replace,

    /// <summary>It closes.</summary>
    Back,

    /// <summary>All close that were opened above the first one that <see cref="Screen.StartsOver"/>; without one as <see cref="Home"/>.</summary>
    StartOver,

    /// <summary>All close but the first.</summary>
    Home,
}

/// <summary>What a message led to.</summary>
/// <param name="Self">The screen from now on.</param>
/// <param name="Way">Where it leads.</param>
/// <param name="Next">The other screen, where it leads to a new one.</param>
/// <param name="Effects">What is to be done.</param>
internal sealed record Turn(Screen Self, Way Way, Screen? Next, IReadOnlyList<Effect> Effects)
{
    internal static Turn Stay(Screen self, params IReadOnlyList<Effect> effects) => new(self, Way.Stay, null, effects);

    internal static Turn Open(Screen self, Screen next, params IReadOnlyList<Effect> effects) => new(self, Way.Open, next, effects);

    internal static Turn Replace(Screen self, Screen next, params IReadOnlyList<Effect> effects) => new(self, Way.Replace, next, effects);

    internal static Turn Back(Screen self, params IReadOnlyList<Effect> effects) => new(self, Way.Back, null, effects);

    internal static Turn StartOver(Screen self) => new(self, Way.StartOver, null, []);

    internal static Turn Home(Screen self, params IReadOnlyList<Effect> effects) => new(self, Way.Home, null, effects);
}

/// <summary>What a screen is shown on.</summary>
/// <param name="Look">Signs and colours.</param>
/// <param name="Facts">The surroundings.</param>
/// <param name="Width">Cells of a line.</param>
/// <param name="Height">Lines of the page.</param>
internal sealed record View(Look Look, Facts Facts, int Width, int Height);

/// <summary>What a screen shows.</summary>
internal sealed record Page
{
    /// <summary>The lines. Longer pages than the terminal are scrolled.</summary>
    public required IReadOnlyList<TextLine> Lines { get; init; }

    /// <summary>The line that must be seen.</summary>
    public int Focus { get; init; }

    /// <summary>Where the cursor blinks, as line and column of the page; null for nowhere.</summary>
    public (int Line, int Column)? Cursor { get; init; }

    /// <summary>The keys that do something here, with what they do.</summary>
    public required IReadOnlyList<(string Key, string Does)> Keys { get; init; }
}
