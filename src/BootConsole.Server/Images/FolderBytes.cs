// How many bytes lie in an image's folder: what a hostile manifest says of itself is not believed.
using BootConsole.Host;

namespace BootConsole.Server.Images;

/// <summary>Sums up lengths of files. No link is followed and nothing but a folder is opened.</summary>
internal static class FolderBytes
{
    // image / disk-0 / tables: deeper there is nothing of the format.
    private const int Depth = 3;
    private const int EntriesPerFolder = 400_000;

    /// <summary>The lengths of all files in a folder and three levels below it; <see cref="long.MaxValue"/> when they are more.</summary>
    /// <exception cref="SystemCallException">A folder cannot be listed.</exception>
    internal static long Of(LinuxFolder folder) => Of(folder, Depth);

    private static long Of(LinuxFolder folder, int depth)
    {
        long sum = 0;
        foreach (var entry in folder.List(EntriesPerFolder))
        {
            if (entry.Kind == EntryKind.File) sum = Add(sum, entry.Length);
            else if (entry.Kind == EntryKind.Folder && depth > 1) sum = Add(sum, OfNamed(folder, entry.Name, depth - 1));
        }

        return sum;
    }

    private static long OfNamed(LinuxFolder above, string name, int depth)
    {
        try
        {
            using var folder = above.OpenFolder(name);
            return Of(folder, depth);
        }
        catch (SystemCallException gone) when (gone.Error is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
        {
            // Removed or exchanged since it was listed, or a name that is no text.
            return 0;
        }
    }

    // A sparse file may be as long as it likes.
    private static long Add(long sum, long length) => length > long.MaxValue - sum ? long.MaxValue : sum + Math.Max(0, length);
}
