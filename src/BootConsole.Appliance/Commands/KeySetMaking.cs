// Publishes the wraps of a new key set.
using BootConsole.Codec;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Wraps key sets by a password, for recipients, or both.</summary>
internal static class KeySetMaking
{
    /// <summary>Publishes the wraps, each read back; that of the password is opened, too.</summary>
    internal static async Task WrapAsync(IDeleteStore store, KeySet keys, SecretBytes? password, IReadOnlyList<X25519Recipient> recipients, CancellationToken cancel)
    {
        if (password is not null)
        {
            using var recipient = new PasswordRecipient(password.Span);
            using var proof = new PasswordIdentity(password.Span, new ScryptLimits());
            await KeyWraps.PublishAsync(store, keys, [recipient], proof, cancel);
        }

        if (recipients.Count > 0) await KeyWraps.PublishAsync(store, keys, recipients, null, cancel);
    }
}
