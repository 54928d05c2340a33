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

    private const string Prefix = "bootconsole-", AliveName = "alive", NewName = "alive.new";

    private readonly FileStream _alive;

    private RunFolder(string path)
    {
        Path = path;
        // Locked (flock) as long as this process lives, whatever way it ends. Under its name it is locked from the first moment: between making and locking it another process would take this one for dead.
        _alive = new FileStream(this[NewName], FileMode.CreateNew, FileAccess.Write, FileShare.None);
        File.Move(this[NewName], this[AliveName]);
    }

    /// <summary>Its absolute path: letters, digits, <c>/ . _ -</c>.</summary>
    internal string Path { get; }

    /// <summary>Makes the folder in the first place that will do.</summary>
    /// <exception cref="HostFault">None will.</exception>
    internal static RunFolder Create()
    {
        SystemCallException? refusal = null;
        foreach (var (place, isShared) in new[] { (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), false), ("/run", false), ("/tmp", true), (System.IO.Path.GetTempPath(), true) })
        {
            if (string.IsNullOrEmpty(place) || !System.IO.Path.IsPathRooted(place)) continue;
            var path = System.IO.Path.Combine(place, Prefix + RandomNumberGenerator.GetHexString(12, lowercase: true));
            if (path.Length > LongestPath || !path.All(IsPlain)) continue;
            try
            {
                // Not where everybody may put something in the way.
                if (!isShared) RemoveLeftovers(place);
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
        Remove(Path);
        _alive.Dispose();
    }

    // A process that was killed could not clean up. Its lock went with it.
    private static void RemoveLeftovers(string place)
    {
        try
        {
            foreach (var folder in Directory.EnumerateDirectories(place, Prefix + "*").Where(IsLeft)) Remove(folder);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // What cannot be looked at is not ours.
        }
    }

    // A folder without the file is just being made, or no folder of ours.
    private static bool IsLeft(string folder)
    {
        try
        {
            using var alive = new FileStream(System.IO.Path.Combine(folder, AliveName), FileMode.Open, FileAccess.Write, FileShare.None);
            return true;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // Something else cleaned it up already, or holds it; nothing in it is secret.
        }
    }

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_' or '-';
}
