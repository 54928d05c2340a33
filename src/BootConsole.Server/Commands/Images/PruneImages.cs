// bootserver images prune: removes what the contracts' retention does not keep.
using System.CommandLine;
using System.Globalization;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Jobs;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands.Images;

/// <summary>Prunes stores.</summary>
internal static class PruneImages
{
    private static readonly Argument<string?> Pc = new("PC") { Arity = ArgumentArity.ZeroOrOne, Description = "only this PC's images" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "show what would stay and what would go, remove nothing" };

    internal static Command Make(Services services)
    {
        var prune = new Command("prune", "Remove the images that the contracts' retention does not keep.") { Pc, DryRun };
        ExampleHelp.Give(prune, "bootserver images prune --dry-run", "bootserver images prune office-pc");
        prune.Does(services, DeleteImages.Safe, RunAsync);
        return prune;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        using var server = new ServerImages(session.Tree, session.Services);
        var pcs = ImagesCommand.Chosen(server, session.Line.GetValue(Pc));
        var scanned = await server.ScanAsync(pcs, ScanDepth.Everything, session.Cancel);
        List<KeptImage> plan = [];
        List<string> troubles = [.. scanned.Where(store => store.Trouble.Length > 0).Select(store => $"{store.Pc}: {store.Trouble}")];
        foreach (var pc in pcs)
        {
            try
            {
                plan.AddRange(await ImageRetention.PlanAsync(server.Catalogue.Read(rows => rows.StoredImages(pc.Name)), server.ContractOf(pc), server.Now, image => DisksAsync(server, image, session.Cancel)));
            }
            catch (Fault changed) when (changed is CorruptFault or RefusedFault or StoreFault)
            {
                // It changed since it was looked at: this store's turn comes the next time.
                troubles.Add($"{pc.Name}: {FaultSentence.Of(changed)}");
            }
        }

        var isDry = session.Line.GetValue(DryRun);
        var goers = plan.Where(kept => !kept.IsKept).Select(kept => kept.Image).ToList();
        var cleared = isDry || goers.Count == 0 ? [] : await new ImageClearing(server).RunAsync(goers, "image pruned", session.Cancel);
        var results = cleared.ToDictionary(entry => entry.Image);
        List<string> lines =
        [
            .. plan.Count == 0 ? ["There are no images to judge."] : PlainTable.Lines([["PC", "Image", "", "Why"], .. plan.Select(kept => (string[])[kept.Image.Pc, kept.Image.Name, kept.IsKept ? "keep" : "remove", kept.Reason])]),
            .. cleared.Select(DeleteImages.Describe),
            .. troubles,
            isDry ? "Dry run: nothing was removed." : goers.Count == 0 ? "Nothing is to be removed." : string.Create(CultureInfo.InvariantCulture, $"{ByteSize.Format(cleared.Sum(entry => entry.FreedBytes))} are free."),
        ];
        var report = DeleteImages.Report([.. cleared.Where(entry => entry.Refusal.Length > 0)]);
        return session.Answer(
            lines,
            new ClearingDocument(report is null ? "done" : "failed", isDry, [.. plan.Select(kept => Document(kept, results.GetValueOrDefault(kept.Image)))], report?.Document),
            ImageDocuments.Default.ClearingDocument,
            report);
    }

    private static ClearedDocument Document(KeptImage kept, ClearedImage? cleared) =>
        cleared is null ? new ClearedDocument(kept.Image.Pc, kept.Image.Name, kept.IsKept ? "keep" : "remove", kept.Reason, false, 0, 0, null) : DeleteImages.Document(cleared, kept.Reason);

    private static async Task<string> DisksAsync(ServerImages server, StoredImage image, CancellationToken cancel)
    {
        await using var store = server.OpenForReading(image.Pc);
        return ImageId.TryParse(image.Name, out var id) ? PrunePlanner.DisksOf((await ImageReader.OpenAsync(store, id, cancel)).Manifest) : "";
    }
}
