// A backup from first to last: start or resume, disks, layout, manifest, verification, and what a cancel leaves.
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Jobs;

/// <summary>Runs backups.</summary>
/// <param name="context">The surroundings.</param>
/// <param name="store">The store. One that can connect again (<see cref="IRenewable"/>) survives cuts.</param>
public sealed class BackupJob(JobContext context, IDeleteStore store)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromMinutes(2);
    private const int MostSegments = 32_768;

    private bool _hasPublished;

    /// <summary>The image that is begun and not finished; null before and after, and when a cancel left nothing of it.</summary>
    public ImageId? Unfinished { get; private set; }

    /// <summary>Makes an image of the planned disks, or goes on with an unfinished one of the same PC, name, kind and disks.</summary>
    /// <param name="plans">One plan a disk, in the order of the image's disk numbers.</param>
    /// <param name="options">The choices.</param>
    /// <param name="cancel">Ends the job; <see cref="BackupOptions.OnCancel"/> says what becomes of what it wrote.</param>
    /// <exception cref="Fault">Any; an unfinished image is left with the reason in its state record.</exception>
    public async Task<BackupResult> RunAsync(IReadOnlyList<DiskPlan> plans, BackupOptions options, CancellationToken cancel)
    {
        try
        {
            return await MakeAsync(plans, options, cancel);
        }
        catch (StoreFault full) when (full.Problem == StoreProblem.Full && !cancel.IsCancellationRequested)
        {
            throw await StoreContract.ExplainAsync(store, full, cancel);
        }
    }

    private async Task<BackupResult> MakeAsync(IReadOnlyList<DiskPlan> plans, BackupOptions options, CancellationToken cancel)
    {
        var started = context.Clock.GetTimestamp();
        var start = await BackupStart.MakeAsync(context, store, plans, options, context.Clock.GetUtcNow(), cancel);
        await using var image = start.Image;
        Unfinished = image.Id;
        foreach (var remark in start.Remarks) context.Progress.Report(remark);
        if (ClockCheck.Complain(image.StoreClockAhead) is { } complaint) context.Progress.Report(complaint);
        Manifest manifest;
        try
        {
            manifest = await WriteAsync(start, plans, options, started, cancel);
        }
        catch (Exception end) when (end is OperationCanceledException || cancel.IsCancellationRequested)
        {
            // A cancel may also show as the fault of an operation that it cut short.
            await LeaveAsync(image, options);
            cancel.ThrowIfCancellationRequested();
            throw;
        }
        catch (Fault fault)
        {
            using var limit = new CancellationTokenSource(CleanUpLimit, context.Clock);
            await image.RecordFailureAsync($"{fault.Message} {fault.Which}".Trim(), limit.Token);
            throw;
        }

        Unfinished = null;
        var elapsed = context.Clock.GetElapsedTime(started);
        if (!options.Verify) return new BackupResult(image.Id, manifest, elapsed, null);
        var verification = new VerifyJob(context, store);
        // A table key decodes nothing: the stored bytes are held against their hashes.
        var verified = options.Keys is { ReadsImages: false } ? await verification.RunKeylessAsync(image.Id, cancel) : await verification.RunAsync(image.Id, options.Keys, cancel);
        return new BackupResult(image.Id, manifest, elapsed, verified.Elapsed);
    }

    private async Task LeaveAsync(ImageWriter image, BackupOptions options)
    {
        // Nothing that was only begun is worth keeping.
        var isKept = options.OnCancel() == CancelChoice.Keep && (image.IsResumed || _hasPublished);
        if (!isKept) Unfinished = null;
        context.Progress.Begin(isKept ? "keeping the unfinished image" : "removing the unfinished image", 0);
        using var limit = new CancellationTokenSource(CleanUpLimit, context.Clock);
        if (isKept) await image.RecordSuspensionAsync(limit.Token);
        else await image.DiscardAsync(limit.Token);
    }

    private async Task<Manifest> WriteAsync(BackupStart start, IReadOnlyList<DiskPlan> plans, BackupOptions options, long started, CancellationToken cancel)
    {
        var image = start.Image;
        var known = image.Draft.Kind is ImageKind.Full or ImageKind.Copy ? null : await LearnAsync(start.Parent, cancel);
        List<ManifestDisk> disks = [];
        Dictionary<string, ForeignSegment> foreign = [];
        var pace = new BackupPace(context, options);
        for (var number = 0; number < plans.Count; number++)
        {
            var plan = plans[number] with { Grid = new ChunkGrid(plans[number].Disk.Info.Length, image.Draft.Disks[number].ChunkBytes) };
            disks.Add(await WriteDiskAsync(image, number, plan, options, pace, known, foreign, cancel));
        }

        var manifest = Describe(start, disks, [.. foreign.Values], options, started);
        context.Progress.Begin("publishing the manifest", 0);
        await Reconnection.RunAsync(context, store, options.RetryFor, token => image.CommitAsync(manifest, token), image.RejoinAsync, cancel);
        return manifest;
    }

    private async Task<KnownChunks> LearnAsync(ImageReader? parent, CancellationToken cancel)
    {
        var known = new KnownChunks();
        if (parent is null) return known;
        context.Progress.Begin($"reading the tables of {parent.Id}", 0);
        using var transform = context.MakeTransform(1);
        await Watchdog.RunAsync(context, token => ParentSearch.LearnAsync(store, parent, known, transform, context.Progress.Tick, token), cancel);
        return known;
    }

    private async Task<ManifestDisk> WriteDiskAsync(
        ImageWriter image, int number, DiskPlan plan, BackupOptions options, BackupPace pace, KnownChunks? known, Dictionary<string, ForeignSegment> foreign, CancellationToken cancel)
    {
        using var tableTransform = context.MakeTransform(options.Level ?? LevelControl.Start);
        // More and smaller segments than these would make a manifest that nobody reads any more.
        var leastBytes = plan.Used.TotalBytes / MostSegments;
        DiskImageWriter? opened = null;
        await RunAsync(async token => opened = await image.OpenDiskAsync(number, plan.Grid, () => Math.Max(pace.NextSegmentBytes(), leastBytes), tableTransform, token, known), image.RejoinAsync);
        await using var target = opened!;
        var tally = new DiskTally(plan.Grid);
        if (target.Committed.Count > 0) await RunAsync(token => RecheckAsync(plan, target, tally, options, token), PrepareAsync);
        StoredFile? sums = null;
        await RunAsync(SendAsync, PrepareAsync);
        var layoutRecord = LayoutRecords.Of(plan, options.Pad);
        StoredFile? layout = null;
        await RunAsync(async token => layout = await image.PublishLayoutAsync(number, layoutRecord, token), image.RejoinAsync);
        foreach (var source in target.Foreign)
            foreign[$"{source.Image}/{source.Disk}/{source.Name}"] = new ForeignSegment(source.Image.Text, source.Disk, source.Name.SegmentFile, source.Length, source.Hash.ToString());
        var described = Describe(plan, target, tally, layout!, sums);
        return described with { MinimumBytes = TargetMinimum.Of(layoutRecord, described) };

        Task RunAsync(Func<CancellationToken, Task> part, Func<CancellationToken, Task> prepare) => Reconnection.RunAsync(context, store, options.RetryFor, part, prepare, cancel);

        async Task SendAsync(CancellationToken token)
        {
            try
            {
                using var flow = new BackupFlow(plan, target, tally, known, options, pace, context);
                await flow.RunAsync(token);
                context.Progress.Begin("flushing the last segment", 0);
                sums = await target.FinishAsync(token);
            }
            finally
            {
                _hasPublished |= target.Committed.Count > 0;
            }
        }

        // An acknowledgement before the loss was only the server's page cache: what was open is redone from the disk.
        async Task PrepareAsync(CancellationToken token)
        {
            await image.RejoinAsync(token);
            await target.RestartAsync(token);
        }
    }

    // Of a resumed image, what the disk still has stays; what has changed since is sent again.
    private async Task RecheckAsync(DiskPlan plan, DiskImageWriter target, DiskTally tally, BackupOptions options, CancellationToken cancel)
    {
        using var flow = new RecheckFlow(plan, target, tally, options, context);
        var changed = await flow.RunAsync(cancel);
        foreach (var table in changed) await target.DropAsync(table, cancel);
        var kept = target.Committed.Sum(table => table.Segment?.Length ?? 0);
        context.Progress.Report($"{target.Committed.Count} ranges of {plan.Disk.Info.Path} are as they were saved ({ByteSize.Format(kept)} need not be sent); {changed.Count} have changed");
    }

    private Manifest Describe(BackupStart start, IReadOnlyList<ManifestDisk> disks, IReadOnlyList<ForeignSegment> foreign, BackupOptions options, long started)
    {
        var image = start.Image;
        var clockComplaint = ClockCheck.Complain(image.StoreClockAhead);
        List<string> notes = clockComplaint is null ? [] : [clockComplaint];
        if (image.IsResumed) notes.Add($"The backup was cut off and gone on with; the disks are as they were on {context.Clock.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC.");
        return new Manifest
        {
            Format = Manifest.FormatName,
            Version = Manifest.CurrentVersion,
            Id = image.Id.Text,
            Kind = image.Draft.Kind,
            Parent = image.Draft.Parent?.Text,
            Created = image.Created,
            Finished = context.Clock.GetUtcNow(),
            ClockTrusted = clockComplaint is null,
            Pc = options.Pc,
            KeyId = image.Draft.Keys?.Id.ToString(),
            Pad = options.Pad,
            Level = options.Level,
            DurabilityConfirmed = store.ConfirmsDurability,
            Disks = disks,
            Foreign = foreign,
            Notes = notes,
            Program = options.Program,
            DurationSeconds = Math.Round(context.Clock.GetElapsedTime(started).TotalSeconds, 3),
            ReadBytes = context.Progress[Stage.Read].Bytes,
            StoredBytes = disks.Sum(disk => disk.Segments.Sum(segment => segment.Length) + disk.Tables.Sum(table => table.Length) + disk.Layout.Length + (disk.Sums?.Length ?? 0)),
        };
    }

    private static ManifestDisk Describe(DiskPlan plan, DiskImageWriter target, DiskTally tally, StoredFile layout, StoredFile? sums)
    {
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
            Counts = tally.Count(),
            Unreadable = [.. tally.Unreadable.Ranges.Select(range => new StoredRange(range.Start, range.Length))],
            Notes = plan.Notes,
            Layout = layout,
            Sums = sums,
            Tables = target.Tables,
            Segments = target.Segments,
        };
    }
}
