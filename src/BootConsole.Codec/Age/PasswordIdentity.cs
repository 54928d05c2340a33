// A password to open with.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BootConsole.Codec.Native;
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>Opens what was encrypted with a password (age-encryption.org/v1, "The scrypt recipient type").</summary>
public sealed class PasswordIdentity : AgeIdentity
{
    private readonly SecretBytes _password;
    private readonly ScryptLimits _limits;

    /// <summary>Takes a copy of the password; the caller zeroes its own.</summary>
    /// <param name="password">UTF-8, as typed.</param>
    /// <param name="limits">The work and memory it may cost.</param>
    public PasswordIdentity(ReadOnlySpan<byte> password, ScryptLimits limits)
    {
        _password = new SecretBytes(password);
        _limits = limits;
    }

    /// <inheritdoc/>
    public override void Dispose() => _password.Dispose();

    /// <inheritdoc/>
    internal override AgeFileKey? TryUnwrap(IReadOnlyList<AgeStanza> stanzas)
    {
        // The header's reader has made sure that it is alone.
        if (stanzas[0] is not { Type: PasswordRecipient.StanzaType } stanza) return null;
        Span<byte> salt = stackalloc byte[PasswordRecipient.SaltBytes], wrapKey = stackalloc byte[Sodium.KeyBytes];
        if (stanza.Arguments is not [var saltText, var workText] || stanza.Body.Length != AgeStanza.WrappedKeyBytes || !AgeBase64.TryDecode(Encoding.ASCII.GetBytes(saltText), salt))
            throw AgeFault.Header("its password recipient is malformed");
        _limits.DeriveWrapKey(_password.Span, salt, ReadLogN(workText), wrapKey);
        var key = AgeKeyWrap.TryUnwrap(stanza.Body.Span, wrapKey);
        CryptographicOperations.ZeroMemory(wrapKey);
        return key;
    }

    // Digits without a leading zero; scrypt itself ends below 2^64. What no machine can do is refused by the limits.
    private static int ReadLogN(string text)
    {
        var isNumber = text.Length is 1 or 2 && text[0] is >= '1' and <= '9' && char.IsAsciiDigit(text[^1]);
        var logN = isNumber ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        return logN is >= 1 and <= 63 ? logN : throw AgeFault.Header("the work factor of its password is malformed");
    }
}
