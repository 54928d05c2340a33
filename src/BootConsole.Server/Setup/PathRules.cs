// Whose folders sshd accepts on the way to a chroot and to the program that it asks: root's, which nobody else can change.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Server.Setup;

/// <summary>Rules for paths.</summary>
internal static class PathRules
{
    private const string PlainCharacters = "/._+@-";

    /// <summary>Finds what sshd would refuse on the way to a path; parts that are not there yet are passed over.</summary>
    /// <param name="path">An absolute path.</param>
    /// <returns>The first folder or file that is not root's or that others can change, and a sentence about it; null when all is well.</returns>
    internal static (string Path, string What)? Objection(string path)
    {
        // As it is written, and as it is behind its links: both ways others must not be able to change.
        IEnumerable<string> ways = LinuxNames.Resolve(Existing(path)) is { } resolved ? [path, resolved] : [path];
        foreach (var part in ways.SelectMany(Parts).Distinct())
            if (LinuxNames.Resolve(part) is { } real && FileOwnership.Of(real) is { } found && Wrong(found) is { } what) return (part, what);
        return null;
    }

    /// <summary>Refuses a path that sshd's configuration cannot name as it is.</summary>
    /// <exception cref="UsageFault">It has other characters than letters, digits and <c>/ . _ + @ -</c>.</exception>
    internal static void CheckWords(string path, string what)
    {
        if (path.All(character => char.IsAsciiLetterOrDigit(character) || PlainCharacters.Contains(character, StringComparison.Ordinal))) return;
        throw new UsageFault($"{what} has characters that sshd's configuration cannot have") { Which = PlainText.Of(path), Expected = "letters, digits and / . _ + @ -" };
    }

    private static string? Wrong(FileOwnership found) => found.User != FileOwnership.Root ? $"it belongs to user {found.User}" : found.IsWritableByOthers ? $"others can change it (mode {found.Octal})" : null;

    private static string Existing(string path)
    {
        while (!Path.Exists(path)) path = Path.GetDirectoryName(path)!;
        return path;
    }

    private static IEnumerable<string> Parts(string path)
    {
        for (var part = path; part is not null; part = Path.GetDirectoryName(part)) yield return part;
    }
}
