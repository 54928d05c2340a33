// The key set of a backup: the one this PC has in the store, a new one, or that of a table key file.
using System.CommandLine;
using BootConsole.Appliance.Secrets;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Settings;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Settles how a backup is encrypted.</summary>
internal static class BackupKeys
{
    private static readonly Option<string[]> Recipients = new("--recipient") { HelpName = "age1…", Description = "encrypt for the holder of this age key, too; may be repeated", AllowMultipleArgumentsPerToken = false };
    private static readonly Option<string?> TableKey = new("--table-key") { HelpName = "F", Description = "table key file of 'keys new': encrypts without a secret that reads images" };
    private static readonly Option<bool> NewKeys = new("--new-keys") { Description = "begin a new key set, although this PC has one in the store" };
    private static readonly Option<bool> NoEncryption = new("--no-encryption") { Description = "store the image unencrypted: whoever reads the store reads the disk" };

    internal static void AddTo(Command command)
    {
        foreach (var option in (Option[])[KeyOptions.PasswordFile, Recipients, TableKey, KeyOptions.KeyId, NewKeys, NoEncryption]) command.Options.Add(option);
    }

    /// <summary>Checks what can be checked without the store.</summary>
    /// <exception cref="UsageFault">Options contradict each other, or none says how to encrypt and nobody can be asked.</exception>
    internal static void Check(CommandSession session)
    {
        var (password, recipients, tableKey, none) = Read(session);
        var isNew = session.Arguments.GetValue(NewKeys);
        var named = KeyOptions.Named(session);
        if (none && (password is not null || recipients.Count > 0 || tableKey is not null || isNew || named is not null)) throw new UsageFault("--no-encryption contradicts what else was given") { Remedy = "Leave one of them out." };
        // In a settings file both stand together: the table key is that of a set for these recipients.
        if (tableKey is not null && (password is not null || isNew || named is not null || session.Arguments.GetValue(Recipients) is { Length: > 0 })) throw new UsageFault("--table-key names the key set; nothing else can") { Remedy = "Leave --password-file, --recipient, --key-id and --new-keys out." };
        if (isNew && named is not null) throw new UsageFault("--new-keys begins a key set whose id nobody knows yet") { Which = "--key-id", Remedy = "Leave one of them out." };
        KeySetMaking.ReadRecipients(recipients);
        if (none || password is not null || recipients.Count > 0 || tableKey is not null || session.Services.IsInteractive) return;
        throw new UsageFault("nothing says how to encrypt, and an image is never stored in the clear by default")
        {
            Remedy = "Give --password-file, --recipient or --table-key; or --no-encryption, and whoever reads the store can read the disk.",
        };
    }

    /// <summary>Opens the key set that was named, else the one that the PC has in the store, or gets ready to make one. Asks at a terminal when nothing was given. Publishes nothing.</summary>
    /// <returns>The keys, for the caller to dispose; null for a backup that is not encrypted.</returns>
    /// <exception cref="KeyFault">The password is wrong.</exception>
    /// <exception cref="RefusedFault">Nobody vouches for the key set.</exception>
    internal static async Task<KeyChoice?> OpenAsync(CommandSession session, string pc)
    {
        var (password, texts, tableKey, none) = Read(session);
        if (none) return null;
        if (tableKey is not null) return new KeyChoice(SecretFiles.ReadTableKey(tableKey));
        var recipients = KeySetMaking.ReadRecipients(texts);
        var request = new KeyRequest();
        try
        {
            if (password is { Length: > 0 }) request.Add(SecretFiles.ReadPassword(password));
            foreach (var identity in StoreOptions.AgeIdentities(session)) request.Add(SecretFiles.ReadIdentities(identity));
            await using var store = await StoreOptions.OpenForBackupAsync(session);
            var named = KeyOptions.Named(session);
            var known = session.Arguments.GetValue(NewKeys) ? null : named ?? await PcKeys.FindAsync(store, pc, session.Cancel);
            if (request.Password is null && recipients.Count == 0) request.Add(known is null ? PasswordPrompt.AskTwice("New password for the backups of this PC", session.Cancel) : PasswordPrompt.Ask("Password of this PC's backups", session.Cancel));
            // Whom a set is for can be known without being able to open it: then each backup has one of its own.
            var isMade = known is null || (named is null && request.Identities.Count == 0);
            var keys = isMade ? null : await TryOpenAsync(session, store, known!.Value, request, mustOpen: named is not null);
            if (keys is null) return new KeyChoice(KeySet.MakeRandom(), request, recipients);
            request.Dispose();
            if (recipients.Count > 0) session.Say($"The key set {keys.Id} is used as it was made; --recipient counts for a new one (--new-keys).");
            return new KeyChoice(keys);
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private static (string? Password, IReadOnlyList<string> Recipients, string? TableKey, bool None) Read(CommandSession session)
    {
        var arguments = session.Arguments;
        var given = (arguments.GetValue(KeyOptions.PasswordFile), (IReadOnlyList<string>)(arguments.GetValue(Recipients) ?? []), arguments.GetValue(TableKey), arguments.GetValue(NoEncryption));
        if (given is not (null, { Count: 0 }, null, false)) return given;
        // Nothing on the command line: what the settings file says of this PC's backups.
        return StoreOptions.Settings(session)?.Backup?.Encryption switch
        {
            Settings.NoEncryption => (null, [], null, true),
            PasswordEncryption file => (file.PasswordFile.Length > 0 ? file.PasswordFile : null, [], null, false),
            RecipientsEncryption { TableKeyFile.Length: > 0 } file => (null, file.Recipients, file.TableKeyFile, false),
            RecipientsEncryption file => (null, file.Recipients, null, false),
            _ => given,
        };
    }

    private static async Task<KeySet?> TryOpenAsync(CommandSession session, IReadStore store, ChunkHash id, KeyRequest request, bool mustOpen)
    {
        var kinds = (await KeyWraps.ListAsync(store, id, session.Cancel)).Select(wrap => wrap.Kind).ToHashSet();
        // A set that only recipients open is no reason to refuse a password: it gets a set of its own.
        if (!mustOpen && request.Password is not null && !kinds.Contains(WrapKind.Password) && request.Identities.Count == 1) return null;
        try
        {
            return await KeyOptions.OpenForWritingAsync(session, store, id, request);
        }
        catch (KeyFault fault)
        {
            throw new KeyFault("the key set of this PC's backups does not open: " + fault.Message, fault)
            {
                Which = $"key set {id}",
                Remedy = "Give the password that the earlier backups have; '--new-keys' begins a new key set with this one, 'password change' gives the old set another.",
            };
        }
    }
}
