// Runs a backup on the command line: plan, job, result, and what becomes of it when it is cancelled. For backup and resume.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;
using BootConsole.Jobs;
using BootConsole.Settings;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>The shared part of the commands that make images.</summary>
internal static class BackupRun
{
    internal static readonly Option<string?> RetryFor = new("--retry-for") { HelpName = "TIME", Description = "how long a lost connection is tried again, such as '30 min'; 0 ends the job with the first cut (default: 12 h)" };

    private static readonly TimeSpan RemovalLimit = TimeSpan.FromMinutes(2);

    /// <summary>How long a lost connection is tried again: by the option, else the settings file.</summary>
    internal static TimeSpan ReadRetryFor(CommandSession session)
    {
        if (session.Arguments.GetValue(RetryFor) is not { } text) return StoreOptions.Settings(session)?.Backup?.RetryFor ?? new BackupSettings().RetryFor;
        if (text == "0") return TimeSpan.Zero;
        return DurationText.TryParse(text, out var duration) ? duration : throw new UsageFault("the time is not one") { Which = RetryFor.Name, Expected = "a number and s, min or h, such as '30 min'; or 0", Found = text };
    }

    internal static RetryPolicy Retry(CommandSession session, JobContext context) =>
        new() { For = ReadRetryFor(session), Clock = session.Services.Clock, Report = context.Progress.Report };

    internal static async Task<List<DiskPlan>> PlanAsync(CommandSession session, JobContext context, IEnumerable<IDisk> disks, GapPolicy gaps)
    {
        var planner = new DiskPlanner(new UsedMapper(session.Services.Programs));
        List<DiskPlan> plans = [];
        await session.RunAsync(context.Progress, async () =>
        {
            foreach (var disk in disks) plans.Add(await planner.PlanAsync(disk, gaps, context.Progress, session.Cancel));
        });
        return plans;
    }

    internal static async Task<ExitCode> RunAsync(
        CommandSession session, JobContext context, IDeleteStore store, IReadOnlyList<DiskPlan> plans, BackupOptions options, IReadOnlyList<string> sentences)
    {
        var job = new BackupJob(context, store);
        options = options with { Pc = BootEntries.AddTo(options.Pc, plans) };
        try
        {
            // Kept first, whatever comes: what the person then wants removed is removed, and a second Ctrl-C loses nothing.
            var result = await session.RunAsync(context.Progress, () => job.RunAsync(plans, options with { OnCancel = () => CancelChoice.Keep }, session.Cancel));
            foreach (var line in BackupWords.Describe(result)) session.Say(line);
            session.Answer(BackupWords.Document(result, sentences), Documents.Context.JobDocument);
            return result.UnreadableBytes > 0 ? ExitCode.Unreadable : ExitCode.Done;
        }
        catch (OperationCanceledException) when (job.Unfinished is not null)
        {
            await AskAsync(session, store, job.Unfinished);
            throw;
        }
    }

    private static async Task AskAsync(CommandSession session, IDeleteStore store, ImageId image)
    {
        if (session.Services.IsInteractive && !session.IsJson && IsToBeRemoved(image))
        {
            using var limit = new CancellationTokenSource(RemovalLimit, session.Services.Clock);
            await new ImageRemoval(store, session.Services.Processes).DeleteAsync(image, limit.Token);
            session.Say($"The unfinished image {image} was removed.");
            return;
        }

        session.Say($"The unfinished image {image} is kept: the same command, or 'bootconsole resume', goes on with it; 'bootconsole delete {image}' removes it.");
    }

    private static bool IsToBeRemoved(ImageId image)
    {
        Console.Error.Write($"Keep the unfinished image {image}, to go on with it later? [Y/n] ");
        return Console.ReadLine()?.Trim() is "n" or "N" or "no";
    }
}
