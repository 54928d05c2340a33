// What a person or a settings file can choose about a backup.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>What becomes of an image whose backup is cancelled.</summary>
public enum CancelChoice
{
    /// <summary>It is removed.</summary>
    CleanUp,

    /// <summary>It stays, and the next backup of the same kind goes on with it.</summary>
    Keep,
}

/// <summary>Choices of a backup.</summary>
public sealed record BackupOptions
{
    /// <summary>The PC.</summary>
    public required PcRecord Pc { get; init; }

    /// <summary>The user's part of the image's id.</summary>
    public string Name { get; init; } = "backup";

    /// <summary>How the image is made.</summary>
    public ImageKind Kind { get; init; } = ImageKind.Full;

    /// <summary>zstd level, 1 to 19; null for one that follows the slowest stage.</summary>
    public int? Level { get; init; } = 3;

    /// <summary>Byte that unused blocks read as in the image.</summary>
    public byte Pad { get; init; }

    /// <summary>What happens to unpartitioned space.</summary>
    public GapPolicy Gaps { get; init; } = GapPolicy.Smart;

    /// <summary>The keys of the image; null for one that is not encrypted. Stays the caller's.</summary>
    public KeySet? Keys { get; init; }

    /// <summary>The unfinished image that must be gone on with, and nothing else; null lets the job look for one, and begin a new one where there is none.</summary>
    public ImageId? ResumeOnly { get; init; }

    /// <summary>How long a lost connection is tried again.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Asked when the job was cancelled.</summary>
    public Func<CancelChoice> OnCancel { get; init; } = () => CancelChoice.CleanUp;

    /// <summary>Whether the finished image is read back, decoded and checked.</summary>
    public bool Verify { get; init; }

    /// <summary>Stored bytes at which a segment is closed, by the rate at which the job sends; ascending, the last entry without an upper rate.</summary>
    public IReadOnlyList<SegmentRate> SegmentByRate { get; init; } = SegmentRate.Usual;

    /// <summary>Most stored bytes of chunks that are sent in a second; 0 for no limit.</summary>
    public long LimitBytesPerSecond { get; init; }

    /// <summary>Program name and version for the manifest.</summary>
    public required string Program { get; init; }
}

/// <summary>How a backup ended.</summary>
/// <param name="Image">The finished image.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Elapsed">How long it took, maps included, verification not.</param>
/// <param name="VerifyElapsed">How long the verification took; null when there was none.</param>
public sealed record BackupResult(ImageId Image, Manifest Manifest, TimeSpan Elapsed, TimeSpan? VerifyElapsed)
{
    /// <summary>Used bytes that could not be read, of all disks.</summary>
    public long UnreadableBytes => Manifest.Disks.Sum(disk => disk.Unreadable.Sum(range => range.Length));
}
