// A password to encrypt with.
using System.Globalization;
using System.Security.Cryptography;
using BootConsole.Codec.Native;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>Encrypts with a password (age-encryption.org/v1, "The scrypt recipient type"). Always the only recipient of its file.</summary>
public sealed class PasswordRecipient : AgeRecipient, IDisposable
{
    internal const string StanzaType = "scrypt";
    internal const int SaltBytes = 16;
    private readonly SecretBytes _password;
    private readonly int _logN;
    private readonly ScryptLimits _limits;

    /// <summary>Takes a copy of the password; the caller zeroes its own.</summary>
    /// <param name="password">UTF-8, not empty, as typed: nothing is trimmed or normalised.</param>
    /// <param name="logN">Base-two logarithm of the work factor, 1 to 22; lower than 17 only in tests.</param>
    /// <param name="limits">What it may cost here.</param>
    public PasswordRecipient(ReadOnlySpan<byte> password, int logN = ScryptLimits.WrittenLogN, ScryptLimits? limits = null)
    {
        if (password.IsEmpty) throw new KeyFault("the password is empty");
        ArgumentOutOfRangeException.ThrowIfLessThan(logN, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logN, 22);
        _password = new SecretBytes(password);
        _logN = logN;
        _limits = limits ?? new ScryptLimits { MaxLogN = logN };
    }

    /// <inheritdoc/>
    public void Dispose() => _password.Dispose();

    /// <inheritdoc/>
    internal override AgeStanza Wrap(AgeFileKey key)
    {
        Span<byte> salt = stackalloc byte[SaltBytes], wrapKey = stackalloc byte[Sodium.KeyBytes];
        RandomNumberGenerator.Fill(salt);
        _limits.DeriveWrapKey(_password.Span, salt, _logN, wrapKey);
        var body = AgeKeyWrap.Wrap(key, wrapKey);
        CryptographicOperations.ZeroMemory(wrapKey);
        return new AgeStanza(StanzaType, [AgeBase64.Encode(salt), _logN.ToString(CultureInfo.InvariantCulture)], body);
    }
}
