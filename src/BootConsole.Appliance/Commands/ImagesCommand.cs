// bootconsole images: what a store has.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Appliance.Commands;

/// <summary>Lists images with date, kind, disk, size, stored size and state.</summary>
internal static class ImagesCommand
{
    private static readonly Option<string?> Pc = new("--pc") { HelpName = "NAME", Description = "only images of this PC" };

    internal static Command Make(Services services)
    {
        var command = new Command("images", "List the images of a store.") { Pc };
        StoreOptions.AddTo(command);
        command.WithExamples("bootconsole images --store /mnt/backup", "bootconsole images --store sftp://office-pc@backup.example/ --pc office-pc --json");
        command.Runs(services, "Nothing was changed.", RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        await using var store = await StoreOptions.OpenForReadingAsync(session);
        var pc = session.Arguments.GetValue(Pc);
        var listings = (await ImageList.ReadAsync(store, session.Cancel)).Where(listing => pc is null || listing.Id.Pc == pc).ToList();
        var shared = await PublishedImages.ReadAsync(store, session.Cancel);
        var published = shared.Images.Where(listing => pc is null || listing.Id.Pc == pc).ToList();
        session.Answer(new ImagesDocument([.. listings.Concat(published).Select(Document)]), Documents.Context.ImagesDocument);
        Show(session, listings);
        if (listings.Count + published.Count == 0) session.Say($"There are no images in {store.Description}.");
        if (published.Count > 0) session.Say("Published for this PC, to be read only:");
        Show(session, published);
        foreach (var trouble in shared.Troubles) session.Say(trouble);
        return ExitCode.Done;
    }

    private static void Show(CommandSession session, List<ImageListing> listings)
    {
        foreach (var line in listings.Count > 0 ? PlainTable.Lines(Rows(listings)) : []) session.Say(line);
    }

    private static ImageDocument Document(ImageListing listing) => new()
    {
        Id = listing.Id.Text,
        Pc = listing.Id.Pc,
        Name = listing.Id.Name,
        Kind = listing.Kind is { } kind ? Names.Of(kind) : null,
        State = listing.State,
        Created = listing.Id.Time,
        Disks = [.. Disks(listing)],
        StoredBytes = listing.Manifest?.StoredBytes,
        Published = listing.Published,
        Reason = listing.Reason.Length > 0 ? listing.Reason : null,
    };

    private static IEnumerable<ImageDiskDocument> Disks(ImageListing listing) =>
        listing.Manifest?.Disks.Select(disk => new ImageDiskDocument(disk.Model, disk.Serial, disk.Size, disk.Unreadable.Sum(range => range.Length), disk.MinimumBytes))
        ?? listing.Record?.Disks.Select(disk => new ImageDiskDocument(disk.Model, disk.Serial, disk.Size, 0)) ?? [];

    private static IReadOnlyList<string[]> Rows(List<ImageListing> listings) =>
    [
        ["Image", "Kind", "Size", "Needs", "Stored", "State"],
        .. listings.Select(listing =>
        {
            var disks = Disks(listing).ToList();
            return (string[])
            [
                listing.Id.Text,
                listing.Kind is { } kind ? Names.Of(kind) : "?",
                ByteSize.Format(disks.Sum(disk => disk.Size)),
                // Disk by disk: each goes onto one of its own.
                string.Join(" + ", disks.Select(disk => disk.MinimumBytes is { } minimum ? ByteSize.Format(minimum) : "?")),
                listing.Manifest is { } manifest ? ByteSize.Format(manifest.StoredBytes) : "",
                State(listing, disks),
            ];
        }),
    ];

    private static string State(ImageListing listing, List<ImageDiskDocument> disks)
    {
        var unreadable = disks.Sum(disk => disk.UnreadableBytes);
        if (unreadable > 0) return $"{listing.State}, {ByteSize.Format(unreadable)} unreadable";
        return listing.Reason.Length > 0 ? $"{listing.State}: {listing.Reason}" : listing.State;
    }
}
