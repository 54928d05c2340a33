// bootserver images unpublish: takes a published image back.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Server.Images;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands.Images;

/// <summary>Takes an image back from PCs.</summary>
internal static class UnpublishImage
{
    private static readonly Argument<string> Image = new("IMAGE") { Description = "the image's whole id" };
    private static readonly Option<string[]> From = new("--from") { HelpName = "PC", Description = "the PC that shall not read it any more (default: all)", AllowMultipleArgumentsPerToken = true };

    internal static Command Make(Services services)
    {
        var unpublish = new Command("unpublish", "Take a published image back. The image itself stays.") { Image, From };
        ExampleHelp.Give(unpublish, "bootserver images unpublish 2026-11-21T060400Z_office-pc_golden", "bootserver images unpublish 2026-11-21T060400Z_office-pc_golden --from lab-1");
        unpublish.Does(services, "The image itself is as it was.", RunAsync);
        return unpublish;
    }

    private static async Task RunAsync(CommandSession session)
    {
        using var server = new ServerImages(session.Tree, session.Services);
        var text = session.Line.GetValue(Image)!;
        if (!ImageId.TryParse(text, out var id)) throw new UsageFault("this is no image's id") { Found = PlainText.Of(text), Expected = "a whole id, such as 2026-11-21T060400Z_office-pc_golden" };
        List<string> places = [];
        foreach (var pc in session.Line.GetValue(From) is { Length: > 0 } names ? [.. names.Select(server.Pc)] : server.Pcs)
            places.AddRange((await new ImagePublishing(server).UnpublishAsync(id, pc, session.Cancel)).Select(folder => $"{pc.Name}/shared/{folder}"));
        if (places.Count == 0) throw new RefusedFault("the image is not published for these PCs") { Which = id.Text };
        session.Answer(places.Select(place => $"{id} is gone from {place}."), new PublishedDocument("done", id.Text, places, 0, 0), ImageDocuments.Default.PublishedDocument);
    }
}
