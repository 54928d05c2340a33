// [backup]: what is backed up, how, and for whom it is encrypted.
using BootConsole.Core;

namespace BootConsole.Settings;

/// <summary>What a backup builds on.</summary>
public enum BackupKind
{
    /// <summary>Everything; later ones may build on it.</summary>
    Full,

    /// <summary>Everything, but nothing builds on it.</summary>
    Copy,

    /// <summary>What changed since the last full one.</summary>
    Differential,

    /// <summary>What changed since the last one of any kind.</summary>
    Incremental,
}

/// <summary>
/// How backups are made. With <c>[job] action = "backup"</c>, <see cref="Store"/>, <see cref="Disks"/> and <see cref="Encryption"/> are always there;
/// else the console asks for what is missing.
/// </summary>
public sealed record BackupSettings
{
    /// <summary>Name of the store; empty when the file names none.</summary>
    public string Store { get; init; } = "";

    /// <summary>The disks; empty when the file names none.</summary>
    public IReadOnlyList<DiskChoice> Disks { get; init; } = [];

    /// <summary>The user's part of image names; see <see cref="Core.ImageId.IsPart"/>.</summary>
    public string Name { get; init; } = "backup";

    /// <summary>What the backup builds on; a full one is made when there is nothing to build on.</summary>
    public BackupKind Kind { get; init; } = BackupKind.Full;

    /// <summary>zstd level 1 to 19; null lets the slowest stage decide.</summary>
    public int? Level { get; init; }

    /// <summary>The byte that unused blocks read as.</summary>
    public byte Pad { get; init; }

    /// <summary>Most bytes per second on the wire; 0 for no limit.</summary>
    public long LimitBytesPerSecond { get; init; }

    /// <summary>For whom images are encrypted; null when the file does not say.</summary>
    public BackupEncryption? Encryption { get; init; }

    /// <summary>True to read everything back from the store after the backup.</summary>
    public bool Verify { get; init; }

    /// <summary>Stored bytes of a segment by link rate, ascending; the last entry has no upper rate.</summary>
    public IReadOnlyList<SegmentRate> SegmentByRate { get; init; } = SegmentRate.Usual;

    /// <summary>How long a lost connection is tried again.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromHours(12);
}

/// <summary>For whom images are encrypted: <see cref="PasswordEncryption"/>, <see cref="RecipientsEncryption"/> or <see cref="NoEncryption"/>.</summary>
public abstract record BackupEncryption
{
    private protected BackupEncryption() { }
}

/// <summary>For who knows a password.</summary>
/// <param name="PasswordFile">Absolute path of the file that holds it; empty to ask at the console.</param>
public sealed record PasswordEncryption(string PasswordFile) : BackupEncryption;

/// <summary>For the holders of age identities; this PC cannot read what it wrote.</summary>
/// <param name="Recipients">X25519 recipients (<c>age1…</c>), at least one, each once, checksums right.</param>
/// <param name="TableKeyFile">Absolute path of the table key file that <c>bootconsole keys new</c> made; empty for none.</param>
public sealed record RecipientsEncryption(IReadOnlyList<string> Recipients, string TableKeyFile) : BackupEncryption
{
    /// <summary>Compares the recipients one by one.</summary>
    public bool Equals(RecipientsEncryption? other) => other is not null && TableKeyFile == other.TableKeyFile && Recipients.SequenceEqual(other.Recipients);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TableKeyFile, Recipients.Count);
}

/// <summary>For everyone.</summary>
public sealed record NoEncryption : BackupEncryption;
