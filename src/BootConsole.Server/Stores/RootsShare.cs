// What of a store belongs to root: sealed images do, and the file system counts them to their PC no longer.
using BootConsole.Host;

namespace BootConsole.Server.Stores;

/// <summary>Bytes and names of a store that are root's.</summary>
/// <param name="Bytes">The lengths of its files.</param>
/// <param name="Files">How many files and folders it has.</param>
internal sealed record RootsShare(long Bytes, long Files)
{
    // images / image / disk-0 / tables: deeper there is nothing of the format.
    private const int Depth = 4;
    private const int NamesPerFolder = 400_000;

    private static readonly RootsShare Nothing = new(0, 0);

    /// <summary>Looks through the parts of a store that its PC can write. No link is followed; a PC may write there all the while.</summary>
    /// <param name="store">The store's folder.</param>
    /// <param name="parts">The names of those parts.</param>
    /// <exception cref="SystemCallException">The store is not there, or a folder cannot be listed.</exception>
    internal static RootsShare Of(string store, IEnumerable<string> parts)
    {
        using var top = LinuxFolder.Open(store);
        return parts.Aggregate(Nothing, (sum, part) => sum.Plus(OfNamed(top, part, Depth)));
    }

    private static RootsShare Of(LinuxFolder folder, int depth)
    {
        var sum = Nothing;
        foreach (var entry in folder.List(NamesPerFolder))
        {
            if (entry.Owner == FileOwnership.Root) sum = sum.Plus(new RootsShare(entry.Kind == EntryKind.File ? Math.Max(0, entry.Length) : 0, 1));
            if (entry.Kind == EntryKind.Folder && depth > 1) sum = sum.Plus(OfNamed(folder, entry.Name, depth - 1));
        }

        return sum;
    }

    private static RootsShare OfNamed(LinuxFolder above, string name, int depth)
    {
        try
        {
            using var folder = above.OpenFolder(name);
            return Of(folder, depth);
        }
        catch (SystemCallException gone) when (gone.Error is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
        {
            // Removed or exchanged since it was listed, or a name that is no text.
            return Nothing;
        }
    }

    // A sparse file that was sealed may be as long as it likes.
    private RootsShare Plus(RootsShare other) => new(other.Bytes > long.MaxValue - Bytes ? long.MaxValue : Bytes + other.Bytes, Files + other.Files);
}
