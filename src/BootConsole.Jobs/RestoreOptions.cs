// What a person may choose about a restore.
namespace BootConsole.Jobs;

/// <summary>The choices of a restore. The default restores a whole disk.</summary>
public sealed record RestoreOptions
{
    /// <summary>True to read the target first, and to fetch and write only the chunks that differ.</summary>
    public bool OnlyDifferences { get; init; }

    /// <summary>Numbers of the partitions that are restored alone, onto the same ones of the target; empty for the whole disk.</summary>
    public IReadOnlyList<int> Partitions { get; init; } = [];
}
