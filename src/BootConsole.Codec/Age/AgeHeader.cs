// The header of an age file: read strictly, opened with an identity.
using System.Security.Cryptography;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>The text at the start of an age file (age-encryption.org/v1, "Header"): the file key wrapped for each recipient, and a MAC over it all.</summary>
public sealed class AgeHeader
{
    /// <summary>The longest header that is read, 256 KiB: two thousand recipients.</summary>
    public const int MaxBytes = 256 << 10;

    private readonly IReadOnlyList<AgeStanza> _stanzas;
    private readonly byte[] _signed;
    private readonly byte[] _mac;

    internal AgeHeader(IReadOnlyList<AgeStanza> stanzas, byte[] signed, byte[] mac, int textBytes)
    {
        _stanzas = stanzas;
        _signed = signed;
        _mac = mac;
        TextBytes = textBytes;
    }

    /// <summary>Length of the header's text. The payload's nonce of 16 bytes follows.</summary>
    public int TextBytes { get; }

    /// <summary>True when the file was encrypted with a password.</summary>
    public bool NeedsPassword => _stanzas[0].Type == PasswordRecipient.StanzaType;

    /// <summary>Reads the header at the start of a file.</summary>
    /// <param name="start">The first bytes of the file, as many as are at hand.</param>
    /// <param name="isWhole">True when the file has no more.</param>
    /// <returns>Null when more bytes are needed.</returns>
    /// <exception cref="CorruptFault">The text breaks the format (<see cref="EncryptedPart.Header"/>), or is longer than <see cref="MaxBytes"/>.</exception>
    public static AgeHeader? TryRead(ReadOnlySpan<byte> start, bool isWhole)
    {
        var header = AgeHeaderText.TryRead(start[..Math.Min(start.Length, MaxBytes)]);
        if (header is not null) return header;
        if (start.Length >= MaxBytes) throw AgeFault.Header("its header does not end");
        return isWhole ? throw AgeFault.Header("it ends inside its header") : null;
    }

    /// <summary>Unwraps the file key with the first identity that can, and checks the header's MAC with it.</summary>
    /// <exception cref="KeyFault">No identity opens the file, or the password is wrong.</exception>
    /// <exception cref="CorruptFault">A recipient is malformed (<see cref="EncryptedPart.Header"/>), or the header was altered (<see cref="EncryptedPart.HeaderMac"/>).</exception>
    /// <exception cref="RefusedFault">Opening the password would take more work or memory than allowed.</exception>
    public AgeFileKey Open(params IReadOnlyList<AgeIdentity> identities)
    {
        foreach (var identity in identities)
        {
            if (identity.TryUnwrap(_stanzas) is not { } key) continue;
            if (IsAuthentic(key)) return key;
            key.Dispose();
            throw AgeFault.HeaderMac();
        }

        if (NeedsPassword && identities.Any(identity => identity is PasswordIdentity)) throw new KeyFault("the password is wrong");
        throw new KeyFault("no key at hand opens this file") { Expected = NeedsPassword ? "a password" : "the key of one of its recipients" };
    }

    private bool IsAuthentic(AgeFileKey key)
    {
        Span<byte> mac = stackalloc byte[AgeFileKey.MacBytes];
        key.Mac(_signed, mac);
        return CryptographicOperations.FixedTimeEquals(mac, _mac);
    }
}
