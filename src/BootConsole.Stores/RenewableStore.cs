// A store that outlives its connection: reading goes on by itself after a cut, writing when its job says so.
using BootConsole.Core;

namespace BootConsole.Stores;

/// <summary>
/// Wraps a store that is opened again when its connection is lost. Whatever reads is repeated without the caller's knowledge, open readers included. What writes is not: nobody knows how much of it
/// arrived, so its caller hears of the loss, calls <see cref="ReconnectAsync"/> and does it anew.
/// </summary>
public sealed class RenewableStore : IDeleteStore, IRenewable
{
    private readonly Func<CancellationToken, Task<IDeleteStore>> _open;
    private readonly RetryPolicy _policy;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile IDeleteStore _store;

    private RenewableStore(IDeleteStore store, Func<CancellationToken, Task<IDeleteStore>> open, RetryPolicy policy) => (_store, _open, _policy) = (store, open, policy);

    /// <inheritdoc/>
    public string Description => _store.Description;

    /// <inheritdoc/>
    public string? LocalFolder => _store.LocalFolder;

    /// <inheritdoc/>
    public bool ConfirmsDurability => _store.ConfirmsDurability;

    /// <summary>Opens the store the first time; a fault then is not tried again, for it is more often a mistyped address.</summary>
    public static async Task<RenewableStore> OpenAsync(Func<CancellationToken, Task<IDeleteStore>> open, RetryPolicy policy, CancellationToken cancel) => new(await open(cancel), open, policy);

    /// <inheritdoc/>
    public Task ReconnectAsync(CancellationToken cancel) => RenewAsync(_store, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoreEntry>> ListAsync(StorePath folder, CancellationToken cancel) => ReadingAsync(store => store.ListAsync(folder, cancel), cancel);

    /// <inheritdoc/>
    public Task<StoreEntry?> FindAsync(StorePath path, CancellationToken cancel) => ReadingAsync(store => store.FindAsync(path, cancel), cancel);

    /// <inheritdoc/>
    public Task<StoreSpace?> FindSpaceAsync(CancellationToken cancel) => ReadingAsync(store => store.FindSpaceAsync(cancel), cancel);

    /// <inheritdoc/>
    public async Task<IStoreReader> OpenReadAsync(StorePath path, CancellationToken cancel)
    {
        var opened = await ReadingAsync(async store => (Store: store, File: await store.OpenReadAsync(path, cancel)), cancel);
        return new Reader(this, path, opened.Store, opened.File);
    }

    /// <inheritdoc/>
    public Task CreateFolderAsync(StorePath folder, CancellationToken cancel) => _store.CreateFolderAsync(folder, cancel);

    /// <inheritdoc/>
    public Task<IStoreWriter> CreateAsync(StorePath path, CancellationToken cancel) => _store.CreateAsync(path, cancel);

    /// <inheritdoc/>
    public Task PublishAsync(StorePath part, StorePath final, long expectedLength, CancellationToken cancel) => _store.PublishAsync(part, final, expectedLength, cancel);

    /// <inheritdoc/>
    public Task ReplaceAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel) => _store.ReplaceAsync(path, bytes, cancel);

    /// <inheritdoc/>
    public Task RewriteAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel) => _store.RewriteAsync(path, bytes, cancel);

    /// <inheritdoc/>
    public Task RemoveAsync(StorePath path, CancellationToken cancel) => _store.RemoveAsync(path, cancel);

    /// <inheritdoc/>
    public Task RemoveFolderAsync(StorePath folder, CancellationToken cancel) => _store.RemoveFolderAsync(folder, cancel);

    /// <inheritdoc/>
    public Task RenameAsync(StorePath from, StorePath to, CancellationToken cancel) => _store.RenameAsync(from, to, cancel);

    /// <inheritdoc/>
    public Task FlushFolderAsync(StorePath folder, CancellationToken cancel) => _store.FlushFolderAsync(folder, cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _gate.Dispose();
    }

    private async Task<T> ReadingAsync<T>(Func<IDeleteStore, Task<T>> read, CancellationToken cancel)
    {
        while (true)
        {
            var store = _store;
            try
            {
                return await read(store);
            }
            catch (TransportFault loss) when (loss.MayPass)
            {
                await _policy.RecoverAsync(loss, token => RenewAsync(store, token), cancel);
            }
        }
    }

    // Several that lost one connection make one new one: whoever comes later finds it.
    private async Task RenewAsync(IDeleteStore lost, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            if (_store != lost) return;
            var renewed = await _open(cancel);
            _store = renewed;
            await lost.DisposeAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A reader that opens its file again in the new connection. A published file never changes; another length means that it is not the same.</summary>
    private sealed class Reader(RenewableStore owner, StorePath path, IDeleteStore store, IStoreReader file) : IStoreReader
    {
        private readonly SemaphoreSlim _turn = new(1, 1);
        private volatile IDeleteStore _from = store;
        private volatile IStoreReader _file = file;

        public long Length { get; } = file.Length;

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancel)
        {
            while (true)
            {
                var (from, current) = (_from, _file);
                try
                {
                    return await current.ReadAsync(offset, buffer, cancel);
                }
                catch (TransportFault loss) when (loss.MayPass)
                {
                    await owner._policy.RecoverAsync(loss, token => ReopenAsync(from, current, token), cancel);
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _file.DisposeAsync();
            _turn.Dispose();
        }

        private async Task ReopenAsync(IDeleteStore from, IStoreReader lost, CancellationToken cancel)
        {
            await owner.RenewAsync(from, cancel);
            await _turn.WaitAsync(cancel);
            try
            {
                if (_file != lost) return;
                var next = owner._store;
                var opened = await next.OpenReadAsync(path, cancel);
                if (opened.Length != Length) throw new CorruptFault("a file changed while it was read") { Which = path.Text, Expected = $"{Length} bytes", Found = $"{opened.Length} bytes" };
                (_from, _file) = (next, opened);
                await lost.DisposeAsync();
            }
            finally
            {
                _turn.Release();
            }
        }
    }
}
