// Key sets in a store: wrapped by a password or for recipients, never in the clear (docs/format.md, "Encryption").
using System.Security.Cryptography;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>How a wrap is opened.</summary>
public enum WrapKind
{
    /// <summary>By a password.</summary>
    Password,

    /// <summary>By the private key of a recipient.</summary>
    Recipients,
}

/// <summary>A wrap in a store.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Kind">How it is opened.</param>
/// <param name="Number">1 and up; a later wrap has a higher one.</param>
public sealed record KeyWrap(string Name, WrapKind Kind, int Number);

/// <summary>Opens and publishes the wraps of key sets. A wrap is never changed; a new one is proven before an old one goes.</summary>
public static class KeyWraps
{
    private const int MaxWrapBytes = 256 << 10, MaxNumber = 9_999;

    /// <summary>Lists the ids of all key sets of a store.</summary>
    public static async Task<IReadOnlyList<ChunkHash>> ListSetsAsync(IReadStore store, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Keys, cancel) is null) return [];
        var sets = new List<ChunkHash>();
        foreach (var entry in await store.ListAsync(StoreNames.Keys, cancel))
            if (entry.IsFolder && ChunkHash.TryParse(entry.Name, out var id)) sets.Add(id);
        return [.. sets.OrderBy(id => id.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>Lists the wraps of one key set, those of a password first, newest first.</summary>
    public static async Task<IReadOnlyList<KeyWrap>> ListAsync(IReadStore store, ChunkHash id, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.KeySet(id), cancel) is null) return [];
        var wraps = new List<KeyWrap>();
        foreach (var entry in await store.ListAsync(StoreNames.KeySet(id), cancel))
            if (!entry.IsFolder && TryParse(entry.Name) is { } wrap) wraps.Add(wrap);
        return [.. wraps.OrderBy(wrap => wrap.Kind).ThenByDescending(wrap => wrap.Number)];
    }

    /// <summary>Opens a key set with whatever of <paramref name="identities"/> fits one of its wraps.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The key id.</param>
    /// <param name="identities">Passwords and private keys.</param>
    /// <param name="isPinned">True when the id was named by the person or the settings, and not only by the store.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="KeyFault">The password is wrong, no key fits, or there is no wrap.</exception>
    /// <exception cref="CorruptFault">Every wrap that could fit is damaged.</exception>
    /// <exception cref="RefusedFault">A password would take more work or memory than allowed.</exception>
    public static async Task<KeySet> OpenAsync(IReadStore store, ChunkHash id, IReadOnlyList<AgeIdentity> identities, bool isPinned, CancellationToken cancel)
    {
        (WrapKind Kind, Fault Fault)? first = null;
        foreach (var wrap in await ListAsync(store, id, cancel))
        {
            var fitting = identities.Where(identity => identity is PasswordIdentity == (wrap.Kind == WrapKind.Password)).ToList();
            if (fitting.Count == 0) continue;
            var path = StoreNames.KeySet(id) / wrap.Name;
            try
            {
                return OpenOne(await StoreBytes.ReadAsync(store, path, MaxWrapBytes, cancel), id, fitting, isPinned || wrap.Kind == WrapKind.Password, path);
            }
            catch (Fault fault) when (fault is CorruptFault or KeyFault or RefusedFault)
            {
                // Another wrap may fit. Wraps of passwords come first: that a password is wrong is not hidden by what others say. That no key fits a wrap says less than that another is damaged.
                if (first is null or (WrapKind.Recipients, KeyFault)) first = (wrap.Kind, fault);
            }
        }

        throw first?.Fault ?? await WhyNotAsync(store, id, identities, cancel);
    }

    /// <summary>Publishes a new wrap of a key set, reads it back and opens it where that is possible.</summary>
    /// <param name="store">The store.</param>
    /// <param name="keys">The whole key set.</param>
    /// <param name="recipients">One password, or any number of public keys.</param>
    /// <param name="proof">Opens the new wrap; null for public keys whose private ones are elsewhere.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <returns>The new wrap.</returns>
    public static async Task<KeyWrap> PublishAsync(IDeleteStore store, KeySet keys, IReadOnlyList<AgeRecipient> recipients, AgeIdentity? proof, CancellationToken cancel)
    {
        var kind = recipients.Any(recipient => recipient is PasswordRecipient) ? WrapKind.Password : WrapKind.Recipients;
        var number = (await ListAsync(store, keys.Id, cancel)).Where(wrap => wrap.Kind == kind).Select(wrap => wrap.Number).DefaultIfEmpty(0).Max() + 1;
        if (number > MaxNumber) throw new RefusedFault("the key set has too many wraps") { Which = StoreNames.KeySet(keys.Id).Text };
        var text = KeySetText.Write(keys);
        byte[] stored;
        try
        {
            stored = AgeFile.Seal(text, recipients);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }

        await store.CreateFolderAsync(StoreNames.KeySet(keys.Id), cancel);
        var path = StoreNames.KeySet(keys.Id) / NameOf(kind, number);
        await StoreBytes.PublishAsync(store, path, stored, cancel);
        var back = await StoreBytes.ReadAsync(store, path, MaxWrapBytes, cancel);
        if (!back.AsSpan().SequenceEqual(stored)) throw new CorruptFault("the wrap of the key set does not read back as it was written") { Which = path.Text };
        if (proof is not null) OpenOne(back, keys.Id, [proof], isTrusted: false, path).Dispose();
        return new KeyWrap(path.Name, kind, number);
    }

    /// <summary>Gives a key set a new password: the new wrap first, proven; then the old ones go.</summary>
    /// <returns>How many old wraps were removed.</returns>
    public static async Task<int> ChangePasswordAsync(IDeleteStore store, KeySet keys, PasswordRecipient password, PasswordIdentity proof, CancellationToken cancel)
    {
        var old = (await ListAsync(store, keys.Id, cancel)).Where(wrap => wrap.Kind == WrapKind.Password).ToList();
        await PublishAsync(store, keys, [password], proof, cancel);
        foreach (var wrap in old) await store.RemoveAsync(StoreNames.KeySet(keys.Id) / wrap.Name, cancel);
        await store.FlushFolderAsync(StoreNames.KeySet(keys.Id), cancel);
        return old.Count;
    }

    /// <summary>Marks a key set as kept: it stays although no image names it, for a table key of it was given out.</summary>
    public static async Task KeepAsync(IDeleteStore store, ChunkHash id, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.KeptKeySet(id), cancel) is null) await StoreBytes.PublishAsync(store, StoreNames.KeptKeySet(id), "A table key of this key set was given out.\n"u8.ToArray(), cancel);
    }

    /// <summary>What all wraps of a key set are now, as one value: it changes when a wrap comes, goes or is altered.</summary>
    /// <exception cref="KeyFault">The set has no wrap: what is encrypted to it could never be opened.</exception>
    internal static async Task<ChunkHash> FingerprintAsync(IReadStore store, ChunkHash id, CancellationToken cancel)
    {
        var wraps = await ListAsync(store, id, cancel);
        if (wraps.Count == 0) throw new KeyFault("the key set is not in the store") { Which = StoreNames.KeySet(id).Text, Remedy = "An image made with it could not be opened; nothing was sent." };
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var wrap in wraps)
        {
            hash.AppendData(System.Text.Encoding.ASCII.GetBytes(wrap.Name));
            hash.AppendData(await StoreBytes.ReadAsync(store, StoreNames.KeySet(id) / wrap.Name, MaxWrapBytes, cancel));
        }

        return new ChunkHash(hash.GetHashAndReset());
    }

    private static KeySet OpenOne(byte[] stored, ChunkHash id, IReadOnlyList<AgeIdentity> identities, bool isTrusted, StorePath path)
    {
        byte[] text;
        try
        {
            text = AgeFile.Open(stored, identities);
        }
        catch (CorruptFault damage)
        {
            throw new CorruptFault("the wrap of the key set is damaged", damage) { Which = path.Text, Found = damage.Message, Part = damage.Part };
        }

        try
        {
            var keys = KeySetText.Read(text, isTrusted);
            if (keys.Id == id) return keys;
            keys.Dispose();
            throw new CorruptFault("the wrap holds another key set") { Which = path.Text, Expected = $"key set {id}", Found = $"key set {keys.Id}" };
        }
        catch (KeyFault damage)
        {
            throw new CorruptFault("the wrap of the key set is damaged", damage) { Which = path.Text, Found = damage.Message };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static async Task<Fault> WhyNotAsync(IReadStore store, ChunkHash id, IReadOnlyList<AgeIdentity> identities, CancellationToken cancel)
    {
        var wraps = await ListAsync(store, id, cancel);
        if (wraps.Count == 0) return new KeyFault("the store has no wrap of the key set") { Which = StoreNames.KeySet(id).Text };
        if (identities.Count == 0) return new KeyFault("the image is encrypted and no password or key was given") { Which = $"key set {id}", Remedy = "Give --password-file or --identity." };
        return wraps.Any(wrap => wrap.Kind == WrapKind.Password) && !identities.Any(identity => identity is PasswordIdentity)
            ? new KeyFault("the key set is not wrapped for a recipient") { Which = $"key set {id}", Remedy = "Give its password (--password-file)." }
            : new KeyFault("the key set has no password") { Which = $"key set {id}", Remedy = "Give the private key of one of its recipients (--identity)." };
    }

    private static string NameOf(WrapKind kind, int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"identity.{(kind == WrapKind.Password ? "" : "escrow.")}{number}.age");

    private static KeyWrap? TryParse(string name)
    {
        foreach (var kind in (WrapKind[])[WrapKind.Password, WrapKind.Recipients])
        {
            var prefix = kind == WrapKind.Password ? "identity." : "identity.escrow.";
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || !name.EndsWith(".age", StringComparison.Ordinal) || name.Length < prefix.Length + 5) continue;
            if (int.TryParse(name.AsSpan(prefix.Length, name.Length - prefix.Length - 4), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
                && number is >= 1 and <= MaxNumber && NameOf(kind, number) == name) return new KeyWrap(name, kind, number);
        }

        return null;
    }
}
