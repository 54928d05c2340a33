// A store in memory: a peer of the real ones under the same contract tests.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.TestKit.Memory;

/// <summary>One connection to a <see cref="MemoryMedium"/>. Every call is one operation of the medium; a rename and the flush after it are two, so that a fault can strike between them.</summary>
public sealed class MemoryStore : IDeleteStore
{
    private readonly MemoryMedium _medium;
    private readonly int _connection;

    internal MemoryStore(MemoryMedium medium, int connection) => (_medium, _connection) = (medium, connection);

    public string Description => "memory";

    public string? LocalFolder => null;

    public bool ConfirmsDurability => _medium.Flushes;

    public Task<IReadOnlyList<StoreEntry>> ListAsync(StorePath folder, CancellationToken cancel) => DoAsync<IReadOnlyList<StoreEntry>>(
        () => [.. _medium.RequireFolder(folder).Names.Select(entry => EntryOf(entry.Key, entry.Value))], cancel);

    public Task<StoreEntry?> FindAsync(StorePath path, CancellationToken cancel) =>
        DoAsync(() => _medium.Find(path) is { } node ? EntryOf(path.Name, node) : null, cancel);

    public Task<IStoreReader> OpenReadAsync(StorePath path, CancellationToken cancel) =>
        DoAsync<IStoreReader>(() => new MemoryReader(this, _medium.RequireFile(path)), cancel);

    public Task<StoreSpace?> FindSpaceAsync(CancellationToken cancel) =>
        DoAsync(() => _medium.CapacityBytes == long.MaxValue ? null : new StoreSpace(_medium.CapacityBytes, _medium.Free()), cancel);

    public async Task CreateFolderAsync(StorePath folder, CancellationToken cancel)
    {
        if (folder == StorePath.Top) return;
        await CreateFolderAsync(folder.Folder, cancel);
        await DoAsync(() =>
        {
            if (_medium.Find(folder) is MemoryFile) throw new StoreFault(StoreProblem.Exists, "a file has the folder's name") { Which = folder.Text };
            if (_medium.Find(folder) is null) _medium.RequireFolder(folder.Folder).Add(folder.Name, new MemoryFolder { Modified = _medium.Now() });
            return true;
        }, cancel);
        await FlushFolderAsync(folder.Folder, cancel);
    }

    public Task<IStoreWriter> CreateAsync(StorePath path, CancellationToken cancel) => DoAsync<IStoreWriter>(() =>
    {
        var folder = _medium.RequireFolder(path.Folder);
        if (folder.Names.ContainsKey(path.Name)) throw Exists(path);
        var file = new MemoryFile { Modified = _medium.Now() };
        folder.Add(path.Name, file);
        return new MemoryWriter(this, file, path);
    }, cancel);

    public async Task PublishAsync(StorePath part, StorePath final, long expectedLength, CancellationToken cancel)
    {
        RequireOneFolder(part, final);
        await DoAsync(() =>
        {
            var length = _medium.RequireFile(part).Length;
            if (length != expectedLength)
                throw new CorruptFault("a written file has the wrong length") { Which = part.Text, Expected = $"{expectedLength} bytes", Found = $"{length} bytes" };
            return Move(part, final);
        }, cancel);
        await FlushFolderAsync(final.Folder, cancel);
    }

    public async Task ReplaceAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var passing = path.Folder / (path.Name + "." + Guid.NewGuid().ToString("N") + ".part");
        await using (var writer = await CreateAsync(passing, cancel))
        {
            await writer.AppendAsync(bytes, cancel);
            await writer.FinishAsync(cancel);
        }

        await DoAsync(() =>
        {
            _medium.RequireFolder(path.Folder).Move(passing.Name, path.Name);
            return true;
        }, cancel);
        await FlushFolderAsync(path.Folder, cancel);
    }

    public Task RewriteAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel) => DoAsync(() =>
    {
        var file = _medium.RequireFile(path);
        file.Rewrite(bytes.Span);
        file.Modified = _medium.Now();
        return true;
    }, cancel);

    public Task RemoveAsync(StorePath path, CancellationToken cancel) => DoAsync(() =>
    {
        if (_medium.Find(path) is MemoryFolder) throw new StoreFault(StoreProblem.Other, "it is a folder") { Which = path.Text };
        if (_medium.Find(path) is not null) _medium.RequireFolder(path.Folder).Remove(path.Name);
        return true;
    }, cancel);

    public Task RemoveFolderAsync(StorePath folder, CancellationToken cancel) => DoAsync(() =>
    {
        if (_medium.Find(folder) is not { } node) return false;
        if (node is not MemoryFolder { Names.Count: 0 }) throw new StoreFault(StoreProblem.Other, "the folder is not empty") { Which = folder.Text };
        _medium.RequireFolder(folder.Folder).Remove(folder.Name);
        return true;
    }, cancel);

    public async Task RenameAsync(StorePath from, StorePath to, CancellationToken cancel)
    {
        RequireOneFolder(from, to);
        await DoAsync(() =>
        {
            _medium.RequireFile(from);
            return Move(from, to);
        }, cancel);
        await FlushFolderAsync(to.Folder, cancel);
    }

    public Task FlushFolderAsync(StorePath folder, CancellationToken cancel) => DoAsync(() =>
    {
        var open = _medium.RequireFolder(folder);
        if (_medium.Flushes) open.Flush();
        return true;
    }, cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal Task<T> DoAsync<T>(Func<T> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult(_medium.Do(_connection, work));
        }
        catch (Fault fault)
        {
            return Task.FromException<T>(fault);
        }
    }

    internal MemoryMedium Medium => _medium;

    private static StoreFault Exists(StorePath path) => new(StoreProblem.Exists, "the name is taken") { Which = path.Text };

    private static void RequireOneFolder(StorePath from, StorePath to)
    {
        if (from.Folder != to.Folder) throw new ArgumentException($"'{from}' and '{to}' are not in one folder", nameof(to));
    }

    private static StoreEntry EntryOf(string name, MemoryNode node) => new(name, node is MemoryFolder, (node as MemoryFile)?.Length ?? 0, node.Modified);

    private bool Move(StorePath from, StorePath to)
    {
        if (_medium.Find(to) is not null) throw Exists(to);
        _medium.RequireFolder(from.Folder).Move(from.Name, to.Name);
        return true;
    }
}
