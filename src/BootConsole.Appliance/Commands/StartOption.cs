// --at: when a job begins, and the wait until then.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Jobs;
using BootConsole.Settings;

namespace BootConsole.Appliance.Commands;

/// <summary>The time to begin.</summary>
internal static class StartOption
{
    internal static Option<string> At { get; } = new("--at") { HelpName = "TIME", Description = "when to begin: now, HH:MM (the next time the clock shows it), or a date and time", DefaultValueFactory = _ => "now" };

    /// <summary>Reads the option.</summary>
    /// <exception cref="UsageFault">It is no time, or a date that has passed.</exception>
    internal static JobStart Read(CommandSession session)
    {
        var text = session.Arguments.GetValue(At)!;
        var start = JobStartTime.Parse(text) ?? throw new UsageFault("this is no time to begin") { Which = "--at", Found = text, Expected = JobStartTime.Expected };
        var clock = session.Services.Clock;
        if (start.Next(clock.GetUtcNow(), clock.LocalTimeZone) is var due && start is not StartNow && due < clock.GetUtcNow())
            throw new UsageFault("the time to begin has passed") { Which = "--at", Found = text, Expected = $"a time after {TimeZoneInfo.ConvertTime(clock.GetUtcNow(), clock.LocalTimeZone):yyyy-MM-dd'T'HH:mm:ss}" };
        return start;
    }

    /// <summary>Waits until the job is to begin.</summary>
    internal static Task WaitAsync(CommandSession session, JobStart start)
    {
        var clock = session.Services.Clock;
        return new CountdownDisplay(session.Services.Errors, session.ProgressStyle, clock.LocalTimeZone)
            .ShowAsync(show => new StartWait(clock).UntilAsync(now => start.Next(now, clock.LocalTimeZone), show, session.Cancel));
    }
}
