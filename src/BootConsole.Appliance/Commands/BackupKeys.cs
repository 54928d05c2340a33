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
        foreach (var option in (Option[])[KeyOptions.PasswordFile, Recipients, TableKey, NewKeys, NoEncryption]) command.Options.Add(option);
    }

    /// <summary>Checks what can be checked without the store.</summary>
    /// <exception cref="UsageFault">Options contradict each other, or none says how to encrypt and nobody can be asked.</exception>
    internal static void Check(CommandSession session)
    {
        var (password, recipients, tableKey, none) = Read(session);
        if (none && (password is not null || recipients.Count > 0 || tableKey is not null)) throw new UsageFault("--no-encryption contradicts what else was given") { Remedy = "Leave one of them out." };
        if (tableKey is not null && (password is not null || session.Arguments.GetValue(NewKeys))) throw new UsageFault("--table-key names the key set; nothing else can") { Remedy = "Leave --password-file and --new-keys out." };
        foreach (var recipient in recipients) X25519Recipient.Parse(recipient);
        if (none || password is not null || recipients.Count > 0 || tableKey is not null || session.Services.IsInteractive) return;
        throw new UsageFault("nothing says how to encrypt, and an image is never stored in the clear by default")
        {
            Remedy = "Give --password-file, --recipient or --table-key; or --no-encryption, and whoever reads the store can read the disk.",
        };
    }

    /// <summary>Opens or makes the key set. Asks at a terminal when nothing was given.</summary>
    /// <returns>The keys, for the caller to dispose; null for a backup that is not encrypted.</returns>
    /// <exception cref="KeyFault">The password is wrong.</exception>
    internal static async Task<KeySet?> OpenAsync(CommandSession session, IDeleteStore store, string pc)
    {
        var (password, recipients, tableKey, none) = Read(session);
        if (none) return null;
        if (tableKey is not null) return SecretFiles.ReadTableKey(tableKey);
        using var request = new KeyRequest();
        if (password is { Length: > 0 }) request.Add(SecretFiles.ReadPassword(password));
        foreach (var identity in StoreOptions.AgeIdentities(session)) request.Add(SecretFiles.ReadIdentities(identity));
        var known = session.Arguments.GetValue(NewKeys) ? null : await FindAsync(session, store, pc);
        if (request.Password is null && recipients.Count == 0) request.Add(known is null ? PasswordPrompt.AskTwice("New password for the backups of this PC") : PasswordPrompt.Ask("Password of this PC's backups"));
        if (known is { } id && request.Identities.Count > 0 && await TryOpenAsync(session, store, id, request) is { } keys) return keys;
        return await MakeAsync(session, store, request, [.. recipients.Select(X25519Recipient.Parse)]);
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

    // The set of the newest image of this PC, unfinished ones included: those are gone on with.
    private static async Task<ChunkHash?> FindAsync(CommandSession session, IReadStore store, string pc)
    {
        var keyId = (await ImageList.ReadAsync(store, session.Cancel)).Where(listing => listing.Id.Pc == pc).Select(listing => listing.Manifest?.KeyId ?? listing.Record?.KeyId).LastOrDefault(key => key is not null);
        return ChunkHash.TryParse(keyId, out var id) && (await KeyWraps.ListAsync(store, id, session.Cancel)).Count > 0 ? id : null;
    }

    private static async Task<KeySet?> TryOpenAsync(CommandSession session, IReadStore store, ChunkHash id, KeyRequest request)
    {
        var kinds = (await KeyWraps.ListAsync(store, id, session.Cancel)).Select(wrap => wrap.Kind).ToHashSet();
        // A set that only recipients open is no reason to refuse a password: it gets a set of its own.
        if (request.Password is not null && !kinds.Contains(WrapKind.Password) && request.Identities.Count == 1) return null;
        try
        {
            // The images of this PC name it, and its own key or password opens it; nothing of the store's is believed by this.
            return await KeyWraps.OpenAsync(store, id, request.Identities, isPinned: true, session.Cancel);
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

    private static async Task<KeySet> MakeAsync(CommandSession session, IDeleteStore store, KeyRequest request, IReadOnlyList<X25519Recipient> recipients)
    {
        var keys = KeySet.MakeRandom();
        try
        {
            await KeySetMaking.WrapAsync(store, keys, request.Password, recipients, session.Cancel);
            session.Say($"A new key set was made: key id {keys.Id}.");
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }
}
