// Small files that others read at any time: replaced by a rename, so that nobody ever sees half of one.
using System.Text;
using BootConsole.Host;

namespace BootConsole.Server;

/// <summary>Writes small files whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>What everybody may read: 0644.</summary>
    internal const UnixFileMode ReadableByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>What the owner alone may read: 0600.</summary>
    internal const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A folder that everybody may enter and only its owner may change: 0755.</summary>
    internal const UnixFileMode OpenFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>A folder that its group may enter too: 0750.</summary>
    internal const UnixFileMode GroupFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>A folder for its owner alone: 0700.</summary>
    internal const UnixFileMode PrivateFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Writes a file, instead of what has its name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">What it shall hold.</param>
    /// <param name="mode">Who may do what with it, whatever the umask is.</param>
    /// <exception cref="IOException">The system refuses; what was there is still there.</exception>
    internal static void Write(string path, string text, UnixFileMode mode)
    {
        var part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (var file = LinuxFile.Open(part, OpenFor.Writing | OpenFor.CreateNew | OpenFor.Private))
            {
                file.WriteAt(0, Encoding.UTF8.GetBytes(text));
                file.Flush();
            }

            LinuxNames.SetMode(part, mode);
            Replace(part, path);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Gives a finished file its name, instead of what has it.</summary>
    internal static void Replace(string part, string path)
    {
        LinuxNames.Replace(part, path);
        LinuxNames.FlushFolder(Path.GetDirectoryName(path)!);
    }
}
