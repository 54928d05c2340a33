// bootconsole resume: goes on with a backup that was cut off, suspended or failed.
using System.CommandLine;
using BootConsole.Appliance.Secrets;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Images;
using BootConsole.Jobs;
using BootConsole.Settings;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Resumes backups. The image's record says what is backed up and how; the disks are found again by their serials.</summary>
internal static class ResumeCommand
{
    private static readonly Option<string?> Pc = new("--pc") { HelpName = "NAME", Description = "the PC whose backup is resumed (default: this one)" };

    internal static Command Make(Services services)
    {
        var command = new Command("resume", "Go on with an unfinished backup of this PC: what was sent stays, what changed since is sent again.")
        {
            CommonOptions.ImageArgument, CommonOptions.ImageOption, Pc, CommonOptions.SectorSize, KeyOptions.PasswordFile, KeyOptions.KeyId, BackupRun.RetryFor,
        };
        command.Options.Add(TableKey);
        StoreOptions.AddTo(command);
        command.WithExamples(
            "bootconsole resume --store /mnt/usb",
            "bootconsole resume --store sftp://office-pc@backup.example/ 2026-11-21T060400Z_office-pc_backup --password-file pw.txt");
        command.Runs(services, "The disks were only read. Earlier images in the store are as they were.", RunAsync);
        return command;
    }

    private static readonly Option<string?> TableKey = new("--table-key") { HelpName = "F", Description = "table key file that the backup was begun with" };

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        var context = session.Services.MakeJobContext();
        var pc = ThisPc.Describe(session.Arguments.GetValue(Pc) ?? StoreOptions.PcName(session));
        var retry = new BackupOptions { Pc = pc, Program = Services.ProgramName, RetryFor = BackupRun.ReadRetryFor(session) };
        await using var store = await StoreOptions.OpenForBackupAsync(session, BackupRun.Retry(session, context));
        var (id, record) = await FindAsync(session, store, pc.Name);
        using var keys = await OpenKeysAsync(session, store, id, record);
        var options = retry with { Name = id.Name, Kind = record.Kind, Pad = (byte)record.Pad, Keys = keys, ResumeOnly = id };
        var found = await DiskChoice.ForBackupAsync(session, [.. record.Disks.Select(NameOf)], store);
        List<IDisk> disks = [];
        try
        {
            foreach (var info in found) disks.Add(OpenDisk.ForReading(info));
            var plans = await BackupRun.PlanAsync(session, context, disks, options.Gaps);
            var sentences = plans.SelectMany(BackupWords.Describe).ToList();
            foreach (var sentence in sentences) session.Say(sentence);
            return await BackupRun.RunAsync(session, context, store, plans, options, sentences);
        }
        finally
        {
            foreach (var disk in disks) disk.Dispose();
        }
    }

    private static string NameOf(StateDisk disk) => disk.Serial.Length > 0 ? $"serial:{disk.Serial}" : disk.Wwn.Length > 0 ? $"wwn:{disk.Wwn}" : disk.Path;

    private static async Task<(ImageId Id, StateRecord Record)> FindAsync(CommandSession session, IReadStore store, string pc)
    {
        var text = session.Arguments.GetValue(CommonOptions.ImageArgument) ?? session.Arguments.GetValue(CommonOptions.ImageOption);
        var unfinished = (await ImageList.ReadAsync(store, session.Cancel)).Where(listing => listing is { Manifest: null, Record: not null } && (text is null ? listing.Id.Pc == pc : listing.Id.Text.StartsWith(text, StringComparison.Ordinal))).ToList();
        return unfinished switch
        {
            [] => throw new RefusedFault("there is no unfinished backup to go on with") { Which = text ?? $"of {pc}", Remedy = "'bootconsole images' shows the states; 'bootconsole backup' begins a new one." },
            [var one] => (one.Id, one.Record!),
            _ => throw new RefusedFault("several backups are unfinished") { Found = string.Join(", ", unfinished.Select(listing => listing.Id.Text)), Remedy = "Name one of them." },
        };
    }

    private static async Task<KeySet?> OpenKeysAsync(CommandSession session, IReadStore store, ImageId image, StateRecord record)
    {
        // What is not on the command line is what the settings file says of this PC's backups.
        var isGiven = session.Arguments.GetValue(KeyOptions.PasswordFile) is not null || StoreOptions.AgeIdentities(session).Any();
        var settings = isGiven ? null : StoreOptions.Settings(session)?.Backup?.Encryption;
        var tableKey = session.Arguments.GetValue(TableKey) ?? (settings is RecipientsEncryption { TableKeyFile: { Length: > 0 } named } ? named : null);
        if (!ChunkHash.TryParse(record.KeyId, out var id))
        {
            // Else a record that somebody altered would have the rest of the disk stored in the clear.
            if (tableKey is not null) throw new RefusedFault("the unfinished backup is not encrypted, although a table key was given") { Which = image.Text, Remedy = "Begin a new backup with the key." };
            if (settings is PasswordEncryption or RecipientsEncryption) throw new RefusedFault("the unfinished backup is not encrypted, although the settings want it to be") { Which = image.Text, Remedy = "Begin a new backup." };
            KeyOptions.RequireNoneGiven(session, image, "Begin a new backup with the key; or leave the key out, and whoever reads the store can read the disk.");
            return null;
        }

        if (tableKey is not null) return SecretFiles.ReadTableKey(tableKey);
        using var request = settings is PasswordEncryption { PasswordFile: { Length: > 0 } file } ? KeyRequest.Of(SecretFiles.ReadPassword(file)) : await KeyOptions.ReadAsync(session, store, id);
        return await KeyOptions.OpenForWritingAsync(session, store, id, request);
    }
}
