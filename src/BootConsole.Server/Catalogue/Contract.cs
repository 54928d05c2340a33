// What a customer's PCs may do with their stores, for how long.
using BootConsole.Core;

namespace BootConsole.Server.Catalogue;

/// <summary>A contract, as the catalogue has it.</summary>
internal sealed record Contract
{
    /// <summary>Its number; 0 for one that is not in the catalogue yet.</summary>
    internal long Id { get; init; }

    /// <summary>Its name, by which commands call it.</summary>
    internal required string Name { get; init; }

    /// <summary>Whose it is.</summary>
    internal required string Customer { get; init; }

    /// <summary>The first day, in UTC.</summary>
    internal required DateOnly FirstDay { get; init; }

    /// <summary>The last day, in UTC; null for no end.</summary>
    internal DateOnly? LastDay { get; init; }

    /// <summary>For how many days after the last one images can still be restored.</summary>
    internal required int GraceDays { get; init; }

    /// <summary>Most stored bytes of each PC; null for any number.</summary>
    internal long? SpaceBytes { get; init; }

    /// <summary>Most finished images of each PC; null for any number.</summary>
    internal long? ImageLimit { get; init; }

    /// <summary>True when PCs may delete their images; false for append-only stores.</summary>
    internal required bool AllowsDeletion { get; init; }

    /// <summary>The kinds of boot media that may be made for its PCs.</summary>
    internal required IReadOnlyList<string> Media { get; init; }

    /// <summary>What <c>images prune</c> keeps.</summary>
    internal Retention Retention { get; init; } = new();

    /// <summary>Days for which <c>images prune</c> keeps everything, whatever the retention says.</summary>
    internal required int MinimumAgeDays { get; init; }

    /// <summary>A PC without a new image for longer than this many days is overdue; null for never.</summary>
    internal int? OverdueDays { get; init; }

    /// <summary>The first moment after the last day; null for no end.</summary>
    internal DateTimeOffset? Ends => LastDay is { } day ? Midnight(day.AddDays(1)) : null;

    /// <summary>The first moment in which images can not even be read any more; null for no end.</summary>
    internal DateTimeOffset? GraceEnds => Ends?.AddDays(GraceDays);

    /// <summary>The first moment of the first day.</summary>
    internal DateTimeOffset Begins => Midnight(FirstDay);

    /// <summary>Where the contract stands at a moment.</summary>
    internal ContractStanding StandingAt(DateTimeOffset now) =>
        now < Begins ? ContractStanding.NotYet : Ends is not { } end || now < end ? ContractStanding.Running : now < GraceEnds ? ContractStanding.Grace : ContractStanding.Over;

    /// <summary>Holds the contract against itself.</summary>
    /// <exception cref="UsageFault">It contradicts itself.</exception>
    internal void Check()
    {
        ServerNames.CheckName(Name, "a contract's name");
        ServerNames.CheckText(Customer, "a customer's name");
        if (LastDay < FirstDay) throw new UsageFault("the contract would end before it begins") { Which = Name, Expected = $"a last day from {FirstDay:yyyy-MM-dd} on", Found = $"{LastDay:yyyy-MM-dd}" };
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}

/// <summary>Where a contract stands.</summary>
internal enum ContractStanding
{
    /// <summary>It has not begun.</summary>
    NotYet,

    /// <summary>Backups and restores.</summary>
    Running,

    /// <summary>It has ended; images can be restored.</summary>
    Grace,

    /// <summary>Nobody comes in.</summary>
    Over,
}

/// <summary>How many images of each kind of time are kept; all null: everything is.</summary>
internal sealed record Retention(int? Last = null, int? Daily = null, int? Weekly = null, int? Monthly = null, int? Yearly = null)
{
    /// <summary>True when nothing is ever pruned.</summary>
    internal bool KeepsEverything => this == new Retention();
}
