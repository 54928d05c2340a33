// [job]: what `bootconsole run` does, when, and what comes after.
using System.Globalization;

namespace BootConsole.Settings;

/// <summary>What is done without a person.</summary>
public enum JobAction
{
    /// <summary>Nothing: the menu is shown.</summary>
    Menu,

    /// <summary>A backup as <c>[backup]</c> says.</summary>
    Backup,

    /// <summary>A restore as <c>[restore]</c> says.</summary>
    Restore,
}

/// <summary>What comes after a job that went well.</summary>
public enum JobEnd
{
    /// <summary>The menu.</summary>
    Menu,

    /// <summary>The PC is switched off.</summary>
    PowerOff,

    /// <summary>The PC starts anew.</summary>
    Reboot,
}

/// <summary>What comes after a job that failed.</summary>
public enum JobFailure
{
    /// <summary>The menu, with the fault on the screen.</summary>
    Menu,

    /// <summary>The job is tried again.</summary>
    Retry,

    /// <summary>The PC is switched off.</summary>
    PowerOff,
}

/// <summary>The unattended job.</summary>
public sealed record JobSettings
{
    /// <summary>What is done.</summary>
    public JobAction Action { get; init; } = JobAction.Menu;

    /// <summary>When it begins.</summary>
    public JobStart At { get; init; } = new StartNow();

    /// <summary>Longest random delay after <see cref="At"/>, so that a room of PCs does not begin at once; less than a day.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.Zero;

    /// <summary>What comes after success.</summary>
    public JobEnd Afterwards { get; init; } = JobEnd.Menu;

    /// <summary>What comes after failure.</summary>
    public JobFailure OnFailure { get; init; } = JobFailure.Menu;

    /// <summary>Seconds in which a key press leads to the menu instead; 0 to 3600.</summary>
    public int CountdownSeconds { get; init; } = 15;
}

/// <summary>When a job begins: <see cref="StartNow"/>, <see cref="StartAtClock"/>, <see cref="StartAtLocal"/> or <see cref="StartAtInstant"/>.</summary>
public abstract record JobStart
{
    private protected JobStart() { }
}

/// <summary>At once.</summary>
public sealed record StartNow : JobStart
{
    /// <inheritdoc/>
    public override string ToString() => "now";
}

/// <summary>When the clock next shows a time, in the PC's time zone.</summary>
/// <param name="Time">Hours and minutes.</param>
public sealed record StartAtClock(TimeOnly Time) : JobStart
{
    /// <inheritdoc/>
    public override string ToString() => Time.ToString("HH:mm", CultureInfo.InvariantCulture);
}

/// <summary>On a day and time in the PC's time zone.</summary>
/// <param name="Time">Day and time, of unspecified kind.</param>
public sealed record StartAtLocal(DateTime Time) : JobStart
{
    /// <inheritdoc/>
    public override string ToString() => Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}

/// <summary>At one instant.</summary>
/// <param name="Time">The instant, with the offset it was written with.</param>
public sealed record StartAtInstant(DateTimeOffset Time) : JobStart
{
    /// <inheritdoc/>
    public override string ToString() => Time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
