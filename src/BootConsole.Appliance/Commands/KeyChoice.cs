// The keys that a backup was given: a set that is in the store, or a new one that gets there once the job begins.
using BootConsole.Appliance.Secrets;
using BootConsole.Codec;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>A key set, and what it is to be wrapped by when it is new. Owns all of it.</summary>
internal sealed class KeyChoice : IDisposable
{
    private readonly KeyRequest? _request;
    private readonly IReadOnlyList<X25519Recipient> _recipients = [];
    private bool _isNew;

    /// <summary>A key set that was opened.</summary>
    internal KeyChoice(KeySet keys) => Keys = keys;

    /// <summary>A new key set, for what opens it from now on.</summary>
    internal KeyChoice(KeySet keys, KeyRequest request, IReadOnlyList<X25519Recipient> recipients) => (Keys, _request, _recipients, _isNew) = (keys, request, recipients, true);

    /// <summary>The keys.</summary>
    internal KeySet Keys { get; }

    /// <summary>Publishes a new key set; one that is in the store stays as it is. Left until all that can be refused was not: a refusal writes nothing.</summary>
    internal async Task PublishAsync(CommandSession session, IDeleteStore store)
    {
        if (!_isNew) return;
        await KeySetMaking.WrapAsync(store, Keys, _request!.Password, _recipients, session.Cancel);
        (_isNew, session.HasWritten) = (false, true);
        session.Say($"A new key set was made: key id {Keys.Id}.");
    }

    public void Dispose()
    {
        _request?.Dispose();
        Keys.Dispose();
    }
}
