// The one-time code by which a PC without a key proves to its server, and the server to it, that an administrator let them meet (docs/security.md, "Enrolment").
using System.Security.Cryptography;
using System.Text;

namespace BootConsole.Core;

/// <summary>Makes and reads enrolment codes: 60 bits as 12 characters in groups of four. The code itself is never sent and never stored.</summary>
public static class EnrolmentCode
{
    /// <summary>Characters of a code without the dashes.</summary>
    public const int Length = 12;

    /// <summary>Characters between two dashes.</summary>
    public const int GroupLength = 4;

    // No I and O, which are 1 and 0 when read; no Y and Z, which trade places on some keyboards, and the layout may not be right yet.
    private const string Letters = "0123456789ABCDEFGHJKLMNPQRSTUVWX";

    // Who recorded an enrolment can try codes by himself: each try costs this many hashes, for 2^60 codes.
    private const int Rounds = 600_000;

    /// <summary>A new code: <c>7K3M-0QWE-RT5X</c>.</summary>
    public static string New() => string.Join('-', Enumerable.Range(0, Length / GroupLength).Select(_ => RandomNumberGenerator.GetString(Letters, GroupLength)));

    /// <summary>The character of a code that somebody means who types this one: capitals do not matter, O is 0 and I is 1.</summary>
    /// <returns>Null for one that is in no code.</returns>
    public static char? Letter(char typed) => char.ToUpperInvariant(typed) switch
    {
        'O' => '0',
        'I' => '1',
        var letter => Letters.Contains(letter, StringComparison.Ordinal) ? letter : null,
    };

    /// <summary>True for what may stand between the characters of a code and means nothing.</summary>
    public static bool IsSeparator(char typed) => typed is '-' or ' ';

    /// <summary>What is kept and reckoned with instead of the code: 32 bytes.</summary>
    /// <param name="code">The code as somebody typed it: case, dashes and blanks do not matter, O is 0 and I is 1.</param>
    /// <param name="pcName">The PC it is for.</param>
    /// <exception cref="UsageFault">It cannot be one.</exception>
    public static byte[] Key(string code, string pcName)
    {
        var letters = code.Where(typed => !IsSeparator(typed)).Select(Letter).ToList();
        if (letters.Count != Length || letters.Contains(null))
            throw new UsageFault("this is no enrolment code") { Expected = "12 letters and digits, such as 7K3M-0QWE-RT5X", Found = $"{letters.Count} characters", Remedy = "'bootserver pc enrol PC' shows it; no letter Y or Z is in it." };
        return Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(string.Concat(letters)), Encoding.UTF8.GetBytes("bootconsole-enrolment-1:" + pcName), Rounds, HashAlgorithmName.SHA256, 32);
    }
}
