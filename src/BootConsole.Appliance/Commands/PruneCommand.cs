// bootconsole prune: removes the images that no rule keeps.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Commands;

/// <summary>Prunes a store by rules.</summary>
internal static class PruneCommand
{
    private static readonly Option<string?> Pc = new("--pc") { HelpName = "NAME", Description = "only images of this PC" };
    private static readonly Option<int> Last = Keep("--keep-last", "keep the newest N images");
    private static readonly Option<int> Daily = Keep("--keep-daily", "keep the newest image of each of the last N days that have one (UTC)");
    private static readonly Option<int> Weekly = Keep("--keep-weekly", "the same of weeks, Monday to Sunday");
    private static readonly Option<int> Monthly = Keep("--keep-monthly", "the same of months");
    private static readonly Option<int> Yearly = Keep("--keep-yearly", "the same of years");
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "show what would stay and what would go, remove nothing" };

    internal static Command Make(Services services)
    {
        var command = new Command("prune", "Remove the finished images that no rule keeps. The rules count for each PC, image name and set of disks by themselves.")
        {
            Pc, Last, Daily, Weekly, Monthly, Yearly, DryRun,
        };
        StoreOptions.AddTo(command);
        command.WithExamples(
            "bootconsole prune --store /mnt/backup --keep-last 3 --dry-run",
            "bootconsole prune --store sftp://office-pc@backup.example/ --pc office-pc --keep-daily 7 --keep-weekly 4 --keep-monthly 12");
        command.Runs(services, "Images that a rule keeps are as they were; an image half removed is no longer listed and its rest goes with the next deletion.", RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        var rules = ReadRules(session.Arguments);
        var pc = session.Arguments.GetValue(Pc);
        if (session.Arguments.GetValue(DryRun))
        {
            await using var store = await StoreOptions.OpenForReadingAsync(session);
            var plan = await ShowPlanAsync(session, new PrunePlanner(store, session.Services.Clock), rules, pc);
            session.Say("Dry run: nothing was removed.");
            Answer(session, plan, null, null);
            return ExitCode.Done;
        }

        await using var writable = await StoreOptions.OpenForDeletingAsync(session);
        var decisions = await ShowPlanAsync(session, new PrunePlanner(writable, session.Services.Clock), rules, pc);
        var goers = decisions.Where(decision => !decision.IsKept).Select(decision => decision.Image.Id).ToList();
        var report = goers.Count == 0 ? new RemovalReport([], new RemovalResult(0, 0)) : await new ImageRemoval(writable, session.Services.Processes).DeleteAllAsync(goers, session.Cancel);
        foreach (var image in report.Images) session.Say(RemovalWords.Describe(image));
        if (goers.Count == 0) session.Say("Nothing is to be removed.");
        var stayed = report.Images.Where(image => image.Refusal is not null).ToList();
        var fault = stayed.Count == 0 ? null : new FaultReport(
            $"{stayed.Count} of {goers.Count} images that no rule keeps could not be removed. The first: {stayed[0].Id}, {RemovalWords.Describe(stayed[0].Refusal!)}.",
            "Those images are as they were; all others that no rule keeps are removed.",
            "Prune again when the jobs that work with them have ended.");
        Answer(session, decisions, report, fault);
        if (fault is null) return ExitCode.Done;
        FaultOutput.WriteLines(session.Services, fault);
        return ExitCode.Failed;
    }

    private static async Task<IReadOnlyList<RetentionDecision>> ShowPlanAsync(CommandSession session, PrunePlanner planner, RetentionRules rules, string? pc)
    {
        var decisions = await planner.PlanAsync(rules, pc, session.Cancel);
        if (decisions.Count == 0) session.Say("There are no images to judge.");
        else foreach (var line in PlainTable.Lines([["Image", "", "Why"], .. decisions.Select(decision => (string[])[decision.Image.Id.Text, Action(decision), decision.Reason])])) session.Say(line);
        return decisions;
    }

    private static void Answer(CommandSession session, IReadOnlyList<RetentionDecision> decisions, RemovalReport? report, FaultReport? fault)
    {
        var removed = report?.Images.ToDictionary(image => image.Id) ?? [];
        var document = new PruneDocument
        {
            Outcome = fault is null ? "done" : "failed",
            DryRun = report is null,
            Images = [.. decisions.Select(decision => Document(decision, removed.GetValueOrDefault(decision.Image.Id)))],
            Counts = report is null ? new CountsDocument() : RemovalWords.Counts(report),
            Fault = fault is null ? null : FaultOutput.Document(fault),
        };
        session.Answer(document, Documents.Context.PruneDocument);
    }

    private static PrunedImageDocument Document(RetentionDecision decision, ImageRemoved? removed) => new()
    {
        Id = decision.Image.Id.Text,
        Pc = decision.Image.Id.Pc,
        Name = decision.Image.Id.Name,
        Action = Action(decision),
        Reason = decision.Reason,
        Removed = removed is { Refusal: null },
        FreedBytes = removed is { Refusal: null } ? removed.Result.FreedBytes : null,
        KeptFiles = removed is { Refusal: null } ? removed.Result.KeptFiles : null,
        Refusal = removed?.Refusal is { } refusal ? RemovalWords.Describe(refusal) : null,
    };

    private static string Action(RetentionDecision decision) => decision.IsKept ? "keep" : "remove";

    private static RetentionRules ReadRules(ParseResult arguments)
    {
        var rules = new RetentionRules { Last = Read(Last), Daily = Read(Daily), Weekly = Read(Weekly), Monthly = Read(Monthly), Yearly = Read(Yearly) };
        if (!rules.KeepNothing) return rules;
        throw new UsageFault("no rule keeps anything, so every image would be removed") { Expected = "at least one of --keep-last, --keep-daily, --keep-weekly, --keep-monthly, --keep-yearly with a number above 0" };

        int Read(Option<int> option) =>
            arguments.GetValue(option) is var number and >= 0 ? number : throw new UsageFault("a number of images cannot be negative") { Which = option.Name, Expected = "0 or more", Found = $"{arguments.GetValue(option)}" };
    }

    private static Option<int> Keep(string name, string description) =>
        new(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => 0, CustomParser = CommonOptions.WholeNumber };
}
