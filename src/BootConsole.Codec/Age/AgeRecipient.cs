// Whom an age file is encrypted to.
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>Someone who shall be able to open a file: a public key or a password.</summary>
public abstract class AgeRecipient
{
    private protected AgeRecipient() { }

    /// <summary>Wraps the file key for this recipient.</summary>
    /// <exception cref="KeyFault">The recipient is not usable.</exception>
    internal abstract AgeStanza Wrap(AgeFileKey key);
}
