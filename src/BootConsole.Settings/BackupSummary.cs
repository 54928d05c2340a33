// What [backup] means, as sentences.
using BootConsole.Core;

namespace BootConsole.Settings;

/// <summary>Describes backups.</summary>
internal static class BackupSummary
{
    /// <summary>The unattended backup.</summary>
    public static IEnumerable<string> Lines(ApplianceSettings settings, string start, string end)
    {
        var backup = settings.Backup!;
        var disks = string.Join(" and ", backup.Disks.Select(Disk));
        var store = $"\"{backup.Store}\" ({settings.Store(backup.Store)})";
        yield return $"{start}, {Article(backup.Kind)} backup named \"{backup.Name}\" of {disks} to {store}; then {end}.";
        foreach (var line in Manner(backup)) yield return line;
    }

    /// <summary>What the console proposes to a person.</summary>
    public static IEnumerable<string> Proposal(BackupSettings backup)
    {
        var disks = backup.Disks.Count > 0 ? string.Join(" and ", backup.Disks.Select(Disk)) : "the disks chosen there";
        var store = backup.Store.Length > 0 ? $"\"{backup.Store}\"" : "the store chosen there";
        yield return $"For a backup it proposes {Article(backup.Kind)} backup named \"{backup.Name}\" of {disks} to {store}.";
        foreach (var line in Manner(backup)) yield return line;
    }

    /// <summary>A disk, as part of a sentence.</summary>
    public static string Disk(DiskChoice disk) => disk switch
    {
        SerialDisk serial => $"the disk with serial {serial.Serial}",
        WwnDisk wwn => $"the disk with WWN {wwn.Wwn}",
        OnlyDisk => "the only disk (refused if there are more)",
        AllDisks => "all disks",
        _ => $"the disk {disk}",
    };

    private static IEnumerable<string> Manner(BackupSettings backup)
    {
        if (backup.Kind is BackupKind.Differential or BackupKind.Incremental) yield return "A full backup is made when there is nothing to build on.";
        var level = backup.Level is { } number ? $"{number}" : "chosen by the slowest stage";
        var limit = backup.LimitBytesPerSecond > 0 ? $"at most {RateText.Format(backup.LimitBytesPerSecond)}" : "as much as it can";
        yield return $"The compression level is {level}; unused blocks read as {backup.Pad}; the wire carries {limit}.";
        yield return Encryption(backup.Encryption);
        yield return backup.Verify
            ? "Afterwards everything is read back from the store and checked."
            : "Nothing is read back from the store afterwards (verify = false).";
        var segments = string.Join(", ", backup.SegmentByRate.Select(Segment));
        yield return $"Segments: {segments}. A lost connection is tried again for {DurationText.Format(backup.RetryFor)}.";
    }

    private static string Article(BackupKind kind) => kind == BackupKind.Incremental ? "an incremental" : "a " + kind switch
    {
        BackupKind.Full => "full",
        BackupKind.Copy => "full (copy)",
        _ => "differential",
    };

    private static string Encryption(BackupEncryption? encryption) => encryption switch
    {
        PasswordEncryption { PasswordFile.Length: > 0 } password => $"Images are encrypted; they open with the password in {password.PasswordFile}.",
        PasswordEncryption => "Images are encrypted; the console asks for the password.",
        RecipientsEncryption recipients => $"Images are encrypted for {SettingsSummary.Count(recipients.Recipients.Count, "recipient")}; {Reader(recipients)}.",
        NoEncryption => "Images are NOT encrypted: whoever can read the store can read the disks.",
        _ => "The console asks how images are encrypted.",
    };

    private static string Reader(RecipientsEncryption recipients) =>
        "this PC cannot read them" + (recipients.TableKeyFile.Length > 0 ? $", it holds only the table key {recipients.TableKeyFile}" : "");

    private static string Segment(SegmentRate rate) =>
        $"{Size(rate.SegmentBytes)} {(rate.UpToBytesPerSecond is { } top ? $"up to {RateText.Format(top)}" : "above")}";

    private static string Size(long bytes) => bytes switch
    {
        1 << 30 => "1 GiB",
        _ when bytes % (1 << 20) == 0 => $"{bytes >> 20} MiB",
        _ => ByteSize.Format(bytes),
    };
}
