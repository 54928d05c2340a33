// A private key, written AGE-SECRET-KEY-1….
using System.Security.Cryptography;
using BootConsole.Codec.Native;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>A Curve25519 private key (age-encryption.org/v1, "The X25519 recipient type").</summary>
public sealed class X25519Identity : AgeIdentity
{
    /// <summary>Length of the text form.</summary>
    public const int TextBytes = 74;

    private readonly SecretBytes _scalar;

    private X25519Identity(ReadOnlySpan<byte> scalar)
    {
        _scalar = new SecretBytes(scalar);
        Span<byte> point = stackalloc byte[Sodium.KeyBytes];
        Sodium.X25519Public(scalar, point);
        Recipient = new X25519Recipient(point);
    }

    /// <summary>The public key.</summary>
    public X25519Recipient Recipient { get; }

    private static ReadOnlySpan<byte> Prefix => "AGE-SECRET-KEY-"u8;

    /// <summary>Makes a new key from the system's random numbers.</summary>
    public static X25519Identity MakeRandom()
    {
        Span<byte> scalar = stackalloc byte[Sodium.KeyBytes];
        RandomNumberGenerator.Fill(scalar);
        var identity = new X25519Identity(scalar);
        CryptographicOperations.ZeroMemory(scalar);
        return identity;
    }

    /// <summary>Reads <c>AGE-SECRET-KEY-1…</c>, in upper case and without blanks. The caller zeroes <paramref name="text"/>.</summary>
    /// <exception cref="KeyFault">The text is anything else; a mistyped character is always found. The message does not hold it.</exception>
    public static X25519Identity Parse(ReadOnlySpan<byte> text)
    {
        Span<byte> scalar = stackalloc byte[Sodium.KeyBytes];
        if (!Bech32.TryDecode(text, Prefix, scalar)) throw new KeyFault("an age secret key is mistyped") { Expected = "AGE-SECRET-KEY-1 and 58 upper-case letters and digits" };
        var identity = new X25519Identity(scalar);
        CryptographicOperations.ZeroMemory(scalar);
        return identity;
    }

    /// <summary>Writes <c>AGE-SECRET-KEY-1…</c> into the first <see cref="TextBytes"/> bytes of <paramref name="text"/>, which the caller zeroes after use.</summary>
    public void WriteText(Span<byte> text) => Bech32.Encode(_scalar.Span, Prefix, text[..TextBytes]);

    /// <inheritdoc/>
    public override void Dispose() => _scalar.Dispose();

    /// <inheritdoc/>
    internal override AgeFileKey? TryUnwrap(IReadOnlyList<AgeStanza> stanzas)
    {
        var own = stanzas.Where(stanza => stanza.Type == X25519Recipient.StanzaType).ToList();
        // All of them are checked before one is tried, so that the answer does not depend on their order.
        var shares = own.ConvertAll(ReadShare);
        for (var i = 0; i < own.Count; i++)
            if (TryUnwrap(own[i], shares[i]) is { } key) return key;
        return null;
    }

    private static byte[] ReadShare(AgeStanza stanza)
    {
        var share = new byte[Sodium.KeyBytes];
        if (stanza.Arguments.Count != 1 || stanza.Body.Length != AgeStanza.WrappedKeyBytes || !TryDecode(stanza.Arguments[0], share)) throw AgeFault.Header("a recipient of the type X25519 is malformed");
        return share;
    }

    private static bool TryDecode(string text, Span<byte> share) => AgeBase64.TryDecode(System.Text.Encoding.ASCII.GetBytes(text), share);

    private AgeFileKey? TryUnwrap(AgeStanza stanza, ReadOnlySpan<byte> share)
    {
        Span<byte> shared = stackalloc byte[Sodium.KeyBytes], wrapKey = stackalloc byte[Sodium.KeyBytes];
        try
        {
            // A share of low order would make the same wrap key for every identity.
            if (!Sodium.TryX25519(_scalar.Span, share, shared)) throw AgeFault.Header("a recipient of the type X25519 holds a point of low order");
            X25519Recipient.DeriveWrapKey(shared, share, Recipient.Point, wrapKey);
            return AgeKeyWrap.TryUnwrap(stanza.Body.Span, wrapKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shared);
            CryptographicOperations.ZeroMemory(wrapKey);
        }
    }
}
