// bootserver images: the images of all PCs.
using System.CommandLine;
using BootConsole.Server.Commands.Images;

namespace BootConsole.Server.Commands;

/// <summary>Gathers the commands on images.</summary>
internal static class ImagesCommand
{
    internal static Command Make(Services services)
    {
        var images = new Command("images", "The images of all PCs: list, verify, remove, publish.")
        {
            ListImages.Make(services), ShowImage.Make(services), ScanImages.Make(services), VerifyImages.Make(services), DeleteImages.Make(services), PruneImages.Make(services),
            PublishImage.Make(services), UnpublishImage.Make(services), ExportImage.Make(services),
        };
        ExampleHelp.Give(images, "bootserver images list");
        return images;
    }

    /// <summary>The PCs that a line names; all of them when it names none.</summary>
    internal static IReadOnlyList<Catalogue.Pc> Chosen(Server.Images.ServerImages server, string? pc) => pc is null ? server.Pcs : [server.Pc(pc)];
}
