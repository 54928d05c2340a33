// bootserver images show: one image in full.
using System.CommandLine;
using System.Globalization;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands.Images;

/// <summary>Shows an image: what the catalogue remembers, and what its manifest says.</summary>
internal static class ShowImage
{
    private static readonly Argument<string> Image = new("IMAGE") { Description = "id, beginning of one, or name; PC/IMAGE where several fit" };

    internal static Command Make(Services services)
    {
        var show = new Command("show", "Show an image.") { Image };
        ExampleHelp.Give(show, "bootserver images show 2026-11-21T060400Z_office-pc_before-update", "bootserver images show office-pc/before-update");
        show.Does(services, "Nothing was changed.", RunAsync);
        return show;
    }

    private static async Task RunAsync(CommandSession session)
    {
        using var server = new ServerImages(session.Tree, session.Services);
        await server.ScanAsync(server.Pcs, ScanDepth.Changes, session.Cancel);
        var image = server.Find([session.Line.GetValue(Image)!])[0];
        var standing = image.State == "unfinished" ? await new RunningJobs(server).StandingAsync(image, session.Cancel) : null;
        var manifest = await TryReadAsync(server, image, session.Cancel);
        List<string> lines =
        [
            image.Name,
            .. PlainTable.Lines(
            [
                ["PC", image.Pc],
                ["State", image.Reason.Length > 0 ? $"{image.State}: {image.Reason}" : image.State],
                ["Kind", image.Kind.Length > 0 ? image.Kind : "?"],
                ["Parent", image.Parent.Length > 0 ? image.Parent : "-"],
                ["Taken", $"{ImageWords.Time(image.Taken)} by the PC's clock"],
                ["Seen", $"{ImageWords.Time(image.Seen)} by the server's"],
                ["Sealed", image.Sealed is { } at ? ImageWords.Time(at) : "-"],
                ["Verified", image.Verified is { } verified ? ImageWords.Time(verified) : "-"],
                ["Stored", ByteSize.Format(image.StoredBytes)],
                .. standing is null ? [] : (string[][])[["Progress", $"{ByteSize.Format(standing.DoneBytes)} of {ByteSize.Format(standing.DiskBytes)}{(standing.IsLiving ? ", running" : "")}"]],
                .. manifest is null ? [] : (string[][])[["Key set", manifest.KeyId ?? "- (not encrypted)"], ["Program", manifest.Program]],
                .. (manifest?.Disks ?? []).Select((disk, number) => (string[])[string.Create(CultureInfo.InvariantCulture, $"Disk {number}"), $"{disk.Model} {disk.Serial} {ByteSize.Format(disk.Size)}".Trim()]),
            ],
            indent: 2),
            .. (manifest?.Notes ?? []).Select(note => $"  {note}"),
        ];
        session.Answer(lines, Document(image, standing, manifest), ImageDocuments.Default.ImageDetailDocument);
    }

    private static ImageDetailDocument Document(StoredImage image, JobStanding? standing, Manifest? manifest) => new(
        ImageWords.Document(image, standing),
        [.. (manifest?.Disks ?? []).Select(disk => new Output.ImageDiskDocument(disk.Model, disk.Serial, disk.Size, disk.MinimumBytes))],
        manifest?.KeyId,
        manifest?.Program,
        [.. (manifest?.Foreign ?? []).Select(foreign => foreign.Image).Distinct().Order(StringComparer.Ordinal)],
        [.. manifest?.Notes ?? []]);

    private static async Task<Manifest?> TryReadAsync(ServerImages server, StoredImage image, CancellationToken cancel)
    {
        if (image.State != "finished" || !ImageId.TryParse(image.Name, out var id)) return null;
        await using var store = server.OpenForReading(image.Pc);
        return (await ImageReader.OpenAsync(store, id, cancel)).Manifest;
    }
}
