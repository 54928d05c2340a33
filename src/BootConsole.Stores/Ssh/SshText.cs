// What may reach ssh's command line and configuration file, and through them a shell.
using BootConsole.Core;

namespace BootConsole.Stores.Ssh;

/// <summary>Checks of text from settings. ssh starts the way through a jump host by a shell, and its configuration file has quotes, tokens and variables of its own.</summary>
internal static class SshText
{
    /// <summary>A host name, address or login name.</summary>
    /// <exception cref="UsageFault">It has another character, or starts with '-'.</exception>
    internal static string RequireHost(string text, string what) =>
        text.Length is > 0 and <= 255 && text[0] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '%' or '\\' or '+')
            ? text
            : throw new UsageFault($"{what} holds a character that ssh must not see") { Found = PlainWords.Of(text), Expected = "letters, digits, . - _ : +" };

    /// <summary>Jump hosts as <c>-J</c> takes them: <c>[user@]host[:port]</c>, several with commas.</summary>
    /// <exception cref="UsageFault">It is anything else.</exception>
    internal static string RequireJump(string text) => text.Split(',').All(IsJump)
        ? text
        : throw new UsageFault("the jump host is not one") { Found = PlainWords.Of(text), Expected = "user@host:port" };

    /// <summary>A path in ssh's configuration file, where quotes, backslashes, percent and dollar signs mean something.</summary>
    /// <exception cref="UsageFault">It holds one of them or a control character.</exception>
    internal static string RequireFile(string path) => path.Any(c => char.IsControl(c) || c is '"' or '\'' or '\\' or '%' or '$')
        ? throw new UsageFault("ssh cannot take a file of this name") { Which = PlainWords.Of(path), Remedy = "Rename it: no quotes, backslashes, % or $." }
        : path;

    /// <summary>A line of a known_hosts file.</summary>
    /// <exception cref="UsageFault">It holds a control character, a line end for one.</exception>
    internal static string RequireLine(string line) => line.Any(c => char.IsControl(c) && c != '\t')
        ? throw new UsageFault("a known_hosts line is not one line") { Found = PlainWords.Of(line) }
        : line;

    private static bool IsJump(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0 && !IsWord(text[..at])) return false;
        var host = text[(at + 1)..];
        var bracket = host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) : -1;
        var name = bracket > 0 ? host[1..bracket] : host.Split(':')[0];
        var rest = bracket > 0 ? host[(bracket + 1)..] : host[name.Length..];
        var isName = bracket > 0 ? name.Length > 0 && name.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') : IsWord(name);
        return isName && (rest.Length == 0 || (rest[0] == ':' && ushort.TryParse(rest.AsSpan(1), out var port) && port > 0));
    }

    private static bool IsWord(string text) =>
        text.Length is > 0 and <= 255 && text[0] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+');
}
