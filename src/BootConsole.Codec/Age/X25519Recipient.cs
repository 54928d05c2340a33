// A public key, written age1….
using System.Security.Cryptography;
using System.Text;
using BootConsole.Codec.Native;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>A Curve25519 public key (age-encryption.org/v1, "The X25519 recipient type").</summary>
public sealed class X25519Recipient : AgeRecipient, IEquatable<X25519Recipient>
{
    internal const string StanzaType = "X25519";
    private readonly byte[] _point;

    internal X25519Recipient(ReadOnlySpan<byte> point) => _point = point.ToArray();

    internal static ReadOnlySpan<byte> Prefix => "age"u8;

    internal ReadOnlySpan<byte> Point => _point;

    /// <summary>Reads <c>age1…</c>, in lower case and without blanks.</summary>
    /// <exception cref="KeyFault">The text is anything else; a mistyped character is always found.</exception>
    public static X25519Recipient Parse(string text)
    {
        Span<byte> point = stackalloc byte[Sodium.KeyBytes];
        if (!Ascii.IsValid(text) || !Bech32.TryDecode(Encoding.ASCII.GetBytes(text), Prefix, point))
            throw new KeyFault("an age recipient is mistyped") { Expected = "age1 and 58 lower-case letters and digits" };
        return new X25519Recipient(point);
    }

    /// <summary><c>age1…</c>, 62 characters.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[Bech32.TextLength(Prefix)];
        Bech32.Encode(_point, Prefix, text);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>True for the same key.</summary>
    public bool Equals(X25519Recipient? other) => other is not null && Point.SequenceEqual(other.Point);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as X25519Recipient);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_point);

    /// <inheritdoc/>
    internal override AgeStanza Wrap(AgeFileKey key)
    {
        Span<byte> ephemeral = stackalloc byte[Sodium.KeyBytes], shared = stackalloc byte[Sodium.KeyBytes], wrapKey = stackalloc byte[Sodium.KeyBytes];
        var share = new byte[Sodium.KeyBytes];
        try
        {
            RandomNumberGenerator.Fill(ephemeral);
            Sodium.X25519Public(ephemeral, share);
            if (!Sodium.TryX25519(ephemeral, _point, shared)) throw new KeyFault("an age recipient is not a usable key") { Which = ToString() };
            DeriveWrapKey(shared, share, _point, wrapKey);
            return new AgeStanza(StanzaType, [AgeBase64.Encode(share)], AgeKeyWrap.Wrap(key, wrapKey));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ephemeral);
            CryptographicOperations.ZeroMemory(shared);
            CryptographicOperations.ZeroMemory(wrapKey);
        }
    }

    internal static void DeriveWrapKey(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> share, ReadOnlySpan<byte> recipient, Span<byte> wrapKey)
    {
        Span<byte> salt = stackalloc byte[2 * Sodium.KeyBytes];
        share.CopyTo(salt);
        recipient.CopyTo(salt[Sodium.KeyBytes..]);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, wrapKey, salt, "age-encryption.org/v1/X25519"u8);
    }
}
