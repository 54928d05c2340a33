// What opens an age file.
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>A secret that opens files: a private key or a password. Zeroed on dispose.</summary>
public abstract class AgeIdentity : IDisposable
{
    private protected AgeIdentity() { }

    /// <summary>Unwraps the file key from the stanza that is for this identity.</summary>
    /// <returns>Null when none is.</returns>
    /// <exception cref="CorruptFault">A stanza of this identity's type is malformed.</exception>
    internal abstract AgeFileKey? TryUnwrap(IReadOnlyList<AgeStanza> stanzas);

    /// <inheritdoc/>
    public abstract void Dispose();
}
