// The open store of the console, and the keys at hand for it.
using BootConsole.Appliance.Commands;
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Secrets;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Settings;
using BootConsole.Stores;

namespace BootConsole.Appliance.Workbench;

/// <summary>Opens stores and key sets. Holds one of each; what was open before is closed.</summary>
/// <param name="services">The implementations.</param>
/// <param name="pc">This PC's name.</param>
/// <param name="report">Takes what the store says of its connection.</param>
/// <param name="retryFor">How long a connection that is lost now is tried again.</param>
internal sealed class StoreBench(Services services, string pc, Action<string> report, Func<TimeSpan> retryFor) : IAsyncDisposable
{
    private KeyChoice? _backupKeys;
    private KeySet? _imageKeys;

    /// <summary>The open store; null before the first was opened.</summary>
    internal IReadStore? Store { get; private set; }

    /// <summary>The keys at hand; null for none.</summary>
    internal KeySet? Keys => _backupKeys?.Keys ?? _imageKeys;

    /// <summary>The open store, for what writes.</summary>
    /// <exception cref="RefusedFault">It can only be read.</exception>
    internal IDeleteStore ForWriting => Store as IDeleteStore ?? throw new RefusedFault("the store can only be read") { Which = Store?.Description ?? "" };

    /// <summary>Where an image is read: in the open store, or in a view of it that cannot be written, for a published one.</summary>
    internal IReadStore SourceOf(ImageListing image) => PublishedImages.View(Store!, image.Published);

    /// <summary>Lists the images of the open store, and those that are published in it.</summary>
    internal async Task<ImagesListed> ListAsync(CancellationToken cancel)
    {
        var own = await ImageList.ReadAsync(Store!, cancel);
        var published = await PublishedImages.ReadAsync(Store!, cancel);
        return new ImagesListed([.. own, .. published.Images]) { Troubles = published.Troubles };
    }

    /// <summary>Opens a store.</summary>
    internal async Task<OpenStore> OpenAsync(OpenTheStore wish, CancellationToken cancel)
    {
        await CloseAsync();
        var opener = new StoreOpener(wish.Way.Address, wish.Way.Ssh, services.Programs);
        var policy = new RetryPolicy { ForThisLoss = retryFor, Clock = services.Clock, Report = report };
        var isFirst = true;
        try
        {
            Store = await RenewableStore.OpenAsync(
                async token =>
                {
                    // A folder that vanished while the job ran is not made anew.
                    var store = await opener.OpenForDeletingAsync(wish.IsForBackup && isFirst ? StoreOptions.MayMake(opener.Address) : IfMissing.Refuse, token);
                    isFirst = false;
                    return store;
                },
                policy,
                cancel);
        }
        catch (StoreFault refusal) when (wish.IsForBackup && refusal.Problem is StoreProblem.Denied)
        {
            // A contract that has ended says so itself.
            await using (var readable = await opener.OpenForReadingAsync(cancel)) await StoreContract.RequireRoomAsync(readable, isNew: true, cancel);
            throw;
        }
        catch (StoreFault refusal) when (!wish.IsForBackup && refusal.Problem is StoreProblem.Denied or StoreProblem.Full)
        {
            Store = await opener.OpenForReadingAsync(cancel);
        }

        var contract = await StoreContract.ReadAsync(Store, cancel);
        var space = await Store.FindSpaceAsync(cancel);
        var hasKeys = wish.IsForBackup && await FindPcKeysAsync(cancel) is not null;
        return new OpenStore(wish.Way, Store.Description, space?.Free, hasKeys, contract);
    }

    /// <summary>Opens a named key set, else that of this PC's backups, else makes a new one ready; see <see cref="PublishNewAsync"/>.</summary>
    /// <exception cref="KeyFault">The password is wrong.</exception>
    internal Task UseBackupKeysAsync(TypedSecret password, string? named, CancellationToken cancel) => UsePasswordAsync(password.ToBytes(), named, cancel);

    /// <summary>Opens or makes ready what the settings say of this PC's backups.</summary>
    /// <exception cref="KeyFault">A file of theirs does not hold what it should.</exception>
    internal async Task UseSettingsKeysAsync(BackupEncryption encryption, CancellationToken cancel)
    {
        switch (encryption)
        {
            case PasswordEncryption file:
                await UsePasswordAsync(SecretFiles.ReadPassword(file.PasswordFile), named: null, cancel);
                break;
            case RecipientsEncryption recipients:
                Forget();
                _backupKeys = recipients.TableKeyFile.Length > 0
                    ? new KeyChoice(SecretFiles.ReadTableKey(recipients.TableKeyFile))
                    : new KeyChoice(KeySet.MakeRandom(), new KeyRequest(), KeySetMaking.ReadRecipients(recipients.Recipients));
                break;
        }
    }

    private async Task UsePasswordAsync(SecretBytes password, string? named, CancellationToken cancel)
    {
        Forget();
        var request = KeyRequest.Of(password);
        try
        {
            if ((ChunkHash.TryParse(named, out var wanted) ? wanted : await FindPcKeysAsync(cancel)) is { } id)
            {
                _backupKeys = new KeyChoice(await KeyWraps.OpenAsync(Store!, id, request.Identities, isPinned: false, cancel));
                request.Dispose();
                return;
            }

            _backupKeys = new KeyChoice(KeySet.MakeRandom(), request, []);
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    /// <summary>Opens the key set of an image.</summary>
    /// <exception cref="KeyFault">The password is wrong.</exception>
    internal async Task UseImageKeysAsync(ImageListing image, TypedSecret password, CancellationToken cancel)
    {
        using var request = new KeyRequest();
        request.Add(password.ToBytes());
        await UseImageKeysAsync(image, request, pinned: "", cancel);
    }

    /// <summary>Opens the key set of an image with a file of the settings.</summary>
    /// <exception cref="KeyFault">It does not open.</exception>
    /// <exception cref="RefusedFault">The image has another key set than the settings name.</exception>
    internal async Task UseImageKeyFileAsync(ImageListing image, RestoreKey key, CancellationToken cancel)
    {
        using var request = new KeyRequest();
        if (key is PasswordKey file) request.Add(SecretFiles.ReadPassword(file.PasswordFile));
        if (key is IdentityKey identity) request.Add(SecretFiles.ReadIdentities(identity.IdentityFile));
        await UseImageKeysAsync(image, request, (key as IdentityKey)?.KeyId ?? "", cancel);
    }

    private async Task UseImageKeysAsync(ImageListing listing, KeyRequest request, string pinned, CancellationToken cancel)
    {
        Forget();
        var (source, id) = (SourceOf(listing), listing.Id);
        var image = await ImageReader.OpenAsync(source, id, cancel);
        var keyId = image.KeyId!.Value;
        if (pinned.Length > 0 && pinned != keyId.ToString()) throw new RefusedFault("the image has another key id than the settings name") { Which = id.Text, Expected = pinned, Found = keyId.ToString() };
        _imageKeys = await KeyWraps.OpenAsync(source, keyId, request.Identities, isPinned: pinned.Length > 0, cancel);
        await image.UnlockAsync(_imageKeys, needsMac: true, cancel);
    }

    /// <summary>Opens an image with the keys at hand.</summary>
    /// <exception cref="RefusedFault">Nobody vouches for it.</exception>
    internal async Task<ImageReader> OpenImageAsync(ImageListing listing, CancellationToken cancel)
    {
        var id = listing.Id;
        var image = await ImageReader.OpenAsync(SourceOf(listing), id, cancel);
        if (image.KeyId is null) return image;
        await image.UnlockAsync(Keys ?? throw new KeyFault("the image is encrypted, and no password was given") { Which = id.Text }, needsMac: true, cancel);
        return image.IsAuthentic ? image : throw new RefusedFault("nobody vouches for the image") { Which = id.Text, Remedy = "On the command line, 'bootconsole restore --accept-unauthenticated' says more." };
    }

    /// <summary>Publishes a key set that was made for this backup; one that is in the store stays as it is.</summary>
    /// <returns>True when the store was written to.</returns>
    internal async Task<bool> PublishNewAsync(CancellationToken cancel)
    {
        if (_backupKeys is not { } keys || !await keys.PublishAsync(ForWriting, cancel)) return false;
        report($"A new key set was made: key id {keys.Keys.Id}.");
        return true;
    }

    /// <summary>Zeroes the keys.</summary>
    internal void Forget()
    {
        _backupKeys?.Dispose();
        _imageKeys?.Dispose();
        (_backupKeys, _imageKeys) = (null, null);
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task CloseAsync()
    {
        Forget();
        if (Store is { } store) await store.DisposeAsync();
        Store = null;
    }

    // A set that only recipients open is none for a person with a password: it gets a set of its own.
    private async Task<ChunkHash?> FindPcKeysAsync(CancellationToken cancel) =>
        await PcKeys.FindAsync(Store!, pc, cancel) is { } id && (await KeyWraps.ListAsync(Store!, id, cancel)).Any(wrap => wrap.Kind == WrapKind.Password) ? id : null;
}
