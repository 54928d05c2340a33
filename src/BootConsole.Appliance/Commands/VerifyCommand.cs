// bootconsole verify: every chunk decoded and hashed; or stored files only; or held against a disk.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Images;
using BootConsole.Jobs;
using BootConsole.Stores;

namespace BootConsole.Appliance.Commands;

/// <summary>Verifies an image.</summary>
internal static class VerifyCommand
{
    private static readonly Option<bool> Keyless = new("--keyless") { Description = "hold the stored files against their checksums only; needs no key" };
    private static readonly Option<string[]> Against = new("--against") { HelpName = "D", Description = "hold a disk against the image; several disks as 0=D, 1=D" };

    internal static Command Make(Services services)
    {
        var command = new Command("verify", "Read an image back and check every byte of it.") { CommonOptions.ImageArgument, CommonOptions.ImageOption, Keyless, Against, CommonOptions.SectorSize };
        KeyOptions.AddReading(command);
        command.Options.Add(BackupRun.RetryFor);
        StoreOptions.AddTo(command);
        command.WithExamples(
            "bootconsole verify --store /mnt/backup latest",
            "bootconsole verify --store sftp://office-pc@backup.example/ latest --keyless",
            "bootconsole verify --store /mnt/backup latest --against serial:S4EVNF0M");
        command.Runs(services, "Nothing was changed; the image stays as it is.", RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        if (session.Arguments.GetValue(Keyless) && session.Arguments.GetValue(Against) is { Length: > 0 })
            throw new UsageFault("--keyless and --against cannot be had at once: a disk is compared with what the image decodes to") { Remedy = "Give one of them." };
        var context = session.Services.MakeJobContext();
        // Where the store can be written, a bad segment is noted in it.
        await using var store = await StoreOptions.OpenForRestoreAsync(session, BackupRun.Retry(session, context));
        var (source, id, _) = await ImageChoice.FindAsync(session, store);
        if (session.Arguments.GetValue(Against) is { Length: > 0 } disks) return await CompareAsync(session, store, source, id, disks);
        var job = new VerifyJob(context, source);
        var keyless = session.Arguments.GetValue(Keyless);
        using var keys = keyless ? null : await KeyOptions.UnlockAsync(session, source, await ImageReader.OpenAsync(source, id, session.Cancel));
        var result = await session.RunAsync(context.Progress, () => keyless ? job.RunKeylessAsync(id, session.Cancel) : job.RunAsync(id, keys, session.Cancel));
        session.Say(VerifyWords.Describe(id, result, keyless));
        session.Answer(
            new JobDocument
            {
                Outcome = "done",
                Image = id.Text,
                Counts = new CountsDocument { Chunks = result.Chunks, StoredBytes = result.StoredBytes },
                Rates = new RatesDocument { Seconds = result.Elapsed.TotalSeconds },
            },
            Documents.Context.JobDocument);
        return ExitCode.Done;
    }

    private static async Task<ExitCode> CompareAsync(CommandSession session, IReadStore store, IReadStore source, ImageId id, string[] texts)
    {
        var image = await ImageReader.OpenAsync(source, id, session.Cancel);
        using var keys = await KeyOptions.UnlockAsync(session, source, image);
        var choices = await DiskChoice.ForImageAsync(session, image, texts, store);
        List<DifferentDocument> different = [];
        long chunks = 0;
        foreach (var (number, info) in choices)
        {
            using var disk = OpenDisk.ForReading(info);
            var context = session.Services.MakeJobContext();
            var result = await session.RunAsync(context.Progress, async () =>
            {
                var plan = await new DiskPlanner(new UsedMapper(session.Services.Programs)).PlanAsync(disk, GapPolicy.Smart, context.Progress, session.Cancel);
                return await new CompareJob(context).RunAsync(image, number, plan, session.Cancel);
            });
            chunks += result.Chunks;
            different.AddRange(result.Different.Ranges.Select(range => new DifferentDocument(number, range.Start, range.Length)));
            session.Say(result.Different.IsEmpty
                ? $"{info.Path} is what disk {number} of {id} has."
                : $"{info.Path} differs from disk {number} of {id} in {result.Different.Ranges.Count} ranges, {ByteSize.Format(result.Different.TotalBytes)} in all; the first at byte {result.Different.Ranges[0].Start}.");
        }

        var report = different.Count == 0 ? null : new FaultReport(
            $"The disk is not what {id} has.",
            "Nothing was changed; the image and the disk are as they were.",
            "A disk that was in use since the backup differs by what was written since; make a new backup if that is meant.");
        session.Answer(
            new JobDocument { Outcome = report is null ? "done" : "failed", Image = id.Text, Counts = new CountsDocument { Chunks = chunks }, Different = different, Fault = report is null ? null : FaultOutput.Document(report) },
            Documents.Context.JobDocument);
        if (report is null) return ExitCode.Done;
        FaultOutput.WriteLines(session.Services, report);
        return ExitCode.Failed;
    }
}
