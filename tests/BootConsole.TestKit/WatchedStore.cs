// A store between a job and the real one: writes down what is done, and lets a test step in at every operation.
using BootConsole.Stores;

namespace BootConsole.TestKit;

/// <summary>One operation on a store.</summary>
/// <param name="Kind">The method: <c>publish</c>, <c>remove</c> …; <c>append</c> and <c>finish</c> of an open file.</param>
/// <param name="Path">The file or folder; of a rename the new name.</param>
public sealed record StoreOperation(string Kind, StorePath Path)
{
    public override string ToString() => $"{Kind} {Path}";
}

/// <summary>Passes everything on. <see cref="Before"/> and <see cref="After"/> are called around each operation, with its number from 1; what they throw is the operation's answer.</summary>
public sealed class WatchedStore(IDeleteStore store) : IDeleteStore
{
    private readonly Lock _lock = new();
    private readonly List<StoreOperation> _operations = [];

    /// <summary>Called before an operation takes effect.</summary>
    public Action<int, StoreOperation>? Before { get; set; }

    /// <summary>Called when it has taken effect and before the caller hears of it.</summary>
    public Action<int, StoreOperation>? After { get; set; }

    /// <summary>What was asked for so far, in order.</summary>
    public IReadOnlyList<StoreOperation> Operations
    {
        get { lock (_lock) return [.. _operations]; }
    }

    public string Description => store.Description;

    public string? LocalFolder => store.LocalFolder;

    public bool ConfirmsDurability => store.ConfirmsDurability;

    /// <summary>Forgets the operations so far.</summary>
    public void Forget()
    {
        lock (_lock) _operations.Clear();
    }

    public Task<IReadOnlyList<StoreEntry>> ListAsync(StorePath folder, CancellationToken cancel) => DoAsync("list", folder, () => store.ListAsync(folder, cancel), cancel);

    public Task<StoreEntry?> FindAsync(StorePath path, CancellationToken cancel) => DoAsync("find", path, () => store.FindAsync(path, cancel), cancel);

    public Task<IStoreReader> OpenReadAsync(StorePath path, CancellationToken cancel) =>
        DoAsync<IStoreReader>("open", path, async () => new Reader(this, path, await store.OpenReadAsync(path, cancel)), cancel);

    public Task<StoreSpace?> FindSpaceAsync(CancellationToken cancel) => DoAsync("space", StorePath.Top, () => store.FindSpaceAsync(cancel), cancel);

    public Task CreateFolderAsync(StorePath folder, CancellationToken cancel) => DoAsync("folder", folder, () => store.CreateFolderAsync(folder, cancel), cancel);

    public Task<IStoreWriter> CreateAsync(StorePath path, CancellationToken cancel) =>
        DoAsync<IStoreWriter>("create", path, async () => new Writer(this, path, await store.CreateAsync(path, cancel)), cancel);

    public Task PublishAsync(StorePath part, StorePath final, long expectedLength, CancellationToken cancel) =>
        DoAsync("publish", final, () => store.PublishAsync(part, final, expectedLength, cancel), cancel);

    public Task ReplaceAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel) => DoAsync("replace", path, () => store.ReplaceAsync(path, bytes, cancel), cancel);

    public Task RewriteAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel) => DoAsync("rewrite", path, () => store.RewriteAsync(path, bytes, cancel), cancel);

    public Task RemoveAsync(StorePath path, CancellationToken cancel) => DoAsync("remove", path, () => store.RemoveAsync(path, cancel), cancel);

    public Task RemoveFolderAsync(StorePath folder, CancellationToken cancel) => DoAsync("remove-folder", folder, () => store.RemoveFolderAsync(folder, cancel), cancel);

    public Task RenameAsync(StorePath from, StorePath to, CancellationToken cancel) => DoAsync("rename", to, () => store.RenameAsync(from, to, cancel), cancel);

    public Task FlushFolderAsync(StorePath folder, CancellationToken cancel) => DoAsync("flush", folder, () => store.FlushFolderAsync(folder, cancel), cancel);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private async Task<T> DoAsync<T>(string kind, StorePath path, Func<Task<T>> work, CancellationToken cancel)
    {
        var operation = new StoreOperation(kind, path);
        int number;
        lock (_lock)
        {
            _operations.Add(operation);
            number = _operations.Count;
        }

        Before?.Invoke(number, operation);
        var result = await work();
        if (After is null) return result;
        After(number, operation);
        // A cancel may win the race against an answer that is already on its way.
        cancel.ThrowIfCancellationRequested();
        return result;
    }

    private Task<bool> DoAsync(string kind, StorePath path, Func<Task> work, CancellationToken cancel) => DoAsync(kind, path, async () =>
    {
        await work();
        return true;
    }, cancel);

    private sealed class Reader(WatchedStore watched, StorePath path, IStoreReader reader) : IStoreReader
    {
        public long Length => reader.Length;

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancel) =>
            await watched.DoAsync("read", path, async () => await reader.ReadAsync(offset, buffer, cancel), cancel);

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }

    private sealed class Writer(WatchedStore watched, StorePath path, IStoreWriter writer) : IStoreWriter
    {
        public long Length => writer.Length;

        public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) =>
            await watched.DoAsync("append", path, async () => await writer.AppendAsync(bytes, cancel), cancel);

        public Task FinishAsync(CancellationToken cancel) => watched.DoAsync("finish", path, () => writer.FinishAsync(cancel), cancel);

        public ValueTask DisposeAsync() => writer.DisposeAsync();
    }
}
