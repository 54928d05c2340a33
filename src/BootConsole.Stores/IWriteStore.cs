// A file store that takes new files: written under a passing name, flushed, then published under the final one.
using BootConsole.Core;

namespace BootConsole.Stores;

/// <summary>A store that can also be written. Nothing that was published is ever overwritten, except by <see cref="ReplaceAsync"/>.</summary>
public interface IWriteStore : IReadStore
{
    /// <summary>True when a flush reaches the medium; false for a store without fsync ("durability not confirmed"). Known once the store is open.</summary>
    bool ConfirmsDurability { get; }

    /// <summary>Makes a folder and those above it; one that is there already is fine. Its name is flushed.</summary>
    Task CreateFolderAsync(StorePath folder, CancellationToken cancel);

    /// <summary>Creates a new file for appending.</summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Exists"/> when the name is taken, <see cref="StoreProblem.Missing"/> when the folder is not there.</exception>
    Task<IStoreWriter> CreateAsync(StorePath path, CancellationToken cancel);

    /// <summary>
    /// Gives a closed, flushed file its final name without overwriting, after checking that its length is <paramref name="expectedLength"/>, and flushes the
    /// folder. Both names must be in one folder.
    /// </summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Exists"/> when the final name is taken.</exception>
    /// <exception cref="CorruptFault">The file has another length.</exception>
    Task PublishAsync(StorePath part, StorePath final, long expectedLength, CancellationToken cancel);

    /// <summary>Writes a small file whole: readers see the old bytes or the new ones, never a mixture. Flushed. For <c>state.json</c> only.</summary>
    Task ReplaceAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel);

    /// <summary>Writes bytes over the start of an existing file, in place, so that its time changes. For leases only.</summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Missing"/> when the file is gone.</exception>
    Task RewriteAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel);
}

/// <summary>A new file being written from its start to its end. One caller at a time.</summary>
public interface IStoreWriter : IAsyncDisposable
{
    /// <summary>Bytes appended so far.</summary>
    long Length { get; }

    /// <summary>
    /// Appends bytes. Returns when they are taken over (a copy or a write); the caller's memory is free again then. A failure of earlier bytes may be thrown
    /// by this call or by <see cref="FinishAsync"/>.
    /// </summary>
    ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel);

    /// <summary>Waits until every byte is acknowledged and, where <see cref="IWriteStore.ConfirmsDurability"/>, on the medium; then closes the file.</summary>
    Task FinishAsync(CancellationToken cancel);
}

/// <summary>A store whose files can be renamed and removed. Only deletion, pruning and the clean-up of an unfinished image hold one.</summary>
public interface IDeleteStore : IWriteStore
{
    /// <summary>Removes a file; one that is not there is fine. Returns after the name is gone; <see cref="FlushFolderAsync"/> makes it last.</summary>
    Task RemoveAsync(StorePath path, CancellationToken cancel);

    /// <summary>Removes an empty folder; one that is not there is fine.</summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Other"/> when it is not empty.</exception>
    Task RemoveFolderAsync(StorePath folder, CancellationToken cancel);

    /// <summary>Renames a file within its folder without overwriting, and flushes the folder.</summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Exists"/> or <see cref="StoreProblem.Missing"/>.</exception>
    Task RenameAsync(StorePath from, StorePath to, CancellationToken cancel);

    /// <summary>Waits until the names in a folder are on the medium, where the store can.</summary>
    Task FlushFolderAsync(StorePath folder, CancellationToken cancel);
}
