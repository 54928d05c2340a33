// The keys of encrypted images: one private key that reads them, one that reads tables, and the key of the manifests' MACs.
using System.Security.Cryptography;
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>
/// A key set (docs/format.md, "Encryption"). Opened by a password or a recipient it is whole; opened from a table key file it makes images and reads tables, but reads no image.
/// Thread-safe; zeroed on dispose.
/// </summary>
public sealed class KeySet : IDisposable
{
    internal const int MacKeyBytes = 32;

    private readonly X25519Identity? _identity;
    private readonly X25519Identity _tableIdentity;
    private readonly SecretBytes _macKey;

    internal KeySet(X25519Recipient recipient, X25519Identity? identity, X25519Identity tableIdentity, ReadOnlySpan<byte> macKey)
    {
        (Recipient, _identity, _tableIdentity) = (recipient, identity, tableIdentity);
        _macKey = new SecretBytes(macKey);
        Id = IdOf(recipient, macKey);
    }

    /// <summary>The key id: SHA-256 of the recipient's text and the MAC key.</summary>
    public ChunkHash Id { get; }

    /// <summary>Whom segments, tables and layouts are encrypted to.</summary>
    public X25519Recipient Recipient { get; }

    /// <summary>The second recipient of tables.</summary>
    public X25519Recipient TableRecipient => _tableIdentity.Recipient;

    /// <summary>True when segments and layouts can be read, false for one from a table key file.</summary>
    public bool ReadsImages => _identity is not null;

    /// <summary>
    /// True when it is known who made the key set: it was opened by its password, its table key, or its id was named beforehand. Anybody can make one for a recipient whose public key he has; a MAC by such a
    /// set proves nothing.
    /// </summary>
    public bool IsTrusted { get; init; }

    internal ReadOnlySpan<byte> MacKey => _macKey.Span;

    internal X25519Identity TableIdentity => _tableIdentity;

    /// <summary>Whoever holds this can read everything.</summary>
    /// <exception cref="KeyFault">The set is from a table key file.</exception>
    internal X25519Identity Identity => _identity ?? throw new KeyFault("the table key does not read images")
    {
        Which = $"key set {Id}",
        Remedy = "Give the password of the key set, or an identity that it was wrapped for.",
    };

    /// <summary>Makes a new key set.</summary>
    public static KeySet MakeRandom()
    {
        Span<byte> macKey = stackalloc byte[MacKeyBytes];
        RandomNumberGenerator.Fill(macKey);
        var identity = X25519Identity.MakeRandom();
        var keys = new KeySet(identity.Recipient, identity, X25519Identity.MakeRandom(), macKey) { IsTrusted = true };
        CryptographicOperations.ZeroMemory(macKey);
        return keys;
    }

    /// <summary>HMAC-SHA-256 of a manifest (RFC 2104, FIPS 180-4).</summary>
    internal ChunkHash MacOf(ReadOnlySpan<byte> manifest)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_macKey.Span, manifest, mac);
        return new ChunkHash(mac);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _identity?.Dispose();
        _tableIdentity.Dispose();
        _macKey.Dispose();
    }

    internal static ChunkHash IdOf(X25519Recipient recipient, ReadOnlySpan<byte> macKey)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(recipient.ToString()));
        hash.AppendData(macKey);
        return new ChunkHash(hash.GetHashAndReset());
    }
}
