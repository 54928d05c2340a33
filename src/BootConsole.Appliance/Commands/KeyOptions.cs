// The options that open encrypted images, and those that make them.
using System.CommandLine;
using BootConsole.Appliance.Secrets;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Settings;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Keys on the command line.</summary>
internal static class KeyOptions
{
    internal static readonly Option<string?> PasswordFile = new("--password-file") { HelpName = "F", Description = "file whose first line is the password; without it a terminal is asked" };
    internal static readonly Option<string?> KeyId = new("--key-id") { HelpName = "HEX", Description = "the key id of the key set: one that --identity opens is trusted only so" };
    private static readonly Option<string?> Accept = new("--accept-unauthenticated") { HelpName = "IMAGE", Description = "repeat the image's id to use it although nobody vouches for it" };

    /// <summary>Adds the options of commands that read images. <c>--identity</c> is one of the store's.</summary>
    internal static void AddReading(Command command)
    {
        command.Options.Add(PasswordFile);
        command.Options.Add(KeyId);
        command.Options.Add(Accept);
    }

    /// <summary>Opens the key set of an image and unlocks it. Does nothing for an image that is not encrypted.</summary>
    /// <returns>The keys, which the caller disposes after the image's last use; null for an image that is not encrypted.</returns>
    /// <exception cref="KeyFault">Nothing at hand opens it, or the password is wrong.</exception>
    /// <exception cref="RefusedFault">Nobody vouches for the image, and the person did not insist.</exception>
    internal static async Task<KeySet?> UnlockAsync(CommandSession session, IReadStore store, ImageReader image)
    {
        var pinned = Pinned(session);
        if (image.KeyId is not { } id)
        {
            if (Accepted(session, image) is null) RequireNoneGiven(session, image.Id, $"If you know that it was made so: --accept-unauthenticated {image.Id}, or leave the key out.");
            return null;
        }

        using var request = await ReadAsync(session, store, id);
        if (pinned is { } wanted && wanted != id) throw new RefusedFault("the image has another key id than the one that was named") { Which = image.Id.Text, Expected = wanted.ToString(), Found = id.ToString() };
        var keys = await KeyWraps.OpenAsync(store, id, request.Identities, isPinned: pinned == id, session.Cancel);
        try
        {
            var accepted = Accepted(session, image);
            await image.UnlockAsync(keys, needsMac: accepted is null, session.Cancel);
            if (!image.IsAuthentic && accepted is null)
            {
                throw new RefusedFault("nobody vouches for the image: its key set was opened by a recipient's key, and anybody can make one for a recipient")
                {
                    Which = image.Id.Text,
                    Found = $"key id {id}",
                    Remedy = $"If you know this key id: --key-id {id}. Else, if you insist: --accept-unauthenticated {image.Id.Text}",
                };
            }

            if (!image.IsAuthentic) session.Say($"Image {image.Id} is NOT authenticated: it may have been made or altered by anybody.");
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Opens a key set to encrypt to. One that only a recipient's key opens counts when its id was named: whoever can write to the store could have made it, and would read what is encrypted to it.</summary>
    /// <exception cref="KeyFault">Nothing at hand opens it, or the password is wrong.</exception>
    /// <exception cref="RefusedFault">Nobody vouches for the key set.</exception>
    internal static async Task<KeySet> OpenForWritingAsync(CommandSession session, IReadStore store, ChunkHash id, KeyRequest request)
    {
        var pinned = Pinned(session);
        if (pinned is { } wanted && wanted != id) throw new RefusedFault("the key set of the earlier backups is another one than was named") { Expected = wanted.ToString(), Found = id.ToString() };
        var keys = await KeyWraps.OpenAsync(store, id, request.Identities, isPinned: pinned == id, session.Cancel);
        if (keys.IsTrusted) return keys;
        keys.Dispose();
        throw new RefusedFault("nobody vouches for the key set: it was opened by a recipient's key, and anybody can make one for a recipient")
        {
            Found = $"key id {id}",
            Remedy = $"If you know this key id: --key-id {id}. Else begin a new key set: '--new-keys'.",
        };
    }

    /// <summary>Whoever gives a key means an encrypted image; one that is not may have been put in its place.</summary>
    /// <exception cref="RefusedFault">A key, a key id or a password was given.</exception>
    internal static void RequireNoneGiven(CommandSession session, ImageId image, string remedy)
    {
        var isGiven = Pinned(session) is not null || session.Arguments.GetValue(PasswordFile) is not null || StoreOptions.Settings(session)?.Restore?.Key is not null || StoreOptions.AgeIdentities(session).Any();
        if (isGiven) throw new RefusedFault("the image is not encrypted, although a key or password was given: anybody who can write to the store can have made it") { Which = image.Text, Remedy = remedy };
    }

    /// <summary>What was given to open a key set with; at a terminal asks for the password when nothing was.</summary>
    internal static async Task<KeyRequest> ReadAsync(CommandSession session, IReadStore store, ChunkHash id)
    {
        var request = new KeyRequest();
        try
        {
            var settings = StoreOptions.Settings(session)?.Restore?.Key;
            if (session.Arguments.GetValue(PasswordFile) is { } file) request.Add(SecretFiles.ReadPassword(file));
            else if (settings is PasswordKey { PasswordFile: var named }) request.Add(SecretFiles.ReadPassword(named));
            foreach (var identity in StoreOptions.AgeIdentities(session)) request.Add(SecretFiles.ReadIdentities(identity));
            if (request.Identities.Count == 0 && settings is IdentityKey key) request.Add(SecretFiles.ReadIdentities(key.IdentityFile));
            if (request.Identities.Count > 0 || !session.Services.IsInteractive) return request;
            var wraps = await KeyWraps.ListAsync(store, id, session.Cancel);
            if (wraps.Any(wrap => wrap.Kind == WrapKind.Password)) request.Add(PasswordPrompt.Ask("Password of the image", session.Cancel));
            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private static string? Accepted(CommandSession session, ImageReader image)
    {
        var accepted = session.Arguments.GetValue(Accept);
        if (accepted is not null && accepted != image.Id.Text) throw new UsageFault("--accept-unauthenticated names another image") { Expected = image.Id.Text, Found = accepted };
        return accepted;
    }

    /// <summary>The key id of the command line; null without one.</summary>
    /// <exception cref="UsageFault">It is none.</exception>
    internal static ChunkHash? Named(CommandSession session) => Read(session.Arguments.GetValue(KeyId));

    private static ChunkHash? Pinned(CommandSession session) => Named(session) ?? Read((StoreOptions.Settings(session)?.Restore?.Key as IdentityKey)?.KeyId);

    private static ChunkHash? Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        return ChunkHash.TryParse(text, out var id) ? id : throw new UsageFault("the key id is not one") { Which = "--key-id", Expected = "64 lower-case hexadecimal digits", Found = text };
    }
}
