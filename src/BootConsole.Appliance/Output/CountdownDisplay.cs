// Shows how long a job still waits for its time: live on a terminal, a line now and then elsewhere, JSON lines for scripts.
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace BootConsole.Appliance.Output;

/// <summary>The countdown, on standard error.</summary>
/// <param name="errors">Standard error.</param>
/// <param name="style">How it is shown.</param>
/// <param name="zone">The time zone that the time is shown in.</param>
/// <param name="hint">What ends the wait, as a sentence.</param>
internal sealed class CountdownDisplay(IAnsiConsole errors, ProgressStyle style, TimeZoneInfo zone, string hint = "Ctrl-C ends it.")
{
    // A log of a night has a dozen lines then, and still shows that somebody waits.
    private static readonly TimeSpan LineEvery = TimeSpan.FromHours(1);

    // Towards the end somebody may stand before a serial line and want to press a key in time.
    private static readonly TimeSpan LastLines = TimeSpan.FromMinutes(1), LastLineEvery = TimeSpan.FromSeconds(10);

    private TimeSpan? _shown;

    /// <summary>Runs a wait under display.</summary>
    /// <param name="wait">Waits, and calls what it is given at each look at the clock.</param>
    internal Task ShowAsync(Func<Action<DateTimeOffset, TimeSpan>, Task> wait) => style == ProgressStyle.Live
        ? errors.Live(Lines("")).AutoClear(true).StartAsync(context => wait((due, left) => context.UpdateTarget(Lines($"{Waiting(due)}, in {Clock(left)}. {hint}"))))
        : wait(ShowLine);

    /// <summary>Until when, in words.</summary>
    internal string Waiting(DateTimeOffset due) => "waiting until " + TimeZoneInfo.ConvertTime(due, zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    // Never a single line, as in ProgressView: the one before would stay above it at each repaint.
    private static Rows Lines(string text) => new(new Text(text), new Text(" "));

    private void ShowLine(DateTimeOffset due, TimeSpan left)
    {
        // A clock that was set back makes the wait longer than it was when last shown.
        if (_shown is { } shown && left <= shown && shown - left < (left < LastLines ? LastLineEvery : LineEvery)) return;
        _shown = left;
        errors.Profile.Out.Writer.WriteLine(style == ProgressStyle.Json
            ? JsonSerializer.Serialize(new ProgressDocument(Waiting(due), 0, 0, new Dictionary<string, double>(), null, Math.Round(left.TotalSeconds)), Documents.Context.ProgressDocument)
            : $"{Waiting(due)}, in {Clock(left)}. {hint}");
    }

    // The last second counts as one: nobody waits 0:00:00.
    private static string Clock(TimeSpan left)
    {
        var seconds = (long)Math.Ceiling(left.TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");
    }
}
