// age recipients: a mistyped one would make backups that nobody can ever read, so the checksum is checked.
using System.Text;
using BootConsole.Core;

namespace BootConsole.Settings.Reading;

/// <summary>
/// X25519 recipients of age (https://age-encryption.org/v1, "The X25519 recipient type"): Bech32 (BIP 173) of 32 bytes with the prefix <c>age</c>.
/// </summary>
internal static class AgeRecipient
{
    public const string Expected = "an age recipient: age1 and 58 more characters";

    private const string Prefix = "age1";
    private const int KeyBytes = 32;

    /// <summary>A recipient.</summary>
    public static string? Parse(string text, out string value)
    {
        value = text;
        if (Quoted.IsSecret(text)) return "is a secret key: it must never stand here; use its public recipient";
        if (text.StartsWith("ssh-", StringComparison.Ordinal)) return "is an SSH key: only age's own recipients are taken";
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return "is not an age recipient";
        if (text.LastIndexOf('1') > Prefix.Length) return "is a plugin's recipient: only age's own are taken";
        if (text.Length != Bech32.TextLength("age"u8)) return "is not an age recipient";
        return Bech32.TryDecode(Encoding.ASCII.GetBytes(text), "age"u8, stackalloc byte[KeyBytes]) ? null : "is mistyped: its checksum is wrong";
    }
}
