// A job at work: how far it is, what sets the pace, what happened; and the question before it is cancelled.
using System.Collections.Immutable;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;
using BootConsole.Core;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Screens;

/// <summary>What kind of job runs.</summary>
internal enum WorkKind
{
    /// <summary>A backup.</summary>
    Backup,

    /// <summary>A restore.</summary>
    Restore,

    /// <summary>A verification.</summary>
    Verify,

    /// <summary>A deletion.</summary>
    Delete,
}

/// <summary>Shows the running job.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Of">What it is done with.</param>
internal sealed record WorkScreen(WorkKind Kind, string Of) : Screen
{
    private const int MostRates = 240, MostEvents = 200, LabelCells = 10;

    /// <summary>Asked for when the screen opens; null when the screen before has asked already.</summary>
    public Effect? First { get; init; }

    /// <summary>The last picture of the job; null before the first.</summary>
    public ProgressSample? Sample { get; init; }

    /// <summary>The disks, where several are written at once.</summary>
    public IReadOnlyList<WorkPart> Parts { get; init; } = [];

    /// <summary>How long it runs.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The rate so far, twice a second, the newest last.</summary>
    public ImmutableList<double> Rates { get; init; } = [];

    /// <summary>What happened, the newest last.</summary>
    public ImmutableList<string> Events { get; init; } = [];

    /// <summary>True while it is asked what a cancel means.</summary>
    public bool Asks { get; init; }

    /// <summary>True while the job is held up.</summary>
    public bool IsPaused { get; init; }

    /// <summary>True once the job was told to stop.</summary>
    public bool IsStopping { get; init; }

    internal override string Title => Kind switch
    {
        WorkKind.Backup => "Backing up",
        WorkKind.Restore => "Restoring",
        WorkKind.Verify => "Verifying",
        _ => "Deleting",
    };

    internal override IReadOnlyList<string> Help =>
    [
        "Each stage with its rate and how busy it is. The slowest one sets the pace: a faster disk, network or processor helps only there.",
        "A lost connection is tried again for hours; what was sent stays sent. P pauses, for a moment in which the network or the disk is needed. Esc asks whether the job shall stop, and what becomes of what it has done.",
    ];

    internal override IReadOnlyList<Effect> Begin() => First is null ? [] : [First];

    internal override Turn Take(Message message, Facts facts) => message switch
    {
        WorkProgressed progress => Turn.Stay(this with
        {
            Sample = progress.Sample,
            Parts = progress.Parts,
            Elapsed = progress.Elapsed,
            Rates = Rates.Add(Rate(progress.Sample)) is { Count: > MostRates } rates ? rates.RemoveAt(0) : Rates.Add(Rate(progress.Sample)),
            Events = [.. Events.AddRange(progress.Events).TakeLast(MostEvents)],
        }),
        WorkEnded ended => Turn.Replace(this, new EndScreen(Kind, Of, ended.End)),
        // Nothing could be started at all.
        EffectFailed { Effect: RunBackup or RunRestore or RunVerify or RunDelete } failed => Turn.Replace(this, new EndScreen(Kind, Of, new WorkEnd(WorkOutcome.Failed, [], failed.Report))),
        KeyPressed pressed => Asks ? Answer(pressed.Key) : Press(pressed.Key),
        _ => Turn.Stay(this),
    };

    internal override Prompt Ask(View view) => Asks ? new KeyPrompt() : new WaitPrompt(Sample is { Activity.Length: > 0 } sample ? ProgressView.Line(sample) : "starting");

    internal override Page Show(View view)
    {
        List<TextLine> lines = [.. PageText.Wrapped(Of, view.Width, Role.Strong), TextLine.Empty];
        if (Sample is not { Activity.Length: > 0 } sample) lines.Add(PageText.Waiting(view, "Starting"));
        else lines.AddRange(Progress(sample, view));
        if (IsPaused && !IsStopping) lines.AddRange([TextLine.Empty, .. PageText.Wrapped("Paused. The connection is kept; what was under way is finished. P goes on.", view.Width, Role.Warning)]);
        if (IsStopping) lines.AddRange([TextLine.Empty, PageText.Waiting(view, "Stopping; what is open is closed first")]);
        if (Asks) lines.AddRange([TextLine.Empty, .. Question(view)]);
        var room = Math.Max(2, view.Height - lines.Count - 2);
        if (Events.Count > 0) lines.AddRange([TextLine.Empty, .. Events.SelectMany(line => PageText.Wrapped(line, view.Width, Role.Dim, "- ")).TakeLast(room)]);
        return new Page { Lines = lines, Keys = Asks ? Kind == WorkKind.Backup ? [("K", "Keep what was sent"), ("C", "Clean up"), ("Esc", "Go on")] : [("Y", "Stop"), ("Esc", "Go on")] : IsStopping ? [] : [("P", IsPaused ? "Go on" : "Pause"), ("Esc", "Cancel")] };
    }

    private IEnumerable<TextLine> Progress(ProgressSample sample, View view)
    {
        yield return TextLine.Of(TextCells.Fit(sample.Activity, view.Width, view.Look.Cut));
        if (sample.TotalBytes > 0)
        {
            var share = Math.Clamp((double)sample.DoneBytes / sample.TotalBytes, 0, 1);
            var cells = Math.Max(10, view.Width - 8);
            var full = (int)(cells * share);
            yield return TextLine.Of(string.Concat(Enumerable.Repeat(view.Look.Full, full)), Role.Good).And(string.Concat(Enumerable.Repeat(view.Look.Rest, cells - full)), Role.Dim).And($" {Math.Floor(100 * share),4:0} %", Role.Strong);
            yield return TextLine.Of($"{ByteSize.Format(sample.DoneBytes)} of {ByteSize.Format(sample.TotalBytes)}{(sample.TimeLeft is { } left ? $", about {ProgressView.Duration(left)} left" : "")}, running for {ProgressView.Duration(Elapsed)}");
        }
        else
        {
            yield return TextLine.Of($"running for {ProgressView.Duration(Elapsed)}");
        }

        foreach (var part in Parts) yield return Bar(part, view);
        yield return TextLine.Empty;
        foreach (var stage in sample.Stages.Where(stage => stage.Bytes > 0 || stage.BusyShare > 0))
        {
            var isSlowest = stage.Stage == sample.Bottleneck;
            yield return TextLine.Of(ProgressView.Name(stage.Stage), isSlowest ? Role.Strong : Role.Normal).To(LabelCells + 1)
                .And($"{ByteSize.FormatRate(stage.BytesPerSecond),12}  busy {100 * stage.BusyShare,3:0} %  {ByteSize.Format(stage.Bytes),10}").And(isSlowest ? "  <- slowest" : "", Role.Warning);
        }

        if (sample.Level is { } level) yield return TextLine.Of($"compression level {level} (chosen as it goes)", Role.Dim);
        if (Rates.Count > 1) yield return TextLine.Of("rate").To(LabelCells + 1).And(Curve(view), Role.Good);
    }

    private static TextLine Bar(WorkPart part, View view)
    {
        const int NameCells = 14, StateCells = 22;
        var share = part.TotalBytes > 0 ? Math.Clamp((double)part.DoneBytes / part.TotalBytes, 0, 1) : 0;
        var cells = Math.Max(10, view.Width - NameCells - StateCells - 8);
        var full = (int)(cells * share);
        var state = TextCells.Fit(part.State, StateCells - 1, view.Look.Cut);
        return TextLine.Of(TextCells.Fit(part.Disk, NameCells - 1, view.Look.Cut)).To(NameCells)
            .And(string.Concat(Enumerable.Repeat(view.Look.Full, full)), Role.Good).And(string.Concat(Enumerable.Repeat(view.Look.Rest, cells - full)), Role.Dim)
            .And($" {Math.Floor(100 * share),4:0} %  ").And(state, part.State == WorkPart.Failed ? Role.Bad : Role.Normal);
    }

    private string Curve(View view)
    {
        var shown = Rates.TakeLast(Math.Max(10, view.Width - LabelCells - 2)).ToList();
        var most = Math.Max(1, shown.Max());
        return string.Concat(shown.Select(rate => view.Look.Curve[(int)Math.Clamp(rate / most * (view.Look.Curve.Length - 1) + 0.5, 0, view.Look.Curve.Length - 1)]));
    }

    private IEnumerable<TextLine> Question(View view) => PageText.Wrapped(
        Kind switch
        {
            WorkKind.Backup => "Stop the backup? K keeps what was sent: the same backup, started again, goes on from there. C removes it from the store. Esc goes on.",
            WorkKind.Restore => "Stop the restore? The disk then has no partition table and cannot start; restore it again, 'only what differs' writes what is missing. Y stops, Esc goes on.",
            WorkKind.Verify => "Stop verifying? Nothing is changed by that. Y stops, Esc goes on.",
            _ => "Stop deleting? What is not removed yet is removed when the image is deleted again. Y stops, Esc goes on.",
        },
        view.Width,
        Role.Warning);

    private Turn Press(Key key)
    {
        if (IsStopping) return Turn.Stay(this);
        if (key.Code is KeyCode.Escape or KeyCode.Interrupt) return Turn.Stay(this with { Asks = true });
        return key.Is('p') ? Turn.Stay(this with { IsPaused = !IsPaused }, new PauseWork(!IsPaused)) : Turn.Stay(this);
    }

    private Turn Answer(Key key) => (Kind, key) switch
    {
        (WorkKind.Backup, _) when key.Is('k') => Turn.Stay(this with { Asks = false, IsStopping = true }, new CancelWork(CancelChoice.Keep)),
        (WorkKind.Backup, _) when key.Is('c') => Turn.Stay(this with { Asks = false, IsStopping = true }, new CancelWork(CancelChoice.CleanUp)),
        (not WorkKind.Backup, _) when key.Is('y') => Turn.Stay(this with { Asks = false, IsStopping = true }, new CancelWork(CancelChoice.Keep)),
        (_, { Code: KeyCode.Escape }) => Turn.Stay(this with { Asks = false }),
        _ => Turn.Stay(this),
    };

    // What goes into the curve: the stage that a person waits for.
    private static double Rate(ProgressSample sample) => sample.Stages.Where(stage => stage.Stage is not Stage.Limit).Select(stage => stage.BytesPerSecond).DefaultIfEmpty(0).Max();
}
