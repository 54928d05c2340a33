// Backups of the console: planned, shown, run as shown.
using BootConsole.Appliance.Commands;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Disks.Finding;
using BootConsole.Jobs;
using BootConsole.Settings;

namespace BootConsole.Appliance.Workbench;

/// <summary>Plans and runs backups. The plan that was shown last is the one that is run.</summary>
internal sealed class BackupBench(Services services, StoreBench store, Images.PcRecord pc) : IDisposable
{
    private readonly List<IDisk> _disks = [];
    private readonly List<DiskPlan> _plans = [];
    private BackupOrder? _planned;

    /// <summary>True when the backup that ran last has published a key set, which stays whatever becomes of the image.</summary>
    internal bool HasPublishedKeys { get; private set; }

    internal async Task<JobPlan> PlanAsync(BackupOrder order, JobProgress progress, CancellationToken cancel)
    {
        Dispose();
        await Images.StoreContract.RequireRoomAsync(store.Store!, isNew: order.Resume is null, cancel);
        if (order.Keys == KeySource.Settings) await store.UseSettingsKeysAsync(order.Settings.Encryption!, cancel);
        var inventory = await new DiskFinder(services.Programs).FindAsync(DiskSurvey.Surroundings(store.Store!.LocalFolder), cancel);
        var selector = new DiskSelector(inventory);
        var planner = new DiskPlanner(new UsedMapper(services.Programs));
        foreach (var row in order.Disks)
        {
            // Looked at again: it may be gone, or the store may be on it.
            var disk = OpenDisk.ForReading(selector.Resolve(row.Info.CanonicalPath, DiskPurpose.Backup, row.Info.IsImageFile ? row.Info.SectorBytes : null));
            _disks.Add(disk);
            RequireSame(row.Info, disk.Info);
            Commands.DiskChoice.RequireDifferent(inventory, [.. _disks.Select(open => open.Info)]);
            _plans.Add(await planner.PlanAsync(disk, GapPolicy.Smart, progress, cancel));
        }

        _planned = order;
        return new JobPlan([.. _plans.SelectMany(BackupWords.Describe)], []);
    }

    internal async Task<WorkEnd> RunAsync(BackupOrder order, JobProgress progress, Func<CancelChoice> onCancel, CancellationToken cancel)
    {
        HasPublishedKeys = false;
        if (!ReferenceEquals(_planned, order)) throw new RefusedFault("this backup was not planned");
        try
        {
            if (order.At is not StartNow) await WaitAsync(order, progress, cancel);
            HasPublishedKeys = await store.PublishNewAsync(cancel);
            var options = new BackupOptions
            {
                Pc = BootEntries.AddTo(pc, _plans),
                Program = Services.ProgramName,
                Name = order.Name,
                Kind = order.Kind,
                Level = order.Level,
                Verify = order.Verify,
                Pad = order.Settings.Pad,
                LimitBytesPerSecond = order.Settings.LimitBytesPerSecond,
                SegmentByRate = order.Settings.SegmentByRate,
                RetryFor = order.Settings.RetryFor,
                ResumeOnly = order.Resume,
                Keys = order.Keys == KeySource.None ? null : store.Keys ?? throw new KeyFault("the image is to be encrypted, and there is no key for it"),
                OnCancel = onCancel,
            };
            var result = await new BackupJob(services.MakeJobContext() with { Progress = progress }, store.ForWriting).RunAsync(_plans, options, cancel);
            return new WorkEnd(result.UnreadableBytes > 0 ? WorkOutcome.DoneWithLoss : WorkOutcome.Done, [.. BackupWords.Describe(result)], null);
        }
        finally
        {
            Dispose();
        }
    }

    // Nobody knows what the disks are like by then: they are let go, and looked at anew.
    private async Task WaitAsync(BackupOrder order, JobProgress progress, CancellationToken cancel)
    {
        Dispose();
        var (clock, zone) = (services.Clock, services.Clock.LocalTimeZone);
        await new StartWait(clock).UntilAsync(
            now => order.At.Next(now, zone),
            (due, left) => progress.Begin($"waiting for {TimeZoneInfo.ConvertTime(due, zone):yyyy-MM-dd HH:mm:ss}, {ProgressView.Duration(left)} from now", 0),
            cancel);
        foreach (var sentence in (await PlanAsync(order, progress, cancel)).Sentences) progress.Report(sentence.Trim());
    }

    public void Dispose()
    {
        foreach (var disk in _disks) disk.Dispose();
        _disks.Clear();
        _plans.Clear();
        _planned = null;
    }

    // Between the list and the plan somebody may have exchanged two disks.
    internal static void RequireSame(DiskInfo chosen, DiskInfo found)
    {
        if (chosen.Serial == found.Serial && chosen.Wwn == found.Wwn && chosen.Length == found.Length) return;
        throw new RefusedFault("the disk is not the one that was chosen any more") { Which = found.CanonicalPath, Expected = chosen.OverwriteToken, Found = found.OverwriteToken, Remedy = "Go back to the list of disks and choose again." };
    }
}
