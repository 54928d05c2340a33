// A store on a file system that is mounted for as long as the store is open.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Stores.Directories;

namespace BootConsole.Stores.Mounts;

/// <summary>Mounts a medium or a share, for writing only where the store is opened for it, and serves the folder. Unmounts on dispose.</summary>
internal sealed class MountedStore : IDeleteStore
{
    private readonly Mountpoint _mount;
    private readonly DirectoryStore _folder;

    private MountedStore(MountAddress address, Mountpoint mount, DirectoryStore folder) =>
        (_mount, _folder, Description, LocalFolder) = (mount, folder, address.ToString(), address is LabelAddress ? mount.Folder : null);

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public string? LocalFolder { get; }

    /// <inheritdoc/>
    public bool ConfirmsDurability => _folder.ConfirmsDurability;

    /// <summary>Mounts and opens.</summary>
    /// <exception cref="Fault">See <see cref="StoreOpener"/>.</exception>
    internal static async Task<MountedStore> OpenAsync(MountAddress address, IProgramRunner programs, StoreAccess access, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess) throw new HostFault("only the administrator may mount") { Which = address.ToString()!, Remedy = "Run the program as root, or mount it first and give the folder." };
        var mount = await Mountpoint.MountAsync(address, await PlanAsync(address, programs, access, cancel), programs, cancel);
        try
        {
            return new MountedStore(address, mount, await Task.Run(() => DirectoryStore.Open(mount.Folder, access, mounted: address), cancel));
        }
        catch
        {
            await mount.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoreEntry>> ListAsync(StorePath folder, CancellationToken cancel) => _folder.ListAsync(folder, cancel);

    /// <inheritdoc/>
    public Task<StoreEntry?> FindAsync(StorePath path, CancellationToken cancel) => _folder.FindAsync(path, cancel);

    /// <inheritdoc/>
    public Task<IStoreReader> OpenReadAsync(StorePath path, CancellationToken cancel) => _folder.OpenReadAsync(path, cancel);

    /// <inheritdoc/>
    public Task<StoreSpace?> FindSpaceAsync(CancellationToken cancel) => _folder.FindSpaceAsync(cancel);

    /// <inheritdoc/>
    public Task CreateFolderAsync(StorePath folder, CancellationToken cancel) => _folder.CreateFolderAsync(folder, cancel);

    /// <inheritdoc/>
    public Task<IStoreWriter> CreateAsync(StorePath path, CancellationToken cancel) => _folder.CreateAsync(path, cancel);

    /// <inheritdoc/>
    public Task PublishAsync(StorePath part, StorePath final, long expectedLength, CancellationToken cancel) => _folder.PublishAsync(part, final, expectedLength, cancel);

    /// <inheritdoc/>
    public Task ReplaceAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel) => _folder.ReplaceAsync(path, bytes, cancel);

    /// <inheritdoc/>
    public Task RewriteAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel) => _folder.RewriteAsync(path, bytes, cancel);

    /// <inheritdoc/>
    public Task RemoveAsync(StorePath path, CancellationToken cancel) => _folder.RemoveAsync(path, cancel);

    /// <inheritdoc/>
    public Task RemoveFolderAsync(StorePath folder, CancellationToken cancel) => _folder.RemoveFolderAsync(folder, cancel);

    /// <inheritdoc/>
    public Task RenameAsync(StorePath from, StorePath to, CancellationToken cancel) => _folder.RenameAsync(from, to, cancel);

    /// <inheritdoc/>
    public Task FlushFolderAsync(StorePath folder, CancellationToken cancel) => _folder.FlushFolderAsync(folder, cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _folder.DisposeAsync();
        await _mount.DisposeAsync();
    }

    private static async Task<MountCall> PlanAsync(MountAddress address, IProgramRunner programs, StoreAccess access, CancellationToken cancel)
    {
        switch (address)
        {
            case NfsAddress nfs: return MountCall.Of(nfs, access);
            case SmbAddress smb: return MountCall.Of(smb, access);
            case LabelAddress label:
                var (device, fileSystem) = await new LabelSearch(programs).FindAsync(label, cancel);
                return MountCall.Of(device, fileSystem, access);
            default: throw new UsageFault("unknown kind of store") { Which = address.ToString()! };
        }
    }
}
