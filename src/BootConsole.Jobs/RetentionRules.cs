// How many images of each kind of period are kept: what a person says to `prune`.
namespace BootConsole.Jobs;

/// <summary>Numbers of images to keep. A period without images does not count, so a PC that was off for a month loses nothing by it.</summary>
public sealed record RetentionRules
{
    /// <summary>The newest ones, whenever they were made.</summary>
    public int Last { get; init; }

    /// <summary>Days (UTC) of which the newest image is kept.</summary>
    public int Daily { get; init; }

    /// <summary>Weeks (ISO 8601, Monday to Sunday, UTC) of which the newest image is kept.</summary>
    public int Weekly { get; init; }

    /// <summary>Months (UTC) of which the newest image is kept.</summary>
    public int Monthly { get; init; }

    /// <summary>Years (UTC) of which the newest image is kept.</summary>
    public int Yearly { get; init; }

    /// <summary>True when the rules keep nothing at all.</summary>
    public bool KeepNothing => Math.Max(Last, Math.Max(Math.Max(Daily, Weekly), Math.Max(Monthly, Yearly))) <= 0;
}
