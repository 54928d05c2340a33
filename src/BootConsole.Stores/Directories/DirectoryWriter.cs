// A new file of a directory store, written from its start to its end.
using BootConsole.Host;

namespace BootConsole.Stores.Directories;

/// <summary>Writes a file of a folder through the page cache, and keeps the cache from filling with what nobody will read.</summary>
internal sealed class DirectoryWriter(DirectoryStore store, LinuxFile file) : IStoreWriter
{
    /// <summary>After so many bytes the kernel is told to start writing them out; without it gigabytes pile up until the flush at the end.</summary>
    private const long WritebackBytes = 8 << 20;

    /// <summary>Pages this far behind are clean by then and may go.</summary>
    private const long CachedBytes = 64 << 20;

    private long _writebackStart;
    private bool _isFinished;

    /// <inheritdoc/>
    public long Length { get; private set; }

    /// <inheritdoc/>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        RequireOpen();
        // On the caller's thread: the page cache takes it at the speed of memory, and a hop would cost more than it frees.
        store.Do("the file cannot be written", () => file.WriteAt(Length, bytes.Span));
        Length += bytes.Length;
        if (Length - _writebackStart >= WritebackBytes) StartWriteback();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task FinishAsync(CancellationToken cancel)
    {
        RequireOpen();
        _isFinished = true;
        await store.DoAsync("the file cannot be flushed", Flush, cancel);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }

    private int Flush()
    {
        file.Flush();
        // What a later verification reads shall come from the medium.
        file.DropCache(0, 0);
        file.Dispose();
        return 0;
    }

    private void StartWriteback()
    {
        file.StartWriteback(_writebackStart, Length - _writebackStart);
        _writebackStart = Length;
        if (Length > CachedBytes) file.DropCache(0, Length - CachedBytes);
    }

    private void RequireOpen()
    {
        if (_isFinished) throw new InvalidOperationException("the file is finished");
    }
}
