// Makes new key sets: whom they are for, and the wraps they are published as.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Appliance.Secrets;

/// <summary>Wraps key sets by a password, for recipients, or both.</summary>
internal static class KeySetMaking
{
    /// <summary>Reads recipients of the command line or of a settings file.</summary>
    /// <exception cref="UsageFault">One is mistyped.</exception>
    internal static IReadOnlyList<X25519Recipient> ReadRecipients(IEnumerable<string> texts)
    {
        try
        {
            return [.. texts.Select(X25519Recipient.Parse)];
        }
        catch (KeyFault fault)
        {
            throw new UsageFault(fault.Message, fault) { Which = "--recipient", Expected = fault.Expected };
        }
    }

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
