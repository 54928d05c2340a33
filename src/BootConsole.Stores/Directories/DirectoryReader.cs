// An open file of a directory store.
using BootConsole.Host;

namespace BootConsole.Stores.Directories;

/// <summary>Reads a file of a folder. Reads run on the thread pool, so several may wait for the disk at once.</summary>
internal sealed class DirectoryReader(DirectoryStore store, LinuxFile file) : IStoreReader
{
    /// <inheritdoc/>
    public long Length { get; } = file.Length;

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new ValueTask<int>(store.DoAsync("the file cannot be read", () => file.ReadAt(offset, buffer.Span), cancel));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
