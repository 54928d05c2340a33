// The records of unattended runs in a store: one small text a run, the newest of each PC (docs/format.md, "Records of runs").
using System.Text;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>Publishes records of runs. They refer to nothing, and nothing refers to them: images, leases and deletion never look at them.</summary>
public static class RunRecords
{
    /// <summary>How many records of a PC a store keeps; older ones are removed when a new one comes.</summary>
    public const int KeptForEachPc = 100;

    /// <summary>Longest record, in bytes.</summary>
    public const int MaxBytes = 128 << 10;

    // A passing name that is older by the store's clock was left behind by a cut.
    private static readonly TimeSpan StaleAfter = TimeSpan.FromDays(1);

    /// <summary>Makes the name of a record that no other run has.</summary>
    /// <param name="started">When the run began.</param>
    /// <param name="pc">The PC's part of image ids.</param>
    /// <param name="action">One word: backup, restore, run.</param>
    public static ImageId NewId(DateTimeOffset started, string pc, string action) => ImageId.Create(started, pc, $"{action}-{StoreNames.RandomToken()[..8]}");

    /// <summary>How far the store's clock is ahead of this PC's, to a second.</summary>
    public static async Task<TimeSpan> FindClockAheadAsync(IDeleteStore store, TimeProvider clock, CancellationToken cancel)
    {
        await store.CreateFolderAsync(StoreNames.Runs, cancel);
        var probe = StoreNames.Part(StoreNames.Runs / "clock");
        try
        {
            await using (var writer = await store.CreateAsync(probe, cancel)) await writer.FinishAsync(cancel);
            return await store.FindAsync(probe, cancel) is { } entry ? entry.Modified - clock.GetUtcNow() : TimeSpan.Zero;
        }
        finally
        {
            await StoreBytes.TryRemoveAsync(store, probe);
        }
    }

    /// <summary>Publishes a record, then removes the PC's oldest ones beyond <see cref="KeptForEachPc"/>, where the store allows it.</summary>
    /// <exception cref="StoreFault">The store does not take it.</exception>
    public static async Task PublishAsync(IDeleteStore store, ImageId run, string text, CancellationToken cancel)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > MaxBytes) bytes = bytes[..MaxBytes];
        await store.CreateFolderAsync(StoreNames.Runs, cancel);
        await StoreBytes.PublishAsync(store, StoreNames.Run(run), bytes, cancel);
        try
        {
            await RemoveOldAsync(store, run, cancel);
        }
        catch (StoreFault)
        {
            // A store that only takes and never gives up keeps them all; the record itself is there.
        }
    }

    private static async Task RemoveOldAsync(IDeleteStore store, ImageId run, CancellationToken cancel)
    {
        var entries = (await store.ListAsync(StoreNames.Runs, cancel)).Where(entry => !entry.IsFolder && StorePath.IsPart(entry.Name)).ToList();
        var now = entries.FirstOrDefault(entry => entry.Name == StoreNames.Run(run).Name)?.Modified;
        var old = entries.Select(entry => StoreNames.TryParseRun(entry.Name, out var found) ? found : null).OfType<ImageId>()
            // The one just made stays, whatever this PC's clock says.
            .Where(found => found.Pc == run.Pc && found != run).OrderByDescending(found => found.Text, StringComparer.Ordinal).Skip(KeptForEachPc - 1)
            .Select(found => StoreNames.Run(found));
        var cut = entries.Where(entry => StoreNames.IsPart(entry.Name) && now - entry.Modified > StaleAfter).Select(entry => StoreNames.Runs / entry.Name);
        foreach (var path in old.Concat(cut).ToList()) await store.RemoveAsync(path, cancel);
        await store.FlushFolderAsync(StoreNames.Runs, cancel);
    }
}
