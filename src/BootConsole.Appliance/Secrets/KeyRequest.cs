// What a person gave to open or make keys with, on the command line or in the settings file.
using BootConsole.Codec;

namespace BootConsole.Appliance.Secrets;

/// <summary>Passwords and private keys at hand. Zeroed on dispose.</summary>
internal sealed class KeyRequest : IDisposable
{
    private readonly List<AgeIdentity> _identities = [];
    private SecretBytes? _password;

    /// <summary>Everything that may open a wrap.</summary>
    internal IReadOnlyList<AgeIdentity> Identities => _identities;

    /// <summary>The password; null without one.</summary>
    internal SecretBytes? Password => _password;

    /// <summary>A password alone, which becomes the new object's own.</summary>
    internal static KeyRequest Of(SecretBytes password)
    {
        var request = new KeyRequest();
        request.Add(password);
        return request;
    }

    /// <summary>Adds a password, which becomes this object's own.</summary>
    internal void Add(SecretBytes password)
    {
        _password = password;
        _identities.Add(new PasswordIdentity(password.Span, new ScryptLimits()));
    }

    /// <summary>Adds private keys, which become this object's own.</summary>
    internal void Add(IEnumerable<AgeIdentity> identities) => _identities.AddRange(identities);

    public void Dispose()
    {
        foreach (var identity in _identities) identity.Dispose();
        _password?.Dispose();
    }
}
