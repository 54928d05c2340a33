// A store in a folder of this machine.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Stores.Directories;

/// <summary>
/// A folder as a store. Every path is walked part by part from the open top folder and no link is followed, so that nobody who can write below it leads this
/// program elsewhere; links, pipes, sockets and devices are as if they were not there.
/// </summary>
public sealed class DirectoryStore : IDeleteStore
{
    private readonly LinuxFolder _top;

    private readonly MountAddress? _mounted;

    private DirectoryStore(LinuxFolder top, string path, bool confirmsDurability, MountAddress? mounted) => (_top, LocalFolder, ConfirmsDurability, _mounted) = (top, path, confirmsDurability, mounted);

    /// <inheritdoc/>
    public string Description => _top.Path;

    /// <inheritdoc/>
    public string? LocalFolder { get; }

    /// <inheritdoc/>
    public bool ConfirmsDurability { get; }

    /// <summary>Opens a folder as a store.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="access">What for.</param>
    /// <param name="ifMissing">What happens when it is not there.</param>
    /// <param name="mounted">What is mounted there for the time being: messages name it instead of the folder, and an error of input or output of a share is a lost connection, which may come back. Null for nothing.</param>
    /// <exception cref="StoreFault">The folder is missing (and <paramref name="ifMissing"/> says to refuse), cannot be opened, or <paramref name="access"/> is not granted.</exception>
    public static DirectoryStore Open(string path, StoreAccess access, IfMissing ifMissing = IfMissing.Refuse, MountAddress? mounted = null)
    {
        var full = Path.GetFullPath(path);
        if (ifMissing == IfMissing.Create) DirectoryOpening.Make(full);
        LinuxFolder? top = null;
        try
        {
            top = LinuxFolder.Open(full, mounted?.ToString());
            if (access == StoreAccess.Write) DirectoryOpening.RequireWritable(top, mounted);
            // A flush of a folder says yes over SMB, and does nothing: the protocol has no such call.
            return new DirectoryStore(top, full, confirmsDurability: access == StoreAccess.Write && top.Flush() && mounted is not SmbAddress, mounted);
        }
        catch (SystemCallException refusal)
        {
            top?.Dispose();
            throw DirectoryFaults.From("the store's folder cannot be opened", refusal, () => null, mounted);
        }
        catch (StoreFault)
        {
            top?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoreEntry>> ListAsync(StorePath folder, CancellationToken cancel) => DoAsync<IReadOnlyList<StoreEntry>>("the folder cannot be listed", () => List(folder), cancel);

    /// <inheritdoc/>
    public Task<StoreEntry?> FindAsync(StorePath path, CancellationToken cancel) => DoAsync("the file cannot be looked up", () => Find(path), cancel);

    /// <inheritdoc/>
    public Task<IStoreReader> OpenReadAsync(StorePath path, CancellationToken cancel) => DoAsync<IStoreReader>("the file cannot be opened", () =>
    {
        using var folder = OpenFolder(path.Folder);
        return new DirectoryReader(this, folder.OpenFile(path.Name, OpenFor.Reading));
    }, cancel);

    /// <inheritdoc/>
    public Task<StoreSpace?> FindSpaceAsync(CancellationToken cancel) => DoAsync("the store's space cannot be asked for", () =>
    {
        var space = _top.FindSpace();
        return space.Total > 0 ? new StoreSpace(space.Total, space.Free) : null;
    }, cancel);

    /// <inheritdoc/>
    public Task CreateFolderAsync(StorePath folder, CancellationToken cancel) => DoAsync("the folder cannot be made", () => MakeFolder(folder), cancel);

    /// <inheritdoc/>
    public Task<IStoreWriter> CreateAsync(StorePath path, CancellationToken cancel) => DoAsync<IStoreWriter>("the file cannot be created", () =>
    {
        using var folder = OpenFolder(path.Folder);
        return new DirectoryWriter(this, folder.OpenFile(path.Name, OpenFor.Writing | OpenFor.CreateNew));
    }, cancel);

    /// <inheritdoc/>
    public Task PublishAsync(StorePath part, StorePath final, long expectedLength, CancellationToken cancel)
    {
        StoreNames.RequireOneFolder(part, final);
        return DoAsync("the file cannot be published", () =>
        {
            using var folder = OpenFolder(part.Folder);
            var length = RequireFile(folder, part.Name).Length;
            if (length != expectedLength)
                throw new CorruptFault("a written file has the wrong length") { Which = $"{folder.Path}/{part.Name}", Expected = $"{expectedLength} bytes", Found = $"{length} bytes" };
            folder.RenameWithoutReplacing(part.Name, final.Name);
            return folder.Flush();
        }, cancel);
    }

    /// <inheritdoc/>
    public Task ReplaceAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel) => DoAsync("the file cannot be replaced", () =>
    {
        using var folder = OpenFolder(path.Folder);
        var passing = StoreNames.PassingNameFor(path).Name;
        try
        {
            using (var file = folder.OpenFile(passing, OpenFor.Writing | OpenFor.CreateNew))
            {
                file.WriteAt(0, bytes.Span);
                file.Flush();
            }

            folder.Replace(passing, path.Name);
        }
        catch (SystemCallException)
        {
            TryRemove(folder, passing);
            throw;
        }

        return folder.Flush();
    }, cancel);

    /// <inheritdoc/>
    public Task RewriteAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel) => DoAsync("the file cannot be rewritten", () =>
    {
        using var folder = OpenFolder(path.Folder);
        using var file = folder.OpenFile(path.Name, OpenFor.Writing);
        file.WriteAt(0, bytes.Span);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task RemoveAsync(StorePath path, CancellationToken cancel) => DoAsync("the file cannot be removed", () => Remove(path, EntryKind.File), cancel);

    /// <inheritdoc/>
    public Task RemoveFolderAsync(StorePath folder, CancellationToken cancel) => DoAsync("the folder cannot be removed", () => Remove(folder, EntryKind.Folder), cancel);

    /// <inheritdoc/>
    public Task RenameAsync(StorePath from, StorePath to, CancellationToken cancel)
    {
        StoreNames.RequireOneFolder(from, to);
        return DoAsync("the file cannot be renamed", () =>
        {
            using var folder = OpenFolder(from.Folder);
            RequireFile(folder, from.Name);
            folder.RenameWithoutReplacing(from.Name, to.Name);
            return folder.Flush();
        }, cancel);
    }

    /// <inheritdoc/>
    public Task FlushFolderAsync(StorePath folder, CancellationToken cancel) => DoAsync("the folder cannot be flushed", () =>
    {
        using var open = OpenFolder(folder);
        return open.Flush();
    }, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _top.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Does a blocking piece of work on the thread pool and turns a refusal into the store's fault.</summary>
    internal Task<T> DoAsync<T>(string whatFails, Func<T> work, CancellationToken cancel) => Task.Run(() => Do(whatFails, work), cancel);

    /// <summary>The same on the caller's thread.</summary>
    internal void Do(string whatFails, Action work) => Do(whatFails, () =>
    {
        work();
        return true;
    });

    private static FolderEntry RequireFile(LinuxFolder folder, string name) =>
        folder.Find(name) is { Kind: EntryKind.File } file ? file : throw new SystemCallException("open", $"{folder.Path}/{name}", Errno.ENOENT);

    private static StoreEntry EntryOf(FolderEntry entry) =>
        new(entry.Name, entry.Kind == EntryKind.Folder, entry.Length, DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(entry.ModifiedSeconds, -62_135_596_800, 253_402_300_799)));

    private static void TryRemove(LinuxFolder folder, string name)
    {
        try
        {
            folder.Remove(name, EntryKind.File);
        }
        catch (SystemCallException)
        {
            // What failed before is what the caller must hear.
        }
    }

    private LinuxFolder OpenFolder(StorePath path)
    {
        var folder = _top.OpenFolder(".");
        foreach (var part in path.Text.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using var above = folder;
            folder = above.OpenFolder(part);
        }

        return folder;
    }

    private List<StoreEntry> List(StorePath path)
    {
        using var folder = OpenFolder(path);
        var entries = folder.List(StoreLimits.EntriesPerFolder + 1);
        if (entries.Count > StoreLimits.EntriesPerFolder)
            throw new CorruptFault("a folder of the store holds too many names") { Which = folder.Path, Expected = $"at most {StoreLimits.EntriesPerFolder}" };
        return [.. entries.Where(entry => entry.Kind != EntryKind.Special).Select(EntryOf)];
    }

    private StoreEntry? Find(StorePath path)
    {
        if (path == StorePath.Top) return new StoreEntry("", IsFolder: true, 0, DateTimeOffset.FromUnixTimeSeconds(_top.Find(".")?.ModifiedSeconds ?? 0));
        try
        {
            using var folder = OpenFolder(path.Folder);
            return folder.Find(path.Name) is { Kind: not EntryKind.Special } entry ? EntryOf(entry) : null;
        }
        catch (SystemCallException refusal) when (refusal.Error is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
        {
            return null;
        }
    }

    private bool MakeFolder(StorePath path)
    {
        if (path == StorePath.Top) return true;
        MakeFolder(path.Folder);
        using var above = OpenFolder(path.Folder);
        if (above.Find(path.Name) is null)
        {
            try
            {
                above.MakeFolder(path.Name);
            }
            catch (SystemCallException refusal) when (refusal.Error == Errno.EEXIST)
            {
                // Another writer was quicker; the look below says whether it made a folder.
            }
        }

        if (above.Find(path.Name)?.Kind != EntryKind.Folder) throw new SystemCallException("mkdir", $"{above.Path}/{path.Name}", Errno.EEXIST);
        // Also for a folder that was there: whoever made it may have been cut off before flushing.
        return above.Flush();
    }

    private bool Remove(StorePath path, EntryKind kind)
    {
        try
        {
            using var folder = OpenFolder(path.Folder);
            return folder.Remove(path.Name, kind);
        }
        catch (SystemCallException refusal) when (refusal.Error == Errno.ENOENT)
        {
            return false;
        }
    }

    private T Do<T>(string whatFails, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SystemCallException loss) when (_mounted is NfsAddress or SmbAddress && DirectoryFaults.IsLoss(loss.Error))
        {
            throw new TransportFault("the connection to the share was lost", loss) { MayPass = true, Which = loss.Path, Found = SystemCallException.Describe(loss.Error) };
        }
        catch (SystemCallException refusal)
        {
            throw DirectoryFaults.From(whatFails, refusal, FindFree, _mounted);
        }
    }

    private long? FindFree()
    {
        try
        {
            return _top.FindSpace().Free;
        }
        catch (SystemCallException)
        {
            return null;
        }
    }
}
