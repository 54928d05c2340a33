// What images a store has, finished and unfinished.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>One line of the list of images.</summary>
public sealed record ImageListing
{
    /// <summary>The id.</summary>
    public required ImageId Id { get; init; }

    /// <summary><c>done</c>, <c>unfinished</c>, <c>suspended</c>, <c>failed</c>, <c>running</c> or <c>damaged</c>.</summary>
    public required string State { get; init; }

    /// <summary>The folder of <c>shared/</c> it lies in; null for an image of the store's own.</summary>
    public string? Published { get; init; }

    /// <summary>How it was made; null when unknown.</summary>
    public ImageKind? Kind { get; init; }

    /// <summary>The manifest of a finished image; null otherwise.</summary>
    public Manifest? Manifest { get; init; }

    /// <summary>The state record of an unfinished image; null otherwise.</summary>
    public StateRecord? Record { get; init; }

    /// <summary>Why it is damaged or failed; empty otherwise.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>An image that a person meant, and where to read it.</summary>
/// <param name="Store">The store, or a view of the folder that the image is published in, which cannot be written.</param>
/// <param name="Id">The id.</param>
/// <param name="Published">That folder's name; null for an image of the store's own.</param>
public sealed record FoundImage(IReadStore Store, ImageId Id, string? Published);

/// <summary>Lists the images of a store.</summary>
public static class ImageList
{
    private const int ConcurrentReads = 16;
    private const string Latest = "latest";

    /// <summary>Lists all images in order of their ids, which is the order of their times. Deleted ones are left out.</summary>
    /// <exception cref="RefusedFault">The folder is not a store.</exception>
    public static async Task<IReadOnlyList<ImageListing>> ReadAsync(IReadStore store, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Images, cancel) is null) return [];
        var ids = new List<ImageId>();
        foreach (var entry in await store.ListAsync(StoreNames.Images, cancel))
            if (entry.IsFolder && ImageId.TryParse(entry.Name, out var id)) ids.Add(id);
        var listings = new ImageListing?[ids.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentReads, CancellationToken = cancel };
        await Parallel.ForAsync(0, ids.Count, options, async (i, token) => listings[i] = await ReadOneAsync(store, ids[i], token));
        return [.. listings.OfType<ImageListing>().OrderBy(listing => listing.Id.Text, StringComparer.Ordinal)];
    }

    /// <summary>Finds the image of the store's own that a person means: an id, a unique prefix of one, or <c>latest</c> (the newest finished one).</summary>
    /// <exception cref="RefusedFault">None or several fit.</exception>
    public static async Task<ImageId> ResolveAsync(IReadStore store, string text, string? pc, CancellationToken cancel)
    {
        if (ImageId.TryParse(text, out var exact)) return exact;
        return (await ChooseAsync(store, text, pc, cancel))?.Id ?? throw (text == Latest ? NoneFinished(store) : NoSuch(text));
    }

    /// <summary>Finds the image that a person means, to be read: where the store has none of its own, a published one. <c>latest</c> is always one of the store's own.</summary>
    /// <exception cref="RefusedFault">None or several fit.</exception>
    public static async Task<FoundImage> FindAsync(IReadStore store, string text, string? pc, CancellationToken cancel)
    {
        if (ImageId.TryParse(text, out var exact)) return await FindExactAsync(store, exact, cancel);
        if (await ChooseAsync(store, text, pc, cancel) is { } own) return new FoundImage(store, own.Id, null);
        var published = (await PublishedImages.ReadAsync(store, cancel)).Images;
        if (text == Latest) throw NoneFinished(store, published.Count > 0 ? "Images that are published for this PC are named by their ids; 'bootconsole images' lists them." : "");
        var one = Only(text, published) ?? throw NoSuch(text);
        return new FoundImage(PublishedImages.View(store, one.Published), one.Id, one.Published);
    }

    private static async Task<FoundImage> FindExactAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Manifest(id), cancel) is not null || await store.FindAsync(StoreNames.State(id), cancel) is not null) return new FoundImage(store, id, null);
        return await PublishedImages.FindAsync(store, id, cancel) switch
        {
            // The reader says why there is none.
            [] => new FoundImage(store, id, null),
            [var folder] => new FoundImage(PublishedImages.View(store, folder), id, folder),
            var folders => throw new RefusedFault("the image is published more than once") { Which = id.Text, Found = string.Join(", ", folders.Take(5).Select(folder => (StoreNames.Shared / folder).Text)), Expected = "one image" },
        };
    }

    private static async Task<ImageListing?> ChooseAsync(IReadStore store, string text, string? pc, CancellationToken cancel)
    {
        if (text.Length == 0) throw new RefusedFault("no image was named") { Remedy = "'bootconsole images' lists what is there." };
        var all = (await ReadAsync(store, cancel)).Where(listing => pc is null || listing.Id.Pc == pc).ToList();
        return text == Latest ? all.LastOrDefault(listing => listing.State == "done") : Only(text, all);
    }

    private static ImageListing? Only(string text, IReadOnlyList<ImageListing> listings)
    {
        var fitting = listings.Where(listing => listing.Id.Text.StartsWith(text, StringComparison.Ordinal) || listing.Id.Name == text).ToList();
        if (fitting.Count <= 1) return fitting.FirstOrDefault();
        throw new RefusedFault("several images fit") { Which = text, Found = string.Join(", ", fitting.Take(5).Select(listing => listing.Id.Text)), Expected = "one image" };
    }

    private static RefusedFault NoSuch(string text) => new("there is no such image in the store") { Which = text, Remedy = "'bootconsole images' lists what is there." };

    private static RefusedFault NoneFinished(IReadStore store, string remedy = "") => new("the store has no finished image") { Which = store.Description, Remedy = remedy };

    /// <summary>Looks at one image. One that cannot be read is <c>damaged</c>, never a fault.</summary>
    /// <returns>Null for one that was deleted, and for a folder with nothing of an image in it.</returns>
    public static async Task<ImageListing?> ReadOneAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        try
        {
            if (await TryReadFinishedAsync(store, id, cancel) is { } done) return done;
            if (await StoreBytes.TryReadAsync(store, StoreNames.State(id), ImageJson.MaxRecordBytes, cancel) is { } bytes)
            {
                // A record whose removal was cut off says nothing of an image that was finished, and deleted since.
                if (await store.FindAsync(StoreNames.Deleted(id), cancel) is not null) return null;
                var state = ImageJson.ReadState(bytes, id);
                return new ImageListing { Id = id, State = Name(state.State), Kind = state.Kind, Record = state, Reason = state.Reason };
            }

            // A job that ends meanwhile publishes its manifest before it removes its record.
            if (await TryReadFinishedAsync(store, id, cancel) is { } sinceDone) return sinceDone;
        }
        catch (Fault damage) when (damage is CorruptFault or StoreFault)
        {
            // One image that cannot be read must not hide all others.
            return new ImageListing { Id = id, State = "damaged", Reason = $"{damage.Message} {damage.Found}".Trim() };
        }

        if (await store.FindAsync(StoreNames.Deleted(id), cancel) is not null || await ImageFolder.IsBareAsync(store, id, cancel)) return null;
        return new ImageListing { Id = id, State = "unfinished" };
    }

    private static async Task<ImageListing?> TryReadFinishedAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        if (await StoreBytes.TryReadAsync(store, StoreNames.Manifest(id), ImageJson.MaxManifestBytes, cancel) is not { } bytes) return null;
        var manifest = ImageJson.ReadManifest(bytes, id);
        return new ImageListing { Id = id, State = "done", Kind = manifest.Kind, Manifest = manifest };
    }

    // "running" in the record says that a job began; whether it still lives is the lease's to say.
    private static string Name(JobState state) => state switch
    {
        JobState.Suspended => "suspended",
        JobState.Failed => "failed",
        _ => "unfinished",
    };
}
