// What of a store belongs to root: sealed images do, and the file system counts them to their PC no longer.
using BootConsole.Host;

namespace BootConsole.Server.Stores;

/// <summary>Sums up what of a store is root's.</summary>
internal static class RootsShare
{
    // images / image / disk-0 / tables: deeper there is nothing of the format.
    private const int Depth = 4;

    /// <summary>Looks through the parts of a store that its PC can write.</summary>
    /// <param name="store">The store's folder.</param>
    /// <param name="parts">The names of those parts.</param>
    /// <exception cref="SystemCallException">The store is not there, or a folder cannot be listed.</exception>
    internal static FolderSum Of(string store, IEnumerable<string> parts)
    {
        using var top = LinuxFolder.Open(store);
        return parts.Select(part => FolderSum.Of(top, part, Depth, entry => entry.Owner == FileOwnership.Root)).Aggregate((sum, part) => sum.Plus(part));
    }
}
