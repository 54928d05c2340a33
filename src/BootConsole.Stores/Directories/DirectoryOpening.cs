// Before a directory store is used: making its folder, and asking whether it takes anything.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Stores.Directories;

/// <summary>What happens to the top folder of a directory store before any work.</summary>
internal static class DirectoryOpening
{
    /// <summary>Makes <paramref name="path"/> inside a folder that is there, and flushes the new name. One that is there already is left as it is.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="StoreFault">The system refuses.</exception>
    internal static void Make(string path)
    {
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path));
        if (parent is null || Directory.Exists(path)) return;
        // A mistyped path must not become a new, empty store.
        if (!Directory.Exists(parent))
            throw new StoreFault(StoreProblem.Missing, "the store's folder is not there, nor the one it would be in") { Which = path, Remedy = "Check the path, and whether its disk is mounted." };
        try
        {
            using var above = LinuxFolder.Open(parent);
            above.MakeFolder(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)));
            above.Flush();
        }
        catch (SystemCallException refusal) when (refusal.Error == Errno.EEXIST && Directory.Exists(path))
        {
            // Another program made it in this moment.
        }
        catch (SystemCallException refusal)
        {
            throw DirectoryFaults.From("the store's folder cannot be made", refusal, () => null);
        }
    }

    /// <summary>Refuses a folder that this user cannot write to.</summary>
    /// <param name="top">The folder.</param>
    /// <param name="mounted">What is mounted there; null for a plain folder.</param>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Denied"/>.</exception>
    internal static void RequireWritable(LinuxFolder top, MountAddress? mounted)
    {
        if (top.FindSpace().IsReadOnly)
            throw new StoreFault(StoreProblem.Denied, "the store is on a read-only file system") { Which = top.Path, Remedy = "Mount it for writing, or choose another store." };
        // The top may belong to the administrator and the folders in it to this user, as on a server.
        if (top.IsWritable || top.List(StoreLimits.EntriesPerFolder).Any(entry => IsWritableFolder(top, entry))) return;
        throw new StoreFault(StoreProblem.Denied, "the store cannot be written by this user") { Which = top.Path, Remedy = DirectoryFaults.RightsRemedy(mounted) };
    }

    private static bool IsWritableFolder(LinuxFolder top, FolderEntry entry)
    {
        if (entry.Kind != EntryKind.Folder) return false;
        try
        {
            using var folder = top.OpenFolder(entry.Name);
            return folder.IsWritable;
        }
        catch (SystemCallException)
        {
            return false;
        }
    }
}
