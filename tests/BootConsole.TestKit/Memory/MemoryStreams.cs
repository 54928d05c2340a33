// Open files of a memory store.
using BootConsole.Stores;

namespace BootConsole.TestKit.Memory;

internal sealed class MemoryReader(MemoryStore store, MemoryFile file) : IStoreReader
{
    public long Length { get; } = file.Length;

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancel) => await store.DoAsync(() =>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var count = (int)Math.Clamp(file.Length - offset, 0, buffer.Length);
        if (count > 0) file.Bytes.Slice((int)offset, count).CopyTo(buffer.Span);
        return count;
    }, cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class MemoryWriter(MemoryStore store, MemoryFile file, StorePath path) : IStoreWriter
{
    private bool _isClosed;

    public long Length { get; private set; }

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        RequireOpen();
        await store.DoAsync(() =>
        {
            store.Medium.RequireSpace(bytes.Length, path);
            file.Append(bytes.Span);
            file.Modified = store.Medium.Now();
            return true;
        }, cancel);
        Length += bytes.Length;
    }

    public async Task FinishAsync(CancellationToken cancel)
    {
        RequireOpen();
        _isClosed = true;
        await store.DoAsync(() =>
        {
            if (store.Medium.Flushes) file.Flush();
            return true;
        }, cancel);
    }

    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        return ValueTask.CompletedTask;
    }

    private void RequireOpen()
    {
        if (_isClosed) throw new InvalidOperationException("the file is closed");
    }
}
