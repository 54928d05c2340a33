// What a settings file says of its job, as the command line that a person would have typed: the same code runs both. Pure.
using System.Globalization;
using BootConsole.Settings;

namespace BootConsole.Appliance.Unattended;

/// <summary>Turns <c>[backup]</c> and <c>[restore]</c> into arguments. What a command takes from the file by itself is not repeated.</summary>
internal static class JobArguments
{
    /// <summary>The arguments of <c>backup</c>.</summary>
    internal static IReadOnlyList<string> Of(BackupSettings backup, string file) =>
    [
        "backup", Named("--config", file), Named("--store", backup.Store),
        .. backup.Disks.Select(disk => Named("--disk", disk.ToString()!)),
        Named("--name", backup.Name),
        Named("--kind", backup.Kind switch
        {
            BackupKind.Copy => "copy",
            BackupKind.Differential => "differential",
            BackupKind.Incremental => "incremental",
            _ => "full",
        }),
        Named("--pad", backup.Pad.ToString(CultureInfo.InvariantCulture)),
        .. backup.Verify ? (string[])["--verify"] : [],
    ];

    /// <summary>The arguments of <c>restore</c>.</summary>
    internal static IReadOnlyList<string> Of(RestoreSettings restore, string file) =>
    [
        "restore", Named("--config", file), Named("--store", restore.Store), Named("--image", restore.Image),
        .. restore.Disks.Select(disk => Named("--disk", string.Create(CultureInfo.InvariantCulture, $"{disk.Number}={disk.Target}"))),
        .. restore.Overwrite.Select(token => Named("--yes-overwrite", token)),
        .. restore.OnlyDifferences ? (string[])["--only-differences"] : [],
    ];

    /// <summary>The job in words.</summary>
    internal static string Describe(ApplianceSettings settings) => settings.Job.Action switch
    {
        JobAction.Backup when settings.Backup is { } backup =>
            $"backup '{backup.Name}' ({backup.Kind.ToString().ToLowerInvariant()}) of {string.Join(", ", backup.Disks)} to the store '{backup.Store}'",
        JobAction.Restore when settings.Restore is { } restore =>
            $"restore of image '{restore.Image}' from the store '{restore.Store}' onto {string.Join(", ", restore.Disks.Select(disk => disk.Target))}{(restore.OnlyDifferences ? ", only what differs" : "")}",
        _ => "the menu",
    };

    // Joined, so that no value is taken for an option or for the name of a file with more arguments.
    private static string Named(string option, string value) => $"{option}={value}";
}
