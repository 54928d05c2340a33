// The one-time code by which a PC without a key proves to its server, and the server to it, that an administrator let them meet (docs/security.md, "Enrolment").
using System.Security.Cryptography;
using System.Text;

namespace BootConsole.Core;

/// <summary>Makes and reads enrolment codes: 60 bits as 12 characters in groups of four. The code itself is never sent and never stored.</summary>
public static class EnrolmentCode
{
    /// <summary>Characters of a code without the dashes.</summary>
    public const int Length = 12;

    // No I and O, which are 1 and 0 when read; no Y and Z, which trade places on some keyboards, and the layout may not be right yet.
    private const string Letters = "0123456789ABCDEFGHJKLMNPQRSTUVWX";

    // Who recorded an enrolment can try codes by himself: each try costs this many hashes, for 2^60 codes.
    private const int Rounds = 600_000;

    /// <summary>A new code: <c>7K3M-0QWE-RT5X</c>.</summary>
    public static string New() => string.Join('-', Enumerable.Range(0, Length / 4).Select(_ => RandomNumberGenerator.GetString(Letters, 4)));

    /// <summary>What is kept and reckoned with instead of the code: 32 bytes.</summary>
    /// <param name="code">The code as somebody typed it: case, dashes and blanks do not matter, O is 0 and I is 1.</param>
    /// <param name="pcName">The PC it is for.</param>
    /// <exception cref="UsageFault">It cannot be one.</exception>
    public static byte[] Key(string code, string pcName)
    {
        var plain = string.Concat(code.ToUpperInvariant().Where(letter => letter is not ('-' or ' '))).Replace('O', '0').Replace('I', '1');
        if (plain.Length != Length || !plain.All(letter => Letters.Contains(letter, StringComparison.Ordinal)))
            throw new UsageFault("this is no enrolment code") { Expected = "12 letters and digits, such as 7K3M-0QWE-RT5X", Found = $"{plain.Length} characters", Remedy = "'bootserver pc enrol PC' shows it; no letter Y or Z is in it." };
        return Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(plain), Encoding.UTF8.GetBytes("bootconsole-enrolment-1:" + pcName), Rounds, HashAlgorithmName.SHA256, 32);
    }
}
