// What the tables of a settings file must not say about each other.
namespace BootConsole.Settings.Reading;

/// <summary>Checks that need more than one table.</summary>
/// <param name="settings">What was read; parts with errors hold fallbacks.</param>
/// <param name="isStorage">True for the name of a storage in the file, also when that storage has errors.</param>
internal sealed class Contradictions(ApplianceSettings settings, Func<string, bool> isStorage)
{
    /// <summary>Checks all; an absent table is null.</summary>
    public void Check(SectionReader? pc, SectionReader? backup, SectionReader? restore, SectionReader? job)
    {
        var address = pc is null ? null : settings.Pc.Address;
        if (backup is not null) CheckStore(backup, settings.Backup!.Store, address);
        if (restore is not null) CheckStore(restore, settings.Restore!.Store, address);
        if (job is null) return;
        JobSection.CheckAgainstAction(job, settings.Job);
        if (settings.Job.Action == JobAction.Backup) CheckBackupJob(job, backup);
        if (settings.Job.Action == JobAction.Restore && restore is null)
            job.Fail("action", "is \"restore\", but there is no table [restore]", "[restore] with every line");
    }

    private void CheckStore(SectionReader section, string store, NetworkAddress? address)
    {
        // A storage whose name is wrong may be the one that is meant.
        if (store.Length == 0 || settings.Storages.Any(storage => storage.Name.Length == 0)) return;
        var names = settings.StoreNames;
        if (store == ApplianceSettings.ServerName ? settings.Server is null : !isStorage(store))
        {
            var near = KnownKeys.Nearest(store, names) is { } name ? $" (did you mean \"{name}\"?)" : "";
            var expected = names.Count == 0 ? "a [server] or [[storage]] table" : string.Join(" or ", names.Distinct().Select(Quoted.Text));
            section.Fail("store", $"{Quoted.Text(store)} is the name of no store in this file{near}", expected);
        }
        else if (address is NoAddress && settings.Store(store).NeedsNetwork)
        {
            section.Fail("store", $"{Quoted.Text(store)} needs the network, but address is \"none\" in [pc]", "a local store, or an address");
        }
    }

    private void CheckBackupJob(SectionReader job, SectionReader? backup)
    {
        if (backup is null)
        {
            job.Fail("action", "is \"backup\", but there is no table [backup]", "[backup] with store, disks and encryption");
            return;
        }

        // What the console would ask for must be in the file when nobody is there to answer.
        RequireForJob(backup, "store", BackupSection.StoreExpected);
        RequireForJob(backup, "disks", BackupSection.DisksExpected);
        RequireForJob(backup, "encryption", EncryptionKeys.Expected);
        if (settings.Backup!.Encryption is PasswordEncryption) RequireForJob(backup, "password_file", "the path of a file with the password");
        if (settings.Backup.Encryption is RecipientsEncryption) RequireForJob(backup, "table_key", "the path of the file made by bootconsole keys new");
    }

    private static void RequireForJob(SectionReader backup, string key, string expected)
    {
        if (!backup.Has(key)) backup.Missing(key, expected + ", because the job is a backup");
    }
}
