// What lies in a folder that a PC can write: what a hostile manifest says of itself is not believed.
using BootConsole.Host;

namespace BootConsole.Server.Stores;

/// <summary>A sum over files and folders. No link is followed and nothing but a folder is opened; a PC may write there all the while.</summary>
/// <param name="Bytes">The lengths of the files; <see cref="long.MaxValue"/> when they are more.</param>
/// <param name="Names">How many files, folders and whatever else there are.</param>
internal sealed record FolderSum(long Bytes, long Names)
{
    private const int EntriesPerFolder = 400_000;

    private static readonly FolderSum Nothing = new(0, 0);

    /// <summary>Sums up what is in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="depth">How many levels are looked at, from 1.</param>
    /// <param name="counts">Which entries count.</param>
    /// <exception cref="SystemCallException">A folder cannot be listed.</exception>
    internal static FolderSum Of(LinuxFolder folder, int depth, Predicate<FolderEntry> counts)
    {
        var sum = Nothing;
        foreach (var entry in folder.List(EntriesPerFolder))
        {
            if (counts(entry)) sum = sum.Plus(new FolderSum(entry.Kind == EntryKind.File ? Math.Max(0, entry.Length) : 0, 1));
            if (entry.Kind == EntryKind.Folder && depth > 1) sum = sum.Plus(Of(folder, entry.Name, depth - 1, counts));
        }

        return sum;
    }

    /// <summary>The same of a folder in another one; nothing when it is not there, or no folder.</summary>
    internal static FolderSum Of(LinuxFolder above, string name, int depth, Predicate<FolderEntry> counts)
    {
        try
        {
            using var folder = above.OpenFolder(name);
            return Of(folder, depth, counts);
        }
        catch (SystemCallException gone) when (gone.Error is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
        {
            // Removed or exchanged since it was listed, or a name that is no text.
            return Nothing;
        }
    }

    /// <summary>Both together.</summary>
    // A sparse file may be as long as it likes.
    internal FolderSum Plus(FolderSum other) => new(other.Bytes > long.MaxValue - Bytes ? long.MaxValue : Bytes + other.Bytes, Names + other.Names);
}
