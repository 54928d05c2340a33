// Which names the server gives and takes: they become users, folders and parts of images' names.
using System.Net.NetworkInformation;
using System.Text.RegularExpressions;
using BootConsole.Core;

namespace BootConsole.Server.Catalogue;

/// <summary>Rules for names.</summary>
internal static partial class ServerNames
{
    /// <summary>What a PC's system user is called: this and the PC's name. 32 characters are the most that Linux allows.</summary>
    private const string AccountStart = "bc-";

    private const int LongestText = 100;

    /// <summary>Checks the name of a PC, a contract or a storage.</summary>
    /// <param name="name">1 to 28 of <c>a-z 0-9 -</c>, not beginning or ending with <c>-</c>.</param>
    /// <param name="what">What it names, for the fault.</param>
    /// <exception cref="UsageFault">It is another.</exception>
    internal static void CheckName(string name, string what)
    {
        if (!Name().IsMatch(name)) throw new UsageFault($"{what} is not allowed") { Found = name, Expected = "1 to 28 of a-z 0-9 -, not beginning or ending with -" };
    }

    /// <summary>Checks a name for people, such as a customer's.</summary>
    /// <exception cref="UsageFault">It is empty, longer than 100 characters, or has control characters.</exception>
    internal static void CheckText(string text, string what)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText || PlainText.Of(text) != text) throw new UsageFault($"{what} is not allowed") { Found = PlainText.Of(text), Expected = $"1 to {LongestText} characters, none of them a control character" };
    }

    /// <summary>The system's user of a PC.</summary>
    internal static string Account(string pc) => AccountStart + pc;

    /// <summary>Reads the address of a network card: six bytes, with <c>:</c>, <c>-</c> or nothing between them.</summary>
    /// <returns>The form <c>aa:bb:cc:dd:ee:ff</c>.</returns>
    /// <exception cref="UsageFault">It is none, or one that no card has (all zero, or a group's).</exception>
    internal static string Card(string text)
    {
        var compact = CardForm().IsMatch(text) ? text.Replace(":", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal) : "";
        if (compact.Length != 12 || !PhysicalAddress.TryParse(compact.ToUpperInvariant(), out var address) || address.GetAddressBytes() is not { } bytes || (bytes[0] & 1) != 0 || bytes.All(value => value == 0))
            throw new UsageFault("this is no address of a network card") { Found = PlainText.Of(text), Expected = "six bytes, such as 52:54:00:12:34:56" };
        return string.Join(':', bytes.Select(value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,26}[a-z0-9])?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(@"^([0-9a-fA-F]{12}|[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}|[0-9a-fA-F]{2}(-[0-9a-fA-F]{2}){5})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex CardForm();
}
