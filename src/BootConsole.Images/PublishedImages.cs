// Images that the server made readable for this PC, in the folder shared/: found, listed and read, and nothing else.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>The published images of a store (docs/format.md, "Published images").</summary>
/// <param name="Images">Those that can be restored, and damaged ones, in order of their ids.</param>
/// <param name="Troubles">What of <c>shared/</c> could not be read, a sentence each.</param>
/// <remarks>Backups, resumes, deletion and pruning look into <c>images/</c> alone (<see cref="ImageList"/>): what is published is no parent, and nothing of it is ever removed.</remarks>
public sealed record PublishedImages(IReadOnlyList<ImageListing> Images, IReadOnlyList<string> Troubles)
{
    /// <summary>Folders of <c>shared/</c> that are looked into.</summary>
    public const int MaxFolders = 256;

    /// <summary>The store to read an image from: a view of its folder for a published one, which cannot be written, else the store itself.</summary>
    /// <param name="store">The store.</param>
    /// <param name="folder">The published image's <see cref="ImageListing.Published"/>; null for the store's own images.</param>
    public static IReadStore View(IReadStore store, string? folder) => folder is null ? store : new FolderView(store, StoreNames.Shared / folder);

    /// <summary>Lists the published images. Unfinished ones are left out: the server has not copied them whole yet.</summary>
    /// <remarks>Never fails for what lies in <c>shared/</c>: others' images must not hide this PC's.</remarks>
    public static async Task<PublishedImages> ReadAsync(IReadStore store, CancellationToken cancel)
    {
        List<ImageListing> images = [];
        List<string> troubles = [];
        foreach (var folder in await ListFoldersAsync(store, troubles, cancel))
        {
            try
            {
                var found = await ImageList.ReadAsync(View(store, folder), cancel);
                images.AddRange(found.Where(listing => listing.Manifest is not null || listing.State == "damaged").Select(listing => listing with { Published = folder }));
            }
            catch (Fault refusal) when (refusal is CorruptFault or StoreFault)
            {
                troubles.Add(Trouble(StoreNames.Shared / folder, refusal));
            }
        }

        return new PublishedImages([.. images.OrderBy(listing => listing.Id.Text, StringComparer.Ordinal)], troubles);
    }

    /// <summary>Finds the folders that have a finished image of this id.</summary>
    internal static async Task<IReadOnlyList<string>> FindAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        List<string> found = [];
        foreach (var folder in await ListFoldersAsync(store, [], cancel))
            if (await store.FindAsync(StoreNames.Shared / folder / StoreNames.Manifest(id).Text, cancel) is { IsFolder: false }) found.Add(folder);
        return found;
    }

    private static async Task<IReadOnlyList<string>> ListFoldersAsync(IReadStore store, List<string> troubles, CancellationToken cancel)
    {
        try
        {
            if (await store.FindAsync(StoreNames.Shared, cancel) is not { IsFolder: true }) return [];
            var folders = (await store.ListAsync(StoreNames.Shared, cancel)).Where(entry => entry.IsFolder && StorePath.IsPart(entry.Name)).Select(entry => entry.Name).Order(StringComparer.Ordinal).ToList();
            if (folders.Count > MaxFolders) troubles.Add($"{StoreNames.Shared} has {folders.Count} folders; only the first {MaxFolders} are looked into.");
            return [.. folders.Take(MaxFolders)];
        }
        catch (Fault refusal) when (refusal is CorruptFault or StoreFault)
        {
            troubles.Add(Trouble(StoreNames.Shared, refusal));
            return [];
        }
    }

    private static string Trouble(StorePath folder, Fault refusal) => $"{folder} cannot be read: {refusal.Message}.";
}
