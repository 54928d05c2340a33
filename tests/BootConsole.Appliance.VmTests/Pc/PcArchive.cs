// What makes the base the boot environment of one PC: its settings and keys, in an archive behind the base.
using System.Globalization;
using BootConsole.TestKit;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>An archive for one PC, made by cpio itself.</summary>
internal sealed class PcArchive : IDisposable
{
    private readonly TempFolder _folder = new();
    private int _made;

    /// <summary>Makes the archive.</summary>
    /// <param name="settings">The settings file.</param>
    /// <param name="files">Further files, by their path in the boot environment; copied with their mode.</param>
    /// <returns>Its path.</returns>
    internal string Make(string settings, params (string Path, string Source)[] files)
    {
        var number = (++_made).ToString(CultureInfo.InvariantCulture);
        var (tree, archive) = (_folder["tree" + number], _folder[number + ".cpio"]);
        Directory.CreateDirectory(Path.Combine(tree, "etc/bootconsole"));
        File.WriteAllText(Path.Combine(tree, "etc/bootconsole.toml"), settings);
        foreach (var (path, source) in files)
        {
            var file = Path.Combine(tree, path.TrimStart('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            SystemTool.Run("cp", "-pL", source, file);
        }

        var names = Directory.EnumerateFileSystemEntries(tree, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(tree, path)).Order(StringComparer.Ordinal);
        SystemTool.Feed(string.Join('\n', names) + "\n", "cpio", "--quiet", "--create", "--format=newc", "--owner=0:0", "--directory", tree, "--file", archive);
        return archive;
    }

    public void Dispose() => _folder.Dispose();
}
