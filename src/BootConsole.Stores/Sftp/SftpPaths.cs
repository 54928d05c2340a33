// Where the store's files are on the server, and the look that no link leads out of it.
using System.Collections.Concurrent;

namespace BootConsole.Stores.Sftp;

/// <summary>Paths of the store on the server.</summary>
/// <param name="top">The store's folder: absolute, or relative to the login folder; "." for that itself.</param>
internal sealed class SftpPaths(string top)
{
    // Looked at once for a connection: the server could lie anyway, and a question per file would cost a round trip each.
    private readonly ConcurrentDictionary<StorePath, bool> _plainFolders = new();

    /// <summary>The store's own folder.</summary>
    internal string Top => top;

    /// <summary>The server's path of a file or folder of the store.</summary>
    internal string Of(StorePath path) => path == StorePath.Top ? top : top is "." ? path.Text : top.EndsWith('/') ? top + path.Text : top + "/" + path.Text;

    /// <summary>Looks whether a folder and all between it and the top are real folders and no links.</summary>
    /// <returns>False when one is missing or is something else.</returns>
    internal async Task<bool> IsPlainFolderAsync(SftpChannel channel, StorePath folder, CancellationToken cancel)
    {
        var unknown = new List<StorePath>();
        for (; folder != StorePath.Top && !_plainFolders.ContainsKey(folder); folder = folder.Folder) unknown.Add(folder);
        // All questions go out at once: one round trip for a deep path.
        var answers = await Task.WhenAll(unknown.Select(path => channel.LstatAsync(Of(path)))).WaitAsync(cancel);
        if (!answers.All(answer => answer is { IsOk: true, Value.Kind: SftpKind.Folder })) return false;
        foreach (var path in unknown) _plainFolders[path] = true;
        return true;
    }

    /// <summary>Forgets a folder that was removed.</summary>
    internal void Forget(StorePath folder) => _plainFolders.TryRemove(folder, out _);

    /// <summary>The server's path of the folder above a server's path; null for one that has none.</summary>
    internal static string? Above(string path)
    {
        var slash = path.TrimEnd('/').LastIndexOf('/');
        return slash switch { < 0 => null, 0 => path.TrimEnd('/').Length > 1 ? "/" : null, _ => path[..slash] };
    }
}
