// bootserver images export: a store with one image, to be carried elsewhere.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Server.Images;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands.Images;

/// <summary>Exports an image.</summary>
internal static class ExportImage
{
    private static readonly Argument<string> Image = new("IMAGE") { Description = "id, beginning of one, or name; PC/IMAGE where several fit" };
    private static readonly Option<string> To = new("--to") { HelpName = "FOLDER", Description = "the new store; a folder that is not there or empty", Required = true };

    internal static Command Make(Services services)
    {
        var export = new Command("export", "Copy an image with all that it needs into a store of its own, which 'bootconsole restore' reads.") { Image, To };
        ExampleHelp.Give(export, "bootserver images export office-pc/before-update --to /media/stick/office-pc");
        export.Does(services, "The image is as it was; what was copied up to there is not shown as an image.", RunAsync);
        return export;
    }

    private static async Task RunAsync(CommandSession session)
    {
        using var server = new ServerImages(session.Tree, session.Services);
        await server.ScanAsync(server.Pcs, ScanDepth.Changes, session.Cancel);
        var image = server.Find([session.Line.GetValue(Image)!])[0];
        PublishImage.RequireFinished(image);
        var target = Path.GetFullPath(session.Line.GetValue(To)!);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())) throw new RefusedFault("the folder is not empty") { Which = target, Remedy = "Name one that is not there or empty." };
        if (!Directory.Exists(Path.GetDirectoryName(target))) throw new RefusedFault("the folder that it would be in is not there") { Which = target, Remedy = "See whether the disk is mounted." };
        Directory.CreateDirectory(target);
        var copied = await new ImageCopy(server, CopyManner.Copies).RunAsync(image, target, session.Cancel);
        session.Answer(
            [$"{image.Name} lies in {target}, {ByteSize.Format(copied.CopiedBytes)}. Restore it with 'bootconsole restore --store {target} {image.Name} …'."],
            new PublishedDocument("done", image.Name, [target], copied.CopiedBytes, copied.LinkedBytes),
            ImageDocuments.Default.PublishedDocument);
    }
}
