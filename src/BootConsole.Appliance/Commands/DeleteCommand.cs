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

        var removal = new ImageRemoval(store, session.Services.Processes);
        long freed = 0;
        var kept = 0;
        foreach (var id in ids.Distinct())
        {
            var result = await removal.DeleteAsync(id, session.Cancel);
            session.HasWritten = true;
            freed += result.FreedBytes;
            kept = result.KeptFiles;
            session.Say($"{id} is deleted, {ByteSize.Format(result.FreedBytes)} are free{(result.KeptFiles > 0 ? $"; {result.KeptFiles} files stay because other images need them" : "")}.");
        }

        session.Answer(new JobDocument { Outcome = "done", Counts = new CountsDocument { FreedBytes = freed, KeptFiles = kept } }, Documents.Context.JobDocument);
        return ExitCode.Done;
    }
}
