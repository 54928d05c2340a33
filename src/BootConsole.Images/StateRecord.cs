// The record of an unfinished image, state.json: who writes it, with which parameters, and what it may refer to.
namespace BootConsole.Images;

/// <summary>Where an unfinished image stands.</summary>
public enum JobState
{
    /// <summary>A job works on it, or was cut off while it did.</summary>
    Running,

    /// <summary>Stopped on purpose, to be gone on with.</summary>
    Suspended,

    /// <summary>Ended by a fault.</summary>
    Failed,
}

/// <summary>The state record. Rewritten by the job that owns it; removed when the image is finished.</summary>
public sealed record StateRecord
{
    /// <summary>Value of <see cref="Format"/>.</summary>
    public const string FormatName = "bootconsole-state";

    /// <summary>Always <see cref="FormatName"/>.</summary>
    public required string Format { get; init; }

    /// <summary>Version of the format, 1.</summary>
    public required int Version { get; init; }

    /// <summary>The image's id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required JobState State { get; init; }

    /// <summary>Token of the lease of the job that owns the image.</summary>
    public required string Token { get; init; }

    /// <summary>How it is made.</summary>
    public required ImageKind Kind { get; init; }

    /// <summary>The image it is made against; null for full and copy.</summary>
    public string? Parent { get; init; }

    /// <summary>Images whose files this one may refer to; deletion leaves those alone.</summary>
    public IReadOnlyList<string> RefersTo { get; init => field = value ?? []; } = [];

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The PC's name.</summary>
    public required string Pc { get; init; }

    /// <summary>Key id; null when not encrypted.</summary>
    public string? KeyId { get; init; }

    /// <summary>Pad byte.</summary>
    public required int Pad { get; init; }

    /// <summary>The disks.</summary>
    public required IReadOnlyList<StateDisk> Disks { get; init; }

    /// <summary>Why it failed; empty otherwise.</summary>
    public string Reason { get; init => field = value ?? ""; } = "";
}

/// <summary>A disk of an unfinished image.</summary>
/// <param name="Path">The path it was read from.</param>
/// <param name="Model">Model; may be empty.</param>
/// <param name="Serial">Serial number; may be empty.</param>
/// <param name="Wwn">World Wide Name; may be empty.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="SectorBytes">Logical sector size in bytes.</param>
/// <param name="ChunkBytes">Chunk size in bytes.</param>
public sealed record StateDisk(string Path, string Model, string Serial, string Wwn, long Size, int SectorBytes, int ChunkBytes);
