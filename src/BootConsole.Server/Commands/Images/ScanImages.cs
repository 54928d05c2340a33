// bootserver images scan: looks at every image of every store.
using System.CommandLine;
using System.Globalization;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands.Images;

/// <summary>Brings the catalogue up to what lies in the stores, whatever it remembers.</summary>
internal static class ScanImages
{
    private static readonly Argument<string?> Pc = new("PC") { Arity = ArgumentArity.ZeroOrOne, Description = "only this PC's store" };

    internal static Command Make(Services services)
    {
        var scan = new Command("scan", "Look through the stores: every image, and what became of those that the catalogue knows.") { Pc };
        ExampleHelp.Give(scan, "bootserver images scan", "bootserver images scan office-pc");
        scan.Does(services, "The catalogue holds what was seen up to there; the stores are as they were.", RunAsync);
        return scan;
    }

    private static async Task RunAsync(CommandSession session)
    {
        using var server = new ServerImages(session.Tree, session.Services);
        var pcs = ImagesCommand.Chosen(server, session.Line.GetValue(Pc));
        var scanned = await server.ScanAsync(pcs, ScanDepth.Everything, session.Cancel);
        var names = pcs.Select(pc => pc.Name).ToHashSet();
        var images = server.Catalogue.Read(rows => rows.StoredImages(pcs.Count == 1 ? pcs[0].Name : null)).Where(image => names.Contains(image.Pc) && image.State != "deleted").ToList();
        var troubles = scanned.Where(store => store.Trouble.Length > 0).ToList();
        session.Answer(
            [
                string.Create(CultureInfo.InvariantCulture, $"{images.Count} images of {pcs.Count} PCs, {scanned.Sum(store => store.Changed)} of them new, changed or gone; {images.Count(image => image.State == "damaged")} damaged."),
                .. images.Where(image => image.State == "damaged").Select(image => $"{image.Pc}/{image.Name}: {image.Reason}"),
                .. troubles.Select(store => $"{store.Pc}: {store.Trouble}"),
            ],
            new ImagesDocument([.. images.Select(image => ImageWords.Document(image))], [], [.. troubles.Select(store => new TroubleDocument(store.Pc, store.Trouble))]),
            ImageDocuments.Default.ImagesDocument);
    }
}
