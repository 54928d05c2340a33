// The keys that a backup was given: a set that is in the store, or a new one that gets there once the job begins.
using BootConsole.Codec;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Appliance.Secrets;

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
    /// <returns>True when it was published now.</returns>
    internal async Task<bool> PublishAsync(IDeleteStore store, CancellationToken cancel)
    {
        if (!_isNew) return false;
        await KeySetMaking.WrapAsync(store, Keys, _request!.Password, _recipients, cancel);
        _isNew = false;
        return true;
    }

    public void Dispose()
    {
        _request?.Dispose();
        Keys.Dispose();
    }
}
