// Which files the settings of a PC name, and which of them are secrets.
using BootConsole.Core;
using BootConsole.Settings;

namespace BootConsole.Media.Contents;

/// <summary>A path in the settings.</summary>
/// <param name="Path">As it is written there; absolute.</param>
/// <param name="NamedBy">The place in the settings: <c>[server] identity</c>.</param>
/// <param name="Secrecy">What the file gives away.</param>
internal sealed record NamedPath(string Path, string NamedBy, Secrecy Secrecy)
{
    /// <summary>All paths of files that settings name, in the order of the file; the same one may come twice.</summary>
    internal static IEnumerable<NamedPath> In(ApplianceSettings settings) =>
        Stores(settings).Concat(Backup(settings.Backup)).Concat(Restore(settings.Restore)).Where(named => named.Path.Length > 0);

    private static IEnumerable<NamedPath> Stores(ApplianceSettings settings)
    {
        if (settings.Server is { } server) yield return Login(server.Ssh, "[server] identity");
        foreach (var storage in settings.Storages)
        {
            if (storage.Target is SftpStorage sftp) yield return Login(sftp.Ssh, $"[[storage]] {storage.Name}: identity");
            if (storage.Target.Place is SmbAddress smb) yield return new NamedPath(smb.CredentialsFile, $"[[storage]] {storage.Name}: credentials", Secrecy.Opens);
        }
    }

    private static NamedPath Login(SshSettings ssh, string namedBy) => new(ssh.IdentityFile, namedBy, Secrecy.PassesForThePc);

    private static IEnumerable<NamedPath> Backup(BackupSettings? backup) => backup?.Encryption switch
    {
        PasswordEncryption password => [new NamedPath(password.PasswordFile, "[backup] password_file", Secrecy.Opens)],
        // It makes images and reads their tables, not the images.
        RecipientsEncryption recipients => [new NamedPath(recipients.TableKeyFile, "[backup] table_key", Secrecy.PassesForThePc)],
        _ => [],
    };

    private static IEnumerable<NamedPath> Restore(RestoreSettings? restore) => restore?.Key switch
    {
        IdentityKey key => [new NamedPath(key.IdentityFile, "[restore] identity", Secrecy.Opens)],
        PasswordKey key => [new NamedPath(key.PasswordFile, "[restore] password_file", Secrecy.Opens)],
        _ => [],
    };
}
