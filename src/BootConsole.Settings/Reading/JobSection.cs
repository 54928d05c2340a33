// Reads [job].
namespace BootConsole.Settings.Reading;

/// <summary>Reader of the table <c>[job]</c>.</summary>
internal static class JobSection
{
    private const int MaxCountdownSeconds = 3600;

    private static readonly (string, JobAction)[] Actions = [("backup", JobAction.Backup), ("restore", JobAction.Restore), ("menu", JobAction.Menu)];
    private static readonly (string, JobEnd)[] Ends = [("poweroff", JobEnd.PowerOff), ("reboot", JobEnd.Reboot), ("menu", JobEnd.Menu)];
    private static readonly (string, JobFailure)[] Failures = [("menu", JobFailure.Menu), ("retry", JobFailure.Retry), ("poweroff", JobFailure.PowerOff)];

    /// <summary>Reads the table.</summary>
    public static JobSettings Read(SectionReader section)
    {
        var job = new JobSettings
        {
            Action = section.Parsed("action", JobAction.Menu, NameText.Words(Actions), NameText.OneOf(Actions)),
            At = section.Parsed<JobStart?>("at", new StartNow(), TimeText.StartExpected, TimeText.Start) ?? new StartNow(),
            Jitter = section.Parsed("jitter", TimeSpan.Zero, "a duration below one day such as \"30 min\"", Jitter),
            Afterwards = section.Parsed("afterwards", JobEnd.Menu, NameText.Words(Ends), NameText.OneOf(Ends)),
            OnFailure = section.Parsed("on_failure", JobFailure.Menu, NameText.Words(Failures), NameText.OneOf(Failures)),
            CountdownSeconds = section.Integer("countdown", 15, 0, MaxCountdownSeconds),
        };
        if (!section.Has("action")) section.Missing("action", NameText.Words(Actions));
        return job;
    }

    /// <summary>Keys that contradict what the job does; nothing is concluded from keys that are wrong themselves.</summary>
    public static void CheckAgainstAction(SectionReader section, JobSettings job)
    {
        const string realAction = "action = \"backup\" or \"restore\", or no such key";
        if (job.Jitter > TimeSpan.Zero && job.At is StartNow && !section.HasError("at"))
            section.Fail("jitter", "delays a start that has no time", "a time of day or a date in at, or no such key");
        if (job.Action != JobAction.Menu || section.HasError("action")) return;
        if (job.At is not StartNow) section.Fail("at", "sets a time for a menu", realAction);
        if (job.OnFailure == JobFailure.Retry) section.Fail("on_failure", "retries a menu", realAction);
    }

    private static string? Jitter(string text, out TimeSpan value) =>
        TimeText.Duration(text, out value) ?? (value >= TimeSpan.FromDays(1) ? "is not less than a day" : null);
}
