// From an address to a store, by what the caller may do with it.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Stores.Directories;
using BootConsole.Stores.Mounts;
using BootConsole.Stores.Sftp;

namespace BootConsole.Stores;

/// <summary>Opens the store that an address names. A store whose connection was lost is opened anew in the same way.</summary>
/// <param name="address">A folder, a folder behind SFTP, or a medium or share, which is mounted for as long as the store is open.</param>
/// <param name="settings">How to reach a server by SFTP; else not used.</param>
/// <param name="programs">Runs mount and blkid.</param>
/// <remarks>Faults of every method: <see cref="StoreFault"/>, <see cref="TransportFault"/>, <see cref="UsageFault"/>, <see cref="KeyFault"/>, <see cref="RefusedFault"/>, <see cref="HostFault"/> without ssh or mount.</remarks>
public sealed class StoreOpener(StoreAddress address, SshSettings settings, IProgramRunner programs)
{
    /// <summary>The address.</summary>
    public StoreAddress Address { get; } = address;

    /// <summary>True for file systems (as blkid names them) of media that a <see cref="LabelAddress"/> can lead to.</summary>
    public static bool CanMount(string fileSystem) => MountCall.IsKnown(fileSystem);

    /// <summary>Opens the store for listing and reading.</summary>
    public async Task<IReadStore> OpenForReadingAsync(CancellationToken cancel) => await OpenAsync(StoreAccess.Read, IfMissing.Refuse, cancel);

    /// <summary>Opens the store for writing too.</summary>
    public async Task<IWriteStore> OpenForWritingAsync(IfMissing ifMissing, CancellationToken cancel) => await OpenAsync(StoreAccess.Write, ifMissing, cancel);

    /// <summary>Opens the store for removing too.</summary>
    public async Task<IDeleteStore> OpenForDeletingAsync(IfMissing ifMissing, CancellationToken cancel) => await OpenAsync(StoreAccess.Write, ifMissing, cancel);

    private async Task<IDeleteStore> OpenAsync(StoreAccess access, IfMissing ifMissing, CancellationToken cancel) => Address switch
    {
        DirectoryAddress folder => await Task.Run(() => DirectoryStore.Open(folder.Path, access, ifMissing), cancel),
        MountAddress mount => await MountedStore.OpenAsync(mount, programs, access, cancel),
        SftpAddress server => await SftpStore.OpenAsync(server, settings, access, ifMissing, cancel),
        _ => throw new UsageFault("unknown kind of store") { Which = Address.ToString() },
    };
}
