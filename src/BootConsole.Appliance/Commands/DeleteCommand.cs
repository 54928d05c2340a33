// bootconsole delete: removes images and what no other image needs.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Appliance.Commands;

/// <summary>Deletes images.</summary>
internal static class DeleteCommand
{
    private static readonly Argument<string[]> Images = new("IMAGE") { Arity = ArgumentArity.OneOrMore, Description = "image ids, unique prefixes of them, or names" };

    internal static Command Make(Services services)
    {
        var command = new Command("delete", "Remove images and what no other image needs. Also clears unfinished images away.") { Images };
        StoreOptions.AddTo(command);
        command.WithExamples("bootconsole delete --store /mnt/backup 2026-11-21T060400Z_office-pc_before-update");
        command.Runs(services, "Other images are as they were; an image half deleted is no longer listed and its rest goes with the next deletion.", RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        await using var store = await StoreOptions.OpenForDeletingAsync(session);
        var ids = new List<ImageId>();
        foreach (var text in session.Arguments.GetValue(Images) ?? [])
        {
            // "latest" moves with every deletion: whoever deletes says which.
            if (text == "latest") throw new UsageFault("'latest' may not be deleted") { Remedy = "Name the image by its id." };
            ids.Add(await ImageList.ResolveAsync(store, text, pc: null, session.Cancel));
        }

        var report = await new ImageRemoval(store, session.Services.Processes).DeleteAllAsync(ids, session.Cancel);
        foreach (var image in report.Images) session.Say(RemovalWords.Describe(image));
        session.HasWritten = report.Images.Any(image => image.Refusal is null);
        if (report.Images.FirstOrDefault(image => image.Refusal is not null) is { } refused) throw refused.Refusal!;
        session.Answer(new JobDocument { Outcome = "done", Counts = RemovalWords.Counts(report) }, Documents.Context.JobDocument);
        return ExitCode.Done;
    }
}
