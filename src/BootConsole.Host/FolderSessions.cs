// Ends the processes of a user that work in a folder: what they have open for writing would outlive every change of owner and mode.
using System.Globalization;
using BootConsole.Core;

namespace BootConsole.Host;

/// <summary>Finds and ends sessions by <c>/proc</c>. Needs root.</summary>
public static class FolderSessions
{
    private const int Kill = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Ends every process of the user whose root is the folder, or which has something of it open, and waits until they are gone.</summary>
    /// <param name="user">The user's number; never root's.</param>
    /// <param name="folder">The folder, an absolute path without links.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="HostFault">One does not end.</exception>
    public static async Task<int> EndAsync(uint user, string folder, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfZero(user);
        var identity = FileIdentity.Of(folder) ?? throw new SystemCallException("stat", folder, Errno.ENOENT);
        var found = Processes().Where(process => IsOf(process, user) && IsIn(process, folder, identity)).Select(process => (Process: process, Start: StartOf(process))).ToList();
        foreach (var (process, _) in found) _ = LibC.kill(process, Kill);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        foreach (var (process, start) in found)
        {
            while (StartOf(process) is { } now && now == start)
            {
                if (limit.IsCancellationRequested && !cancel.IsCancellationRequested) throw new HostFault("a session does not end") { Which = $"process {process.ToString(CultureInfo.InvariantCulture)}", Remedy = "It waits for a disk that does not answer; see the system's log." };
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancel);
            }
        }

        return found.Count;
    }

    private static IEnumerable<int> Processes() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number > 1);

    // Real, effective, saved and file system's user: sshd's child is the user by all of them, but one would be enough to write.
    private static bool IsOf(int process, uint user) => (Read(process, "status") ?? "").Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal))?
        .Split('\t').Skip(1).Contains(user.ToString(CultureInfo.InvariantCulture)) ?? false;

    private static bool IsIn(int process, string folder, FileIdentity identity)
    {
        try
        {
            if (FileIdentity.Of($"/proc/{process}/root")?.IsSameAs(identity) == true) return true;
            // In another mount namespace the same path may be another folder.
            if (FileIdentity.Of($"/proc/{process}/root{folder}")?.IsSameAs(identity) != true) return false;
            return Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Prepend($"/proc/{process}/cwd").Any(link => new FileInfo(link).LinkTarget is { } target && (target == folder || target.StartsWith(folder + "/", StringComparison.Ordinal)));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or SystemCallException)
        {
            return false;
        }
    }

    // Null when it is gone; one that has ended and waits for its parent has nothing open any more.
    private static string? StartOf(int process)
    {
        var stat = Read(process, "stat");
        var fields = stat?[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is { Length: > 19 } && fields[0] is not ("Z" or "X") ? fields[19] : null;
    }

    private static string? Read(int process, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{name}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
