// bootserver images publish, unpublish: an image of one PC, readable for others.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands.Images;

/// <summary>Publishes an image.</summary>
internal static class PublishImage
{
    private static readonly Argument<string> Image = new("IMAGE") { Description = "id, beginning of one, or name; PC/IMAGE where several fit" };
    private static readonly Option<string[]> To = new("--to") { HelpName = "PC", Description = "the PC that shall read it; several may be named", Required = true, AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Name = new("--name") { HelpName = "NAME", Description = "the folder of shared/ it comes to lie in (default: the name of the PC that it is of)" };

    internal static Command Make(Services services)
    {
        var publish = new Command("publish", "Make an image readable for other PCs: they can restore it, and nothing else.") { Image, To, Name };
        ExampleHelp.Give(publish, "bootserver images publish office-pc/golden --to lab-1 lab-2 lab-3", "bootserver images publish office-pc/golden --to lab-1 --name masters");
        publish.Does(services, "What was copied up to there is not shown to the PCs; the same command goes on.", RunAsync);
        return publish;
    }

    private static async Task RunAsync(CommandSession session)
    {
        using var server = new ServerImages(session.Tree, session.Services);
        await server.ScanAsync(server.Pcs, ScanDepth.Changes, session.Cancel);
        var image = server.Find([session.Line.GetValue(Image)!])[0];
        RequireFinished(image);
        var pcs = (session.Line.GetValue(To) ?? []).Select(server.Pc).DistinctBy(pc => pc.Name).ToList();
        var name = session.Line.GetValue(Name) ?? image.Pc;
        long copied = 0, linked = 0;
        foreach (var pc in pcs)
        {
            if (pc.Name == image.Pc) throw new UsageFault("the image is this PC's own") { Which = pc.Name, Remedy = "Name other PCs with --to." };
            var result = await new ImagePublishing(server).PublishAsync(image, pc, name, session.Cancel);
            (copied, linked) = (copied + result.CopiedBytes, linked + result.LinkedBytes);
        }

        session.Answer(
            [.. pcs.Select(pc => $"{pc.Name} can read {image.Name} in shared/{name}."), $"{ByteSize.Format(copied)} copied, {ByteSize.Format(linked)} linked."],
            new PublishedDocument("done", image.Name, [.. pcs.Select(pc => $"{pc.Name}/shared/{name}")], copied, linked),
            ImageDocuments.Default.PublishedDocument);
    }

    /// <summary>Refuses an image that is not whole.</summary>
    internal static void RequireFinished(StoredImage image)
    {
        if (image.State != "finished") throw new RefusedFault($"the image is {image.State}") { Which = $"{image.Pc}/{image.Name}", Found = image.Reason, Remedy = "Take a finished one; 'bootserver images list --all' shows the states." };
    }
}
