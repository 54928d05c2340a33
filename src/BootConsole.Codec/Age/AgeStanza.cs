// One recipient of an age file: how it is named and its copy of the file key.
namespace BootConsole.Codec;

/// <summary>A recipient stanza (age-encryption.org/v1, "Recipient stanza"): the file key wrapped for one recipient.</summary>
/// <param name="Type">The first argument: <c>X25519</c>, <c>scrypt</c>, or a type that only others know.</param>
/// <param name="Arguments">The other arguments, visible ASCII.</param>
/// <param name="Body">The wrapped file key.</param>
internal sealed record AgeStanza(string Type, IReadOnlyList<string> Arguments, ReadOnlyMemory<byte> Body)
{
    /// <summary>The body length of both types that this program knows: a file key and a tag. The length is checked before decrypting, so that a body cannot be made to fit several keys.</summary>
    internal const int WrappedKeyBytes = AgeFileKey.Bytes + 16;
}
