// How one try of an unattended job ended, and what its record says of that.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;
using BootConsole.Core;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Unattended;

/// <summary>The end of one try.</summary>
/// <param name="Code">The exit code it would have by itself.</param>
/// <param name="Document">What was done; null where it did not come to its end.</param>
/// <param name="Fault">What ended it; null when it is done.</param>
/// <param name="Report">The same in words.</param>
internal sealed record TryEnd(ExitCode Code, JobDocument? Document, Exception? Fault, FaultReport? Report)
{
    /// <summary>True when the job is done, with or without losses.</summary>
    internal bool IsDone => Code is ExitCode.Done or ExitCode.Unreadable;

    /// <summary>What was done, a sentence each.</summary>
    internal IReadOnlyList<string> Sentences(WorkKind kind)
    {
        if (!IsDone) return [];
        List<string> lines = [kind == WorkKind.Restore ? $"Image {Document?.Image} is restored and read back." : $"Image {Document?.Image} is finished and in the store."];
        if (Code == ExitCode.Unreadable) lines.Add($"Some ranges of the disk could not be read; 'bootconsole show {Document?.Image}' lists them.");
        lines.AddRange(Document?.Warnings ?? []);
        return lines;
    }

    /// <summary>The end as a screen shows it.</summary>
    internal WorkEnd ToScreen(WorkKind kind) => new(
        Code switch
        {
            ExitCode.Done => WorkOutcome.Done,
            ExitCode.Unreadable => WorkOutcome.DoneWithLoss,
            ExitCode.Cancelled => WorkOutcome.Cancelled,
            _ => WorkOutcome.Failed,
        },
        Sentences(kind),
        Report);

    /// <summary>The last lines of a record.</summary>
    /// <param name="ended">When it ended.</param>
    /// <param name="storeClockAhead">The store's clock minus this PC's; null when nobody could ask.</param>
    internal string Footer(DateTimeOffset ended, TimeSpan? storeClockAhead)
    {
        List<string> lines =
        [
            storeClockAhead is { } ahead ? $"store-clock-ahead-seconds: {(long)Math.Round(ahead.TotalSeconds)}" : "store-clock-ahead-seconds: unknown",
            $"ended: {RunNotes.Time(ended)}", $"outcome: {ExitCodes.Outcome(Code)}", $"exit-code: {(int)Code}",
        ];
        if (storeClockAhead is { } difference && ClockCheck.Complain(difference) is { } complaint) lines.Add($"clock: {complaint}");
        if (Document?.Image is { } image) lines.Add($"image: {image}");
        // The errors of a settings file have lines of their own; a few of them tell enough.
        if (Report is not null) lines.AddRange([.. Report.What.Split('\n').Take(20).Select(what => $"what: {what}"), $"safe: {Report.Safe}", $"to-do: {Report.Remedy}"]);
        return string.Concat(lines.Select(line => PlainText.Of(line.Length > 1000 ? line[..1000] : line) + "\n"));
    }
}
