// What a person may choose about a restore.
namespace BootConsole.Jobs;

/// <summary>What becomes of the space that nothing uses.</summary>
public enum UnusedSpace
{
    /// <summary>It stays as the target has it.</summary>
    Leave,

    /// <summary>The device is told that it is not needed.</summary>
    Discard,

    /// <summary>It is zeroed.</summary>
    Wipe,
}

/// <summary>The choices of a restore. The default restores a whole disk.</summary>
public sealed record RestoreOptions
{
    /// <summary>True to read the target first, and to fetch and write only the chunks that differ.</summary>
    public bool OnlyDifferences { get; init; }

    /// <summary>Numbers of the partitions that are restored alone, onto the same ones of the target; empty for the whole disk.</summary>
    public IReadOnlyList<int> Partitions { get; init; } = [];

    /// <summary>What becomes of the space that the image calls unused, and of what lies behind the image's end on a larger target.</summary>
    public UnusedSpace Unused { get; init; }

    /// <summary>True to give the disk and its partitions new random ids (GPT: GUIDs, MBR: signature).</summary>
    public bool NewIds { get; init; }

    /// <summary>True to grow the last partition and its file system into the room behind it.</summary>
    public bool GrowLast { get; init; }
}
