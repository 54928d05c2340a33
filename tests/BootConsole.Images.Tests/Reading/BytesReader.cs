// A stored file of a test, without a store.
using BootConsole.Stores;

namespace BootConsole.Images.Tests;

/// <summary>Bytes as an open file; <paramref name="promised"/> is what the store says of its length, whatever it holds.</summary>
internal sealed class BytesReader(byte[] bytes, long? promised = null) : IStoreReader
{
    public long Length { get; } = promised ?? bytes.Length;

    public bool IsDisposed { get; private set; }

    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancel)
    {
        var count = (int)Math.Clamp(bytes.Length - offset, 0, buffer.Length);
        bytes.AsSpan((int)Math.Min(offset, bytes.Length), count).CopyTo(buffer.Span);
        return ValueTask.FromResult(count);
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
