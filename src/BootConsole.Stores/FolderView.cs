// A folder of a store, read as a store of its own: no way out of it, and nothing that writes.
namespace BootConsole.Stores;

/// <summary>Reads a folder of another store. The other one stays its holder's: disposing the view does nothing.</summary>
/// <param name="store">The store.</param>
/// <param name="top">The folder that is the view's top. A <see cref="StorePath"/> leads nowhere but down, so none of the view's paths leaves it.</param>
public sealed class FolderView(IReadStore store, StorePath top) : IReadStore
{
    /// <inheritdoc/>
    public string Description => $"{store.Description} ({top})";

    /// <inheritdoc/>
    public string? LocalFolder => store.LocalFolder is { } local ? Path.Combine(local, top.Text) : null;

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoreEntry>> ListAsync(StorePath folder, CancellationToken cancel) => store.ListAsync(Below(folder), cancel);

    /// <inheritdoc/>
    public Task<StoreEntry?> FindAsync(StorePath path, CancellationToken cancel) => store.FindAsync(Below(path), cancel);

    /// <inheritdoc/>
    public Task<IStoreReader> OpenReadAsync(StorePath path, CancellationToken cancel) => store.OpenReadAsync(Below(path), cancel);

    /// <inheritdoc/>
    public Task<StoreSpace?> FindSpaceAsync(CancellationToken cancel) => store.FindSpaceAsync(cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private StorePath Below(StorePath path) => path == StorePath.Top ? top : top / path.Text;
}
