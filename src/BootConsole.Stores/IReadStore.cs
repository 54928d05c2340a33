// A file store, by capability: who holds an IReadStore cannot write, who holds an IWriteStore cannot delete.
using BootConsole.Core;

namespace BootConsole.Stores;

/// <summary>One name in a folder of a store.</summary>
/// <param name="Name">The last part of its path as the store has it. Not checked: it may be no <see cref="StorePath"/> part.</param>
/// <param name="IsFolder">True for a folder. Links and special files are neither listed nor found.</param>
/// <param name="Length">Length in bytes; zero for a folder.</param>
/// <param name="Modified">Last change by the store's own clock, whole seconds.</param>
public sealed record StoreEntry(string Name, bool IsFolder, long Length, DateTimeOffset Modified);

/// <summary>Space of a store, in bytes.</summary>
/// <param name="Total">All space, or the quota where the store tells it.</param>
/// <param name="Free">What this user can still write.</param>
public sealed record StoreSpace(long Total, long Free);

/// <summary>Files under names that can be listed and read. All members may be called concurrently.</summary>
/// <remarks>
/// Faults of every method: <see cref="StoreFault"/> when the store says no, <see cref="TransportFault"/> when the way to it is closed.
/// </remarks>
public interface IReadStore : IAsyncDisposable
{
    /// <summary>The store in words for messages, such as its folder or <c>sftp://host/path</c>. Holds no secret.</summary>
    string Description { get; }

    /// <summary>The folder it is on this machine; null for a store elsewhere. The disk that holds it must not be backed up into it, let alone be overwritten.</summary>
    string? LocalFolder { get; }

    /// <summary>Lists a folder, in no particular order.</summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Missing"/> when there is no such folder.</exception>
    Task<IReadOnlyList<StoreEntry>> ListAsync(StorePath folder, CancellationToken cancel);

    /// <summary>Looks up one file or folder.</summary>
    /// <returns>Null when nothing of that name is there.</returns>
    Task<StoreEntry?> FindAsync(StorePath path, CancellationToken cancel);

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Missing"/> when there is no such file.</exception>
    Task<IStoreReader> OpenReadAsync(StorePath path, CancellationToken cancel);

    /// <summary>Asks for the space.</summary>
    /// <returns>Null when the store cannot tell.</returns>
    Task<StoreSpace?> FindSpaceAsync(CancellationToken cancel);
}

/// <summary>An open file that is read. Reads may run concurrently; a remote store keeps its link full when a call asks for several MiB.</summary>
public interface IStoreReader : IAsyncDisposable
{
    /// <summary>Length in bytes when it was opened.</summary>
    long Length { get; }

    /// <summary>Reads from <paramref name="offset"/> until <paramref name="buffer"/> is full or the file ends.</summary>
    /// <returns>Bytes read; fewer than asked only at the end of the file.</returns>
    ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancel);
}
