// The store's clock, by the date that it gives to a new file.
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>Compares the store's clock with this PC's.</summary>
public static class StoreClock
{
    /// <summary>Makes an empty file at the top of the store, reads its date, and removes it.</summary>
    /// <returns>The store's clock minus this PC's, to about a second.</returns>
    /// <exception cref="Core.StoreFault">The store cannot be written to.</exception>
    public static async Task<TimeSpan> CompareAsync(IDeleteStore store, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(clock);
        var path = StoreNames.Part(StorePath.Of("clock"));
        try
        {
            await using (var writer = await store.CreateAsync(path, cancel)) await writer.FinishAsync(cancel);
            var entry = await store.FindAsync(path, cancel);
            return entry is null ? TimeSpan.Zero : entry.Modified - clock.GetUtcNow();
        }
        finally
        {
            await StoreBytes.TryRemoveAsync(store, path);
        }
    }
}
