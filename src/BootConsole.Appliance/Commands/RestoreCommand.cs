// bootconsole restore: puts an image back onto a disk, after showing what that means.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Growing;
using BootConsole.Images;
using BootConsole.Jobs;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Restores disks.</summary>
internal static class RestoreCommand
{
    private static readonly Option<string[]> Disks = CommonOptions.Disks("target: path, image file (made when it is not there), serial:…, wwn:…; for several disks 0=D, 1=D", required: true);
    private static readonly Option<string[]> Overwrite = new("--yes-overwrite") { HelpName = "SERIAL", Description = "repeat the target's serial, else its WWN, else path and size as 'disks' shows them; an image file's path" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "make the plan, show it, write nothing" };

    internal static Command Make(Services services)
    {
        var command = new Command("restore", "Put an image back onto a disk. Everything on the target is lost, or in the partitions that are named.")
        {
            CommonOptions.ImageArgument, CommonOptions.ImageOption, Disks, Overwrite, CommonOptions.SectorSize, DryRun,
        };
        RestoreChoices.AddTo(command);
        KeyOptions.AddReading(command);
        command.Options.Add(BackupRun.RetryFor);
        StoreOptions.AddTo(command);
        command.WithExamples(
            "bootconsole restore --store /mnt/usb latest --disk /dev/sdb --dry-run",
            "bootconsole restore --store sftp://office-pc@backup.example/ latest --disk serial:S4EVNF0M --yes-overwrite S4EVNF0M",
            "bootconsole restore --store /mnt/usb latest --disk copy.img",
            "bootconsole restore --store /mnt/usb latest --disk /dev/nvme0n1 --partition 3 --only-differences --dry-run");
        command.Runs(
            services,
            RestoreWords.Safe,
            session => RunAsync(session, new RestoreManner()));
        return command;
    }

    /// <summary>Restores.</summary>
    /// <param name="session">The run.</param>
    /// <param name="manner">What differs where nobody is there.</param>
    internal static async Task<ExitCode> RunAsync(CommandSession session, RestoreManner manner)
    {
        var options = RestoreChoices.Read(session.Arguments, session.Arguments.GetValue(Disks) ?? []);
        var context = session.Services.MakeJobContext();
        await using var store = await StoreOptions.OpenForRestoreAsync(session, BackupRun.Retry(session, context));
        var (source, id, _) = await ImageChoice.FindAsync(session, store, manner.LatestOf);
        var image = await ImageReader.OpenAsync(source, id, session.Cancel);
        // A wrong password is said before anything else is read, and long before anything is written.
        using var keys = await KeyOptions.UnlockAsync(session, source, image);
        var targets = await DiskChoice.ForRestoreAsync(session, image, session.Arguments.GetValue(Disks) ?? [], store);
        if (!manner.MayMakeFiles && targets.FirstOrDefault(target => target.IsNew) is { } absent) throw new RefusedFault("there is no such disk") { Which = absent.Info.Path };
        List<RestorePlan> plans = [];
        await session.RunAsync(context.Progress, async () =>
        {
            foreach (var target in targets) plans.Add(await new RestorePlanner(context).PlanAsync(image, target.Number, (target.Info, target.IsNew ? null : target.OpenAgain), options, session.Cancel));
        });
        var sentences = plans.SelectMany(plan => plan.Sentences).ToList();
        foreach (var sentence in sentences) session.Say(sentence);
        if (session.Arguments.GetValue(DryRun))
        {
            session.Say("Dry run: nothing was written.");
            session.Answer(new JobDocument { Outcome = "done", Image = id.Text, Plan = sentences }, Documents.Context.JobDocument);
            return ExitCode.Done;
        }

        CheckConfirmed(targets, session.Arguments.GetValue(Overwrite) ?? []);
        if (manner.IsRehearsal) return ExitCode.Done;
        if (manner.BeforeWriting is not null)
        {
            await manner.BeforeWriting(id, [.. targets.Select(target => target.Info)]);
            // A disk may have been exchanged while the countdown ran.
            var now = await DiskChoice.ForRestoreAsync(session, image, session.Arguments.GetValue(Disks) ?? [], store);
            if (!now.Select(target => target.Info).SequenceEqual(targets.Select(target => target.Info))) throw new RefusedFault("the disks of this PC changed during the countdown") { Which = string.Join(", ", now.Select(target => target.Info.Path)) };
        }

        Answer(session, id, sentences, options, await RestoreAllAsync(session, context, plans, targets, source as IDeleteStore));
        var unreadable = plans.Sum(plan => plan.Lost.Count);
        return unreadable > 0 ? ExitCode.Unreadable : ExitCode.Done;
    }

    private static async Task<List<RestoreResult>> RestoreAllAsync(CommandSession session, JobContext context, List<RestorePlan> plans, IReadOnlyList<RestoreTarget> targets, IDeleteStore? leases)
    {
        var disks = OpenAll(targets);
        try
        {
            List<RestoreResult> results = [];
            for (var i = 0; i < plans.Count; i++)
            {
                var (plan, disk, target) = (plans[i], disks[i], targets[i]);
                var result = await session.RunAsync(context.Progress, () => new RestoreJob(context, leases, new FileSystemGrower(session.Services.Programs)).RunAsync(plan, disk, target.OpenAgain, session.Cancel));
                result = result with { Warnings = [.. result.Warnings, .. await FallbackLoader.EnsureAsync(session.Services.Programs, plan, disk, target.OpenAgain), .. BootEntries.RestoreHere(plan, target.OpenAgain)] };
                session.Say(RestoreWords.Ending(plan, result));
                foreach (var warning in result.Warnings) session.Say(warning);
                results.Add(result);
            }

            return results;
        }
        finally
        {
            foreach (var disk in disks) disk.Dispose();
        }
    }

    // All targets are taken before the first is written: when the second is refused, the first must not be lost already.
    private static List<IWritableDisk> OpenAll(IReadOnlyList<RestoreTarget> targets)
    {
        List<IWritableDisk> disks = [];
        try
        {
            foreach (var target in targets) disks.Add(target.OpenForWriting());
            return disks;
        }
        catch
        {
            foreach (var disk in disks) disk.Dispose();
            foreach (var made in targets.Take(disks.Count).Where(target => target.IsNew)) File.Delete(made.Info.Path);
            throw;
        }
    }

    // No job writes to a disk by a bare yes: what is typed must be what the target says of itself.
    private static void CheckConfirmed(IReadOnlyList<RestoreTarget> targets, string[] tokens)
    {
        foreach (var target in targets.Where(target => !target.IsNew))
        {
            if (tokens.Contains(target.Info.OverwriteToken) || (target.Info.IsImageFile && tokens.Contains(target.Info.Path))) continue;
            throw new RefusedFault(tokens.Length == 0 ? "overwriting was not confirmed" : "the confirmation names another disk")
            {
                Which = target.Info.Path,
                Found = string.Join(", ", tokens),
                Remedy = $"If everything on it may be lost: --yes-overwrite {target.Info.OverwriteToken}",
            };
        }
    }

    private static void Answer(CommandSession session, ImageId id, List<string> sentences, RestoreOptions options, List<RestoreResult> results)
    {
        var (written, seconds) = (results.Sum(result => result.WrittenBytes), results.Sum(result => result.Elapsed.TotalSeconds));
        session.Answer(
            new JobDocument
            {
                Outcome = "done",
                Image = id.Text,
                Plan = sentences,
                Counts = new CountsDocument
                {
                    ComparedBytes = options.OnlyDifferences ? results.Sum(result => result.ComparedBytes) : null,
                    FetchedBytes = results.Sum(result => result.FetchedBytes),
                    WrittenBytes = written,
                    DiscardedBytes = options.Unused == UnusedSpace.Discard ? results.Sum(result => result.DiscardedBytes) : null,
                },
                Rates = new RatesDocument
                {
                    Seconds = seconds,
                    ReadBackSeconds = results.Sum(result => result.ReadBackElapsed.TotalSeconds),
                    WrittenBytesPerSecond = Math.Round(written / Math.Max(seconds, 0.001)),
                },
                Warnings = [.. results.SelectMany(result => result.Warnings)],
            },
            Documents.Context.JobDocument);
    }
}
