// Whole files in and out of a store.
namespace BootConsole.Stores.Tests.Contract;

internal static class StoreBytes
{
    internal static async Task WriteAsync(IWriteStore store, StorePath path, byte[] bytes)
    {
        await using var writer = await store.CreateAsync(path, CancellationToken.None);
        await writer.AppendAsync(bytes, CancellationToken.None);
        await writer.FinishAsync(CancellationToken.None);
    }

    internal static async Task<byte[]> ReadAllAsync(IReadStore store, StorePath path)
    {
        await using var reader = await store.OpenReadAsync(path, CancellationToken.None);
        var bytes = new byte[reader.Length];
        Assert.Equal(bytes.Length, await reader.ReadAsync(0, bytes, CancellationToken.None));
        return bytes;
    }
}
