// age recipients: a mistyped one would make backups that nobody can ever read, so the checksum is checked.
namespace BootConsole.Settings.Reading;

/// <summary>
/// X25519 recipients of age (https://age-encryption.org/v1, "The X25519 recipient type"): Bech32 (BIP 173) of 32 bytes with the prefix <c>age</c>.
/// </summary>
internal static class AgeRecipient
{
    public const string Expected = "an age recipient: age1 and 58 more characters";

    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const string Prefix = "age1";
    private const int Characters = 62;
    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>A recipient.</summary>
    public static string? Parse(string text, out string value)
    {
        value = text;
        if (Quoted.IsSecret(text)) return "is a secret key: it must never stand here; use its public recipient";
        if (text.StartsWith("ssh-", StringComparison.Ordinal)) return "is an SSH key: only age's own recipients are taken";
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return "is not an age recipient";
        if (text.LastIndexOf('1') > Prefix.Length) return "is a plugin's recipient: only age's own are taken";
        if (text.Length != Characters) return "is not an age recipient";
        return IsBech32(text) ? null : "is mistyped: its checksum is wrong";
    }

    private static bool IsBech32(string text)
    {
        var checksum = 1u;
        // The prefix counts twice: high bits, a zero, low bits.
        foreach (var c in Prefix[..^1]) checksum = Step(checksum, (uint)c >> 5);
        checksum = Step(checksum, 0);
        foreach (var c in Prefix[..^1]) checksum = Step(checksum, c & 31u);
        foreach (var c in text[Prefix.Length..])
        {
            var digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0) return false;
            checksum = Step(checksum, (uint)digit);
        }

        // 52 digits carry 260 bits: the last four of the 32 bytes' must be zero.
        return checksum == 1 && (Alphabet.IndexOf(text[^7], StringComparison.Ordinal) & 0b1111) == 0;
    }

    private static uint Step(uint checksum, uint digit)
    {
        var top = checksum >> 25;
        checksum = ((checksum & 0x1ffffff) << 5) ^ digit;
        for (var bit = 0; bit < Generator.Length; bit++)
        {
            if (((top >> bit) & 1) == 1) checksum ^= Generator[bit];
        }

        return checksum;
    }
}
