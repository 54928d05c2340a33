// A backup from first to last: plan, image, disks, layout, manifest, verification, and cleaning up after a cancel.
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Jobs;

/// <summary>Runs backups.</summary>
public sealed class BackupJob(JobContext context, IDeleteStore store)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromMinutes(2);
    private const int MostSegments = 32_768;

    /// <summary>Makes an image of the planned disks.</summary>
    /// <param name="plans">One plan a disk, in the order of the image's disk numbers.</param>
    /// <param name="options">The choices.</param>
    /// <param name="cancel">Ends the job; what it wrote is then removed.</param>
    /// <exception cref="Fault">Any; an unfinished image is left with the reason in its state record.</exception>
    public async Task<BackupResult> RunAsync(IReadOnlyList<DiskPlan> plans, BackupOptions options, CancellationToken cancel)
    {
        var started = context.Clock.GetTimestamp();
        var created = context.Clock.GetUtcNow();
        var id = ImageId.Create(created, options.Pc.Name, options.Name);
        var disks = plans.Select(plan => Describe(plan)).ToList();
        await using var image = await ImageWriter.BeginAsync(store, id, options.Kind, options.Pad, disks, context.Processes.Self, context.Clock, cancel);
        if (ClockCheck.Complain(image.StoreClockAhead) is { } complaint) context.Progress.Report(complaint);
        Manifest manifest;
        try
        {
            manifest = await WriteAsync(image, plans, options, created, started, cancel);
        }
        catch (Exception end) when (end is OperationCanceledException || cancel.IsCancellationRequested)
        {
            // A cancel may also show as the fault of an operation that it cut short.
            context.Progress.Begin("removing the unfinished image", 0);
            using var limit = new CancellationTokenSource(CleanUpLimit, context.Clock);
            await image.DiscardAsync(limit.Token);
            cancel.ThrowIfCancellationRequested();
            throw;
        }
        catch (Fault fault)
        {
            using var limit = new CancellationTokenSource(CleanUpLimit, context.Clock);
            await image.RecordFailureAsync($"{fault.Message} {fault.Which}".Trim(), limit.Token);
            throw;
        }

        var elapsed = context.Clock.GetElapsedTime(started);
        if (!options.Verify) return new BackupResult(id, manifest, elapsed, null);
        var verified = await new VerifyJob(context, store).RunAsync(id, cancel);
        return new BackupResult(id, manifest, elapsed, verified.Elapsed);
    }

    private async Task<Manifest> WriteAsync(
        ImageWriter image, IReadOnlyList<DiskPlan> plans, BackupOptions options, DateTimeOffset created, long started, CancellationToken cancel)
    {
        List<ManifestDisk> disks = [];
        long storedBytes = 0;
        var pace = new BackupPace(context, options);
        for (var number = 0; number < plans.Count; number++)
        {
            var disk = await WriteDiskAsync(image, number, plans[number], options, pace, cancel);
            storedBytes += disk.Segments.Sum(segment => segment.Length) + disk.Tables.Sum(table => table.Length) + disk.Layout.Length + (disk.Sums?.Length ?? 0);
            disks.Add(disk);
        }

        var clockComplaint = ClockCheck.Complain(image.StoreClockAhead);
        var manifest = new Manifest
        {
            Format = Manifest.FormatName,
            Version = Manifest.CurrentVersion,
            Id = image.Id.Text,
            Kind = options.Kind,
            Created = created,
            Finished = context.Clock.GetUtcNow(),
            ClockTrusted = clockComplaint is null,
            Pc = options.Pc,
            Pad = options.Pad,
            Level = options.Level,
            DurabilityConfirmed = store.ConfirmsDurability,
            Disks = disks,
            Notes = clockComplaint is null ? [] : [clockComplaint],
            Program = options.Program,
            DurationSeconds = Math.Round(context.Clock.GetElapsedTime(started).TotalSeconds, 3),
            ReadBytes = context.Progress[Stage.Read].Bytes,
            StoredBytes = storedBytes,
        };
        context.Progress.Begin("publishing the manifest", 0);
        await Watchdog.RunAsync(context, token => image.CommitAsync(manifest, token), cancel);
        return manifest;
    }

    private async Task<ManifestDisk> WriteDiskAsync(ImageWriter image, int number, DiskPlan plan, BackupOptions options, BackupPace pace, CancellationToken cancel)
    {
        using var tableTransform = context.MakeTransform(options.Level ?? LevelControl.Start);
        // More and smaller segments than these would make a manifest that nobody reads any more.
        var leastBytes = plan.Used.TotalBytes / MostSegments;
        await using var target = await image.OpenDiskAsync(number, plan.Grid, () => Math.Max(pace.NextSegmentBytes(), leastBytes), tableTransform, cancel);
        using var flow = new BackupFlow(plan, target, options, pace, context.MakeTransform, context.Progress);
        StoredFile? sums = null;
        await Watchdog.RunAsync(
            context,
            async token =>
            {
                await flow.RunAsync(token);
                context.Progress.Begin("flushing the last segment", 0);
                sums = await target.FinishAsync(token);
            },
            cancel);
        var layout = await image.PublishLayoutAsync(number, LayoutRecords.Of(plan, options.Pad), cancel);
        var info = plan.Disk.Info;
        return new ManifestDisk
        {
            Model = info.Model,
            Serial = info.Serial,
            Wwn = info.Wwn,
            Attachment = info.Attachment,
            Path = info.Path,
            Size = info.Length,
            SectorBytes = info.SectorBytes,
            PhysicalSectorBytes = info.PhysicalSectorBytes,
            ChunkBytes = plan.Grid.ChunkBytes,
            Counts = flow.Counts,
            Unreadable = [.. flow.Unreadable.Ranges.Select(range => new StoredRange(range.Start, range.Length))],
            Notes = plan.Notes,
            Layout = layout,
            Sums = sums,
            Tables = target.Tables,
            Segments = target.Segments,
        };
    }

    private static StateDisk Describe(DiskPlan plan) =>
        new(plan.Disk.Info.Path, plan.Disk.Info.Model, plan.Disk.Info.Serial, plan.Disk.Info.Wwn, plan.Disk.Info.Length, plan.Disk.Info.SectorBytes, plan.Grid.ChunkBytes);
}
