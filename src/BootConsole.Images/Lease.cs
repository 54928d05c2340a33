// A lease says that a process works on an image right now; pruning and other jobs look for it (docs/format.md, "Leases").
using System.Diagnostics.CodeAnalysis;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>What a lease file holds.</summary>
internal sealed record LeaseRecord(string Image, string Token, string Purpose, JobIdentity Job, DateTimeOffset Started);

/// <summary>A lease of this process: published, renewed every 30 s, removed on dispose.</summary>
public sealed class Lease : IAsyncDisposable
{
    /// <summary>How often a lease is written again.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(30);

    /// <summary>A lease that was not written for this long, by the store's own clock, is dead.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromMinutes(5);

    private readonly IDeleteStore _store;
    private readonly StorePath _path;
    private readonly byte[] _bytes;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _clock;
    private Task _renewal = Task.CompletedTask;

    private Lease(IDeleteStore store, StorePath path, byte[] bytes, string token, TimeProvider clock) =>
        (_store, _path, _bytes, Token, _clock) = (store, path, bytes, token, clock);

    /// <summary>The token that makes this lease different from all others.</summary>
    public string Token { get; }

    /// <summary>The store's clock minus this machine's clock when the lease was published.</summary>
    public TimeSpan StoreClockAhead { get; private set; }

    /// <summary>Publishes a lease.</summary>
    /// <param name="store">The store.</param>
    /// <param name="image">The image that is worked on.</param>
    /// <param name="purpose">One word for people: backup, restore, delete.</param>
    /// <param name="job">This process.</param>
    /// <param name="clock">For renewing.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public static async Task<Lease> TakeAsync(IDeleteStore store, ImageId image, string purpose, JobIdentity job, TimeProvider clock, CancellationToken cancel)
    {
        var token = StoreNames.RandomToken();
        var bytes = ImageJson.Write(new LeaseRecord(image.Text, token, purpose, job, clock.GetUtcNow()));
        await store.CreateFolderAsync(StoreNames.Leases, cancel);
        var lease = new Lease(store, StoreNames.Leases / $"{image.Text}.{token}", bytes, token, clock);
        try
        {
            await StoreBytes.PublishAsync(store, lease._path, bytes, cancel);
            if (await store.FindAsync(lease._path, cancel) is { } entry) lease.StoreClockAhead = entry.Modified - clock.GetUtcNow();
        }
        catch
        {
            // Also when only the answer was lost: a lease that nobody holds would keep the image from being deleted.
            await lease.DisposeAsync();
            throw;
        }

        lease._renewal = lease.RenewAsync();
        return lease;
    }

    /// <summary>Ends the lease and removes its file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewal;
        _stop.Dispose();
        // Where the store is out of reach, the lease dies of age, as it would after a power cut.
        await StoreBytes.TryRemoveAsync(_store, _path);
    }

    // A renewal that fails is tried again at the next turn: the job itself meets the same store and reports its fault.
    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(RenewEvery, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    await _store.RewriteAsync(_path, _bytes, _stop.Token);
                }
                catch (Fault)
                {
                    // See above.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}

/// <summary>A lease found in a store.</summary>
/// <param name="Image">The image it is for.</param>
/// <param name="Token">Its token.</param>
/// <param name="Job">Who holds it; null when the file cannot be read.</param>
/// <param name="Purpose">What it is for; empty when the file cannot be read.</param>
public sealed record FoundLease(ImageId Image, string Token, JobIdentity? Job, string Purpose)
{
    /// <summary>False when it was not written for too long, or its process is known to be gone.</summary>
    public bool IsLiving { get; init; } = true;

    /// <summary>True when its process is known to be gone.</summary>
    public bool IsGone { get; init; }

    /// <summary>Who holds it, for messages.</summary>
    public string Holder => Job is null ? "an unknown process" : $"process {Job.ProcessId} on {Job.Host}";
}

/// <summary>Finds the living leases of a store.</summary>
public static class LeaseSearch
{
    /// <summary>Lists the leases that are not certainly dead.</summary>
    public static async Task<IReadOnlyList<FoundLease>> FindLivingAsync(IDeleteStore store, IProcessTable processes, CancellationToken cancel) =>
        [.. (await FindAllAsync(store, processes, cancel)).Where(lease => lease.IsLiving)];

    /// <summary>Lists all leases, dead ones too.</summary>
    internal static async Task<IReadOnlyList<FoundLease>> FindAllAsync(IDeleteStore store, IProcessTable processes, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Leases, cancel) is null) return [];
        var entries = (await store.ListAsync(StoreNames.Leases, cancel)).Where(entry => !entry.IsFolder && !StoreNames.IsPart(entry.Name)).ToList();
        if (entries.Count == 0) return [];
        var now = await AskClockAsync(store, cancel);
        var found = new List<FoundLease>();
        foreach (var entry in entries)
        {
            if (!TryParseName(entry.Name, out var image, out var token)) continue;
            // A time that lies ahead is as dead: the store's clock was wrong then, and a living holder would have written again since.
            var isStale = now is { } time && (time - entry.Modified).Duration() > Lease.DeadAfter;
            var (exists, record) = await TryReadAsync(store, StoreNames.Leases / entry.Name, cancel);
            if (!exists) continue;
            var isGone = record is not null && processes.IsGone(record.Job);
            found.Add(new FoundLease(image, token, record?.Job, record?.Purpose ?? "") { IsLiving = !isStale && !isGone, IsGone = isGone });
        }

        return found;
    }

    // The age of a lease is judged by the store's clock alone: a file is made and its time read back. An empty one, so that a full store can still be cleared.
    // Null where not even that fits; then age says nothing, and a lease lives until its process is known to be gone.
    private static async Task<DateTimeOffset?> AskClockAsync(IDeleteStore store, CancellationToken cancel)
    {
        var probe = StoreNames.Part(StoreNames.Leases / "clock");
        try
        {
            await using (var writer = await store.CreateAsync(probe, cancel)) await writer.FinishAsync(cancel);
            return (await store.FindAsync(probe, cancel))?.Modified;
        }
        catch (StoreFault full) when (full.Problem == StoreProblem.Full)
        {
            return null;
        }
        finally
        {
            await StoreBytes.TryRemoveAsync(store, probe);
        }
    }

    private static async Task<(bool Exists, LeaseRecord? Record)> TryReadAsync(IReadStore store, StorePath path, CancellationToken cancel)
    {
        try
        {
            return (true, ImageJson.TryReadLease(await StoreBytes.ReadAsync(store, path, ImageJson.MaxRecordBytes, cancel)));
        }
        catch (StoreFault gone) when (gone.Problem == StoreProblem.Missing)
        {
            return (false, null);
        }
        catch (CorruptFault)
        {
            return (true, null);
        }
    }

    private static bool TryParseName(string name, [NotNullWhen(true)] out ImageId? image, out string token)
    {
        var dot = name.LastIndexOf('.');
        token = dot > 0 ? name[(dot + 1)..] : "";
        image = null;
        return token.Length == 16 && StorePath.IsPart(name) && ImageId.TryParse(name[..dot], out image);
    }
}
