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
    private volatile bool _isDisposed;

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
        return new Reader(this, path, await ReadingAsync(async store => new OpenFile(store, await store.OpenReadAsync(path, cancel)), cancel));
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
        _isDisposed = true;
        await _store.DisposeAsync();
        _gate.Dispose();
    }

    private bool IsWorthTrying(TransportFault loss) => loss.MayPass && !_isDisposed;

    // What was asked for is part of each attempt: where the connection comes back and is lost again at the same request, the waits grow and the time runs out all the same.
    private async Task<T> ReadingAsync<T>(Func<IDeleteStore, Task<T>> read, CancellationToken cancel)
    {
        var store = _store;
        try
        {
            return await read(store);
        }
        catch (TransportFault loss) when (IsWorthTrying(loss))
        {
            T? result = default;
            await _policy.RecoverAsync(loss, AgainAsync, cancel);
            return result!;

            async Task AgainAsync(CancellationToken token)
            {
                await RenewAsync(store, token);
                store = _store;
                result = await read(store);
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

    /// <summary>A file, and the connection that it is open in.</summary>
    private sealed record OpenFile(IDeleteStore Store, IStoreReader Reader);

    /// <summary>A reader that opens its file again in the new connection. A published file never changes; another length means that it is not the same.</summary>
    private sealed class Reader(RenewableStore owner, StorePath path, OpenFile file) : IStoreReader
    {
        private readonly SemaphoreSlim _turn = new(1, 1);
        private volatile OpenFile _file = file;

        public long Length { get; } = file.Reader.Length;

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancel)
        {
            var current = _file;
            try
            {
                return await current.Reader.ReadAsync(offset, buffer, cancel);
            }
            catch (TransportFault loss) when (owner.IsWorthTrying(loss))
            {
                var (lost, count) = (current.Store, 0);
                await owner._policy.RecoverAsync(loss, AgainAsync, cancel);
                return count;

                async Task AgainAsync(CancellationToken token)
                {
                    await owner.RenewAsync(lost, token);
                    // The connection just made may be lost in its turn before the file is open: then that is the one to renew.
                    lost = owner._store;
                    current = await ReopenAsync(current, lost, token);
                    lost = current.Store;
                    count = await current.Reader.ReadAsync(offset, buffer, token);
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _file.Reader.DisposeAsync();
            _turn.Dispose();
        }

        // Several that read one file open it once.
        private async Task<OpenFile> ReopenAsync(OpenFile lost, IDeleteStore store, CancellationToken cancel)
        {
            await _turn.WaitAsync(cancel);
            try
            {
                if (_file != lost) return _file;
                var opened = await store.OpenReadAsync(path, cancel);
                if (opened.Length != Length)
                {
                    await opened.DisposeAsync();
                    throw new CorruptFault("a file changed while it was read") { Which = path.Text, Expected = $"{Length} bytes", Found = $"{opened.Length} bytes" };
                }

                _file = new OpenFile(store, opened);
                await lost.Reader.DisposeAsync();
                return _file;
            }
            finally
            {
                _turn.Release();
            }
        }
    }
}
