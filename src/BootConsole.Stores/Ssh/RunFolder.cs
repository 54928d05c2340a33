// A private folder for the files of one connection: ssh's configuration, known hosts and control socket.
using System.Security.Cryptography;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Stores.Ssh;

/// <summary>A folder that only this user can enter, removed on dispose. Its path is short and plain: ssh puts it into a socket address of 108 bytes and into a shell's command line.</summary>
internal sealed class RunFolder : IDisposable
{
    /// <summary>A socket address holds 107 characters; ssh first binds to the name with 17 more behind it.</summary>
    private const int LongestPath = 107 - 17 - 2;

    private RunFolder(string path) => Path = path;

    /// <summary>Its absolute path: letters, digits, <c>/ . _ -</c>.</summary>
    internal string Path { get; }

    /// <summary>Makes the folder in the first place that will do.</summary>
    /// <exception cref="HostFault">None will.</exception>
    internal static RunFolder Create()
    {
        SystemCallException? refusal = null;
        foreach (var place in new[] { Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), "/run", "/tmp", System.IO.Path.GetTempPath() })
        {
            if (string.IsNullOrEmpty(place) || !System.IO.Path.IsPathRooted(place)) continue;
            var path = System.IO.Path.Combine(place, "bootconsole-" + RandomNumberGenerator.GetHexString(12, lowercase: true));
            if (path.Length > LongestPath || !path.All(IsPlain)) continue;
            try
            {
                LinuxNames.MakePrivateFolder(path);
                return new RunFolder(path);
            }
            catch (SystemCallException cause)
            {
                refusal = cause;
            }
        }

        throw new HostFault("no place for the files of an ssh connection", refusal) { Which = "/run, /tmp", Remedy = "Make /tmp writable." };
    }

    /// <summary>The path of a name in the folder.</summary>
    internal string this[string name] => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // Something else cleaned it up already, or holds it; nothing in it is secret.
        }
    }

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_' or '-';
}
