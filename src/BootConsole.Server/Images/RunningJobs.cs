// What the PCs are doing now, and what their last unattended runs came to: from leases, tables and records in their stores.
using System.Text;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Server.Catalogue;
using BootConsole.Stores;

namespace BootConsole.Server.Images;

/// <summary>How far an unfinished image is.</summary>
/// <param name="IsLiving">True when a job works on it now.</param>
/// <param name="DoneBytes">Bytes of the disks up to the last part that was stored; what is being sent is not counted.</param>
/// <param name="DiskBytes">Bytes of all its disks; 0 when unknown.</param>
internal sealed record JobStanding(bool IsLiving, long DoneBytes, long DiskBytes);

/// <summary>The last unattended run of a PC, in the PC's own words and by its own clock.</summary>
internal sealed record LastRun(string Pc, DateTimeOffset Started, string What, string Outcome, string Image, string Problem);

/// <summary>Reads what a store says of jobs. Reads only; what cannot be read is as if it were not there.</summary>
internal sealed class RunningJobs(ServerImages server)
{
    private const int TokenLength = 16, RecordsTried = 10;

    /// <summary>Looks how far an unfinished image is.</summary>
    internal async Task<JobStanding> StandingAsync(StoredImage image, CancellationToken cancel)
    {
        try
        {
            await using var store = server.OpenForReading(image.Pc);
            if (!ImageId.TryParse(image.Name, out var id)) return new JobStanding(false, 0, 0);
            var record = (await ImageList.ReadOneAsync(store, id, cancel))?.Record;
            long done = 0, size = 0;
            for (var disk = 0; disk < Math.Min(record?.Disks.Count ?? 0, Manifest.MaxDisks); disk++)
            {
                var bytes = Math.Clamp(record!.Disks[disk].Size, 0, 1L << 50);
                var begun = await LastTableAsync(store, id, disk, cancel) is { } chunk ? Math.Min(bytes, chunk * Math.Clamp(record.Disks[disk].ChunkBytes, 0L, 1L << 24)) : 0;
                // Disks come one after another: what the next one has proves that this one is done.
                if (begun > 0) done = size + begun;
                size += bytes;
            }

            return new JobStanding(await IsLivingAsync(store, id, cancel), done, size);
        }
        catch (Fault)
        {
            return new JobStanding(false, 0, 0);
        }
    }

    /// <summary>The last unattended run of a PC; null when it has recorded none that can be read.</summary>
    internal async Task<LastRun?> LastAsync(string pc, CancellationToken cancel)
    {
        try
        {
            await using var store = server.OpenForReading(pc);
            if (await store.FindAsync(StoreNames.Runs, cancel) is not { IsFolder: true }) return null;
            var runs = (await store.ListAsync(StoreNames.Runs, cancel)).Where(entry => !entry.IsFolder).Select(entry => (Run: StoreNames.TryParseRun(entry.Name, out var run) ? run : null, entry.Modified)).Where(entry => entry.Run is not null);
            // By when they came: the clock of a PC with an empty battery would hide all that came since.
            foreach (var (run, _) in runs.OrderByDescending(entry => entry.Modified).ThenByDescending(entry => entry.Run!.Text, StringComparer.Ordinal).Take(RecordsTried))
                if (await TryReadAsync(store, pc, run!, cancel) is { } last) return last;
        }
        catch (Fault)
        {
            // A store that cannot be listed is told of by the scan.
        }

        return null;
    }

    private static async Task<LastRun?> TryReadAsync(IReadStore store, string pc, ImageId run, CancellationToken cancel)
    {
        try
        {
            var lines = (await ReadTextAsync(store, StoreNames.Run(run), cancel)).Split('\n');
            return lines[0].StartsWith("bootconsole-run:", StringComparison.Ordinal) ? new LastRun(pc, run.Time, run.Name.Split('-')[0], Value(lines, "outcome"), Value(lines, "image"), Value(lines, "what")) : null;
        }
        catch (Fault)
        {
            return null;
        }
    }

    private static async Task<long?> LastTableAsync(IReadStore store, ImageId id, int disk, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Tables(id, disk), cancel) is not { IsFolder: true }) return null;
        var tables = await store.ListAsync(StoreNames.Tables(id, disk), cancel);
        return tables.Select(entry => SegmentName.TryParseTable(entry.Name, out var name) ? (long?)name.FirstChunk : null).Max();
    }

    // The files' times are this server's own.
    private async Task<bool> IsLivingAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Leases, cancel) is not { IsFolder: true }) return false;
        return (await store.ListAsync(StoreNames.Leases, cancel)).Any(entry =>
            entry.Name.Length == id.Text.Length + 1 + TokenLength && entry.Name.StartsWith(id.Text + ".", StringComparison.Ordinal) && (server.Now - entry.Modified).Duration() <= Lease.DeadAfter);
    }

    private static async Task<string> ReadTextAsync(IReadStore store, StorePath path, CancellationToken cancel)
    {
        await using var file = await store.OpenReadAsync(path, cancel);
        var bytes = new byte[Math.Min(file.Length, RunRecords.MaxBytes)];
        return Encoding.UTF8.GetString(bytes, 0, await file.ReadAsync(0, bytes, cancel));
    }

    private static string Value(string[] lines, string key) =>
        lines.LastOrDefault(line => line.StartsWith(key + ":", StringComparison.Ordinal)) is { } line ? PlainText.Of(line[(key.Length + 1)..].Trim()) is { Length: > 200 } text ? text[..200] : PlainText.Of(line[(key.Length + 1)..].Trim()) : "";
}
