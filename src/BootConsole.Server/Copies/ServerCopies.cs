// Copies of what a server cannot be made again without: catalogue, authorities' keys, host key (docs/bootserver.md, "Copies").
using System.Globalization;
using BootConsole.Host;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Copies;

/// <summary>A copy: a folder of <c>backup/</c>.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Made">When it was made; its name.</param>
internal sealed record ServerCopy(string Path, DateTimeOffset Made);

/// <summary>Makes, lists and removes copies.</summary>
internal static class ServerCopies
{
    private const string Form = "yyyyMMdd'T'HHmmss'Z'", Part = ".part";

    /// <summary>All whole copies, the newest last.</summary>
    internal static IReadOnlyList<ServerCopy> All(ServerTree tree) => !Directory.Exists(tree.Copies) ? [] :
    [
        .. Directory.EnumerateDirectories(tree.Copies)
            .Select(path => (Path: path, IsOne: DateTimeOffset.TryParseExact(Path.GetFileName(path), Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var made), Made: made))
            .Where(entry => entry.IsOne).Select(entry => new ServerCopy(entry.Path, entry.Made)).OrderBy(copy => copy.Made),
    ];

    /// <summary>Makes a copy: whole under its name, or not at all. What an earlier cut left is removed.</summary>
    internal static ServerCopy Make(ServerTree tree, CatalogueFile catalogue, DateTimeOffset now)
    {
        foreach (var left in Directory.EnumerateDirectories(tree.Copies, "*" + Part)) Directory.Delete(left, recursive: true);
        var path = Path.Combine(tree.Copies, now.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture));
        var part = path + Part;
        LinuxNames.MakePrivateFolder(part);
        catalogue.CopyTo(Path.Combine(part, "catalogue.db"));
        LinuxNames.SetMode(Path.Combine(part, "catalogue.db"), WholeFile.Private);
        foreach (var folder in (string[])[tree.Authorities, tree.Configuration])
        {
            var target = Path.Combine(part, Path.GetFileName(folder));
            LinuxNames.MakePrivateFolder(target);
            foreach (var file in Directory.EnumerateFiles(folder)) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            Flush(target);
        }

        Flush(part);
        LinuxNames.RenameWithoutReplacing(part, path);
        LinuxNames.FlushFolder(tree.Copies);
        return new ServerCopy(path, now);
    }

    /// <summary>Removes all but the newest copies.</summary>
    /// <returns>Those that were removed.</returns>
    internal static IReadOnlyList<ServerCopy> Prune(ServerTree tree, int keep)
    {
        IReadOnlyList<ServerCopy> old = [.. All(tree).SkipLast(keep)];
        foreach (var copy in old) Directory.Delete(copy.Path, recursive: true);
        return old;
    }

    private static void Flush(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder))
            using (var file = LinuxFile.Open(path, OpenFor.Reading)) file.Flush();
        LinuxNames.FlushFolder(folder);
    }
}
