// bootconsole backup: makes an image of one or several disks.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Secrets;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Images;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Commands;

/// <summary>Backs up disks.</summary>
internal static class BackupCommand
{
    private static readonly Option<string[]> Disks = CommonOptions.Disks("disk to back up: path, image file, serial:…, wwn:…, or 'only'; repeat for several", required: true);
    private static readonly Option<string?> Name = new("--name") { HelpName = "N", Description = "name of the image, part of its id (default: backup)" };
    private static readonly Option<string?> Pc = new("--pc") { HelpName = "NAME", Description = "name of this PC (default: that of the settings file, else its host name)" };
    private static readonly Option<string> Kind = new("--kind") { HelpName = "KIND", Description = "full; incremental: what changed since the last image; differential: since the last full one; copy: a full one that later images do not build on", DefaultValueFactory = _ => "full" };
    private static readonly Option<int> Pad = new("--pad") { HelpName = "BYTE", Description = "value, 0 to 255, that unused blocks read as in the image", DefaultValueFactory = _ => 0, CustomParser = CommonOptions.WholeNumber };
    private static readonly Option<string> Gaps = new("--gaps") { HelpName = "smart|all", Description = "leave the middle of large unpartitioned gaps out, or save all of it", DefaultValueFactory = _ => "smart" };
    private static readonly Option<bool> Verify = new("--verify") { Description = "read the finished image back and check every byte" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "make the plan, show it, write nothing" };
    private static readonly Option<bool> Explain = new("--explain") { Description = "show with the plan how much memory will be used" };

    internal static Command Make(Services services)
    {
        var command = new Command("backup", "Back up whole disks into a store. The disks are opened read-only.")
        {
            Disks, CommonOptions.SectorSize, Name, Pc, Kind, PaceOptions.Level, Pad, Gaps, Verify, PaceOptions.Limit, StartOption.At, DryRun, Explain,
        };
        BackupKeys.AddTo(command);
        command.Options.Add(BackupRun.RetryFor);
        StoreOptions.AddTo(command);
        command.WithExamples(
            "bootconsole backup --disk /dev/nvme0n1 --store /mnt/usb",
            "bootconsole backup --disk serial:S4EVNF0M --store sftp://office-pc@backup.example/ --kind incremental --password-file pw.txt --verify",
            "bootconsole backup --disk disk.img --store /srv/store --dry-run --no-encryption");
        command.Runs(services, BackupWords.Safe, RunAsync);
        return command;
    }

    private static Task<ExitCode> RunAsync(CommandSession session)
    {
        var start = StartOption.Read(session);
        return RunAsync(session, start is Settings.StartNow ? null : () => StartOption.WaitAsync(session, start));
    }

    /// <summary>Backs up.</summary>
    /// <param name="session">The run.</param>
    /// <param name="wait">Waits for the time to begin, after everything was checked that can be refused; null to begin at once.</param>
    internal static async Task<ExitCode> RunAsync(CommandSession session, Func<Task>? wait)
    {
        BackupKeys.Check(session);
        var options = ReadOptions(session);
        // Before anything else is read or written, so that a wrong password is said at once.
        using var keys = session.Arguments.GetValue(DryRun) ? null : await BackupKeys.OpenAsync(session, options.Pc.Name);
        options = options with { Keys = keys?.Keys };
        if (wait is not null && !session.Arguments.GetValue(DryRun))
        {
            // What can be refused is refused before the wait; the plan is made anew after it, of the disks as they are then.
            var shown = new List<string>();
            await RunAsync(session, options, keys, shown, isRehearsal: true);
            await wait();
            return await RunAsync(session, options, keys, shown, isRehearsal: false);
        }

        return await RunAsync(session, options, keys, [], isRehearsal: false);
    }

    /// <param name="session">The run.</param>
    /// <param name="options">The choices.</param>
    /// <param name="keys">The keys; null without any.</param>
    /// <param name="shown">The plan as it was shown before the wait, and as this shows it: an unchanged one is not shown twice.</param>
    /// <param name="isRehearsal">True when nothing is to be backed up yet.</param>
    private static async Task<ExitCode> RunAsync(CommandSession session, BackupOptions options, KeyChoice? keys, List<string> shown, bool isRehearsal)
    {
        var context = session.Services.MakeJobContext();
        await using var store = await StoreOptions.OpenForBackupAsync(session, BackupRun.Retry(session, context));
        await StoreContract.RequireRoomAsync(store, isNew: true, session.Cancel);
        var found = await DiskChoice.ForBackupAsync(session, session.Arguments.GetValue(Disks) ?? [], store);
        List<IDisk> disks = [];
        try
        {
            foreach (var info in found) disks.Add(OpenDisk.ForReading(info));
            return await RunAsync(session, options, keys, context, shown, isRehearsal, store, disks);
        }
        finally
        {
            foreach (var disk in disks) disk.Dispose();
        }
    }

    private static async Task<ExitCode> RunAsync(CommandSession session, BackupOptions options, KeyChoice? keys, JobContext context, List<string> shown, bool isRehearsal, Stores.IDeleteStore store, List<IDisk> disks)
    {
        var plans = await BackupRun.PlanAsync(session, context, disks, options.Gaps);
        var sentences = plans.SelectMany(BackupWords.Describe).ToList();
        if (session.Arguments.GetValue(Explain)) sentences.AddRange(plans.SelectMany(plan => BackupWords.Explain(plan, options.Level)));
        if (!sentences.SequenceEqual(shown))
        {
            if (shown.Count > 0) session.Say("The plan is another one now:");
            foreach (var sentence in sentences) session.Say(sentence);
            shown.Clear();
            shown.AddRange(sentences);
        }

        if (isRehearsal) return ExitCode.Done;
        if (session.Arguments.GetValue(DryRun))
        {
            session.Say("Dry run: nothing was written.");
            session.Answer(new JobDocument { Outcome = "done", Plan = sentences }, Documents.Context.JobDocument);
            return ExitCode.Done;
        }

        if (keys is not null && await keys.PublishAsync(store, session.Cancel))
        {
            session.HasWritten = true;
            session.Say($"A new key set was made: key id {keys.Keys.Id}.");
        }

        return await BackupRun.RunAsync(session, context, store, plans, options, sentences);
    }

    private static BackupOptions ReadOptions(CommandSession session)
    {
        var arguments = session.Arguments;
        var pc = arguments.GetValue(Pc);
        return new BackupOptions
        {
            Pc = ThisPc.Describe(pc ?? StoreOptions.PcName(session)),
            Name = ReadName(arguments.GetValue(Name) ?? "backup"),
            Kind = ReadKind(arguments.GetValue(Kind)!),
            Level = PaceOptions.ReadLevel(session),
            Pad = arguments.GetValue(Pad) is var pad and >= 0 and <= 255 ? (byte)pad : throw new UsageFault("the pad value is impossible") { Which = "--pad", Expected = "0 to 255", Found = $"{arguments.GetValue(Pad)}" },
            Gaps = arguments.GetValue(Gaps) switch
            {
                "smart" => GapPolicy.Smart,
                "all" => GapPolicy.All,
                var other => throw new UsageFault("unknown way to treat gaps") { Which = "--gaps", Expected = "smart or all", Found = other ?? "" },
            },
            Verify = arguments.GetValue(Verify),
            RetryFor = BackupRun.ReadRetryFor(session),
            LimitBytesPerSecond = PaceOptions.ReadLimit(session),
            SegmentByRate = StoreOptions.Settings(session)?.Backup?.SegmentByRate ?? SegmentRate.Usual,
            Program = Services.ProgramName,
        };
    }

    private static string ReadName(string text) =>
        ImageId.IsPart(text) ? text : throw new UsageFault("the image's name is not allowed") { Which = "--name", Expected = "1 to 60 of A-Z a-z 0-9 . - (not starting with . or -)", Found = text };

    private static ImageKind ReadKind(string text) => text switch
    {
        "full" => ImageKind.Full,
        "copy" => ImageKind.Copy,
        "differential" => ImageKind.Differential,
        "incremental" => ImageKind.Incremental,
        _ => throw new UsageFault("unknown kind of image") { Which = "--kind", Expected = "full, copy, differential or incremental", Found = text },
    };
}
