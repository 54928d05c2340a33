// What lies in an image's folder, and taking it away in an order that is safe at any cut.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>The files of one image's folder.</summary>
internal static class ImageFolder
{
    /// <summary>Lists every file below an image's folder. Folders deeper or other than the format's are not looked into.</summary>
    internal static async Task<ImageFiles> ListAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        List<StorePath> segments = [], tables = [], records = [], top = [], folders = [];
        var image = StoreNames.Image(id);
        var strangers = false;
        foreach (var entry in await store.ListAsync(image, cancel))
        {
            if (!StorePath.IsPart(entry.Name) || (entry.IsFolder && !entry.Name.StartsWith("disk-", StringComparison.Ordinal)))
            {
                strangers = true;
                continue;
            }

            if (!entry.IsFolder)
            {
                top.Add(image / entry.Name);
                continue;
            }

            var disk = image / entry.Name;
            foreach (var file in await store.ListAsync(disk, cancel))
            {
                if (!StorePath.IsPart(file.Name)) continue;
                if (!file.IsFolder) (SegmentName.TryParseSegment(file.Name, out _) ? segments : records).Add(disk / file.Name);
                else if (file.Name == "tables") await AddTablesAsync(store, disk / file.Name, tables, folders, cancel);
            }

            folders.Add(disk);
        }

        folders.Add(image);
        return new ImageFiles([.. segments, .. tables, .. records], top, folders, strangers);
    }

    /// <summary>True for a folder with nothing of an image in it, as a cut leaves it before the first record is there or after the last file went: no file but passing ones, or no folder.</summary>
    internal static async Task<bool> IsBareAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        try
        {
            return (await store.ListAsync(StoreNames.Image(id), cancel)).All(entry => !entry.IsFolder && StoreNames.IsPart(entry.Name));
        }
        catch (StoreFault gone) when (gone.Problem == StoreProblem.Missing)
        {
            return true;
        }
    }

    /// <summary>Removes a bare folder, where the store lets it go. For one that no living job has a lease of; what is put into it meanwhile stays.</summary>
    internal static async Task RemoveBareAsync(IDeleteStore store, ImageId id, CancellationToken cancel)
    {
        try
        {
            foreach (var entry in await store.ListAsync(StoreNames.Image(id), cancel))
                if (!entry.IsFolder && StoreNames.IsPart(entry.Name) && StorePath.IsPart(entry.Name)) await store.RemoveAsync(StoreNames.Image(id) / entry.Name, cancel);
            await store.RemoveFolderAsync(StoreNames.Image(id), cancel);
        }
        catch (StoreFault stays) when (stays.Problem is StoreProblem.Missing or StoreProblem.Denied or StoreProblem.Other)
        {
            // Gone already, not bare any more, or held by the store: in the way of nobody.
        }
    }

    /// <summary>Removes an image that is not finished: segments first, then tables and records, state.json last of all.</summary>
    /// <exception cref="StoreFault">Among others when the folder holds what is not of the format; then that is all that is left.</exception>
    internal static async Task RemoveUnfinishedAsync(IDeleteStore store, ImageId id, CancellationToken cancel)
    {
        // It may have been committed a moment ago. Its manifest goes before its first segment, or a cut would leave a manifest that names nothing.
        if (await store.FindAsync(StoreNames.Manifest(id), cancel) is not null) await store.RenameAsync(StoreNames.Manifest(id), StoreNames.Deleted(id), cancel);
        var files = await ListAsync(store, id, cancel);
        foreach (var file in files.Content) await store.RemoveAsync(file, cancel);
        await RemoveRestAsync(store, id, files, [StoreNames.Deleted(id), StoreNames.State(id)], cancel);
    }

    /// <summary>Removes what is left when the content is gone, and the folders.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The image.</param>
    /// <param name="files">What was listed.</param>
    /// <param name="last">The files that say what the folder is: as long as they are there its state is known, whatever is cut.</param>
    /// <param name="cancel">Ends the attempt.</param>
    internal static async Task RemoveRestAsync(IDeleteStore store, ImageId id, ImageFiles files, StorePath[] last, CancellationToken cancel)
    {
        foreach (var file in files.Top.Where(file => !last.Contains(file))) await store.RemoveAsync(file, cancel);
        foreach (var folder in files.Folders.SkipLast(1)) await store.RemoveFolderAsync(folder, cancel);
        await store.FlushFolderAsync(StoreNames.Image(id), cancel);
        if (files.HasStrangers) throw new StoreFault(StoreProblem.Other, "the folder of the image holds what is not of the format") { Which = StoreNames.Image(id).Text, Remedy = "Remove it by hand, then delete the image again." };
        foreach (var file in last) await store.RemoveAsync(file, cancel);
        await store.RemoveFolderAsync(StoreNames.Image(id), cancel);
        await store.FlushFolderAsync(StoreNames.Images, cancel);
    }

    /// <summary>Removes what a cut left of small files in the image's own folder and those of its disks. For the image's owner, who has none under way.</summary>
    internal static async Task RemovePartsAsync(IDeleteStore store, ImageId id, int disks, CancellationToken cancel)
    {
        foreach (var folder in Enumerable.Range(0, disks).Select(disk => StoreNames.Disk(id, disk)).Prepend(StoreNames.Image(id)))
        {
            if (await store.FindAsync(folder, cancel) is null) continue;
            foreach (var entry in await store.ListAsync(folder, cancel))
                if (!entry.IsFolder && StoreNames.IsPart(entry.Name) && StorePath.IsPart(entry.Name)) await store.RemoveAsync(folder / entry.Name, cancel);
        }
    }

    private static async Task AddTablesAsync(IReadStore store, StorePath folder, List<StorePath> tables, List<StorePath> folders, CancellationToken cancel)
    {
        foreach (var table in await store.ListAsync(folder, cancel))
            if (!table.IsFolder && StorePath.IsPart(table.Name)) tables.Add(folder / table.Name);
        folders.Add(folder);
    }
}

/// <summary>Paths below an image's folder.</summary>
/// <param name="Content">Files of its disks: all segments first, then tables, then what else lies there.</param>
/// <param name="Top">Files directly in the image's folder.</param>
/// <param name="Folders">Folders, deepest first, the image's own last.</param>
/// <param name="HasStrangers">True when the image's own folder holds what is not of the format.</param>
internal sealed record ImageFiles(IReadOnlyList<StorePath> Content, IReadOnlyList<StorePath> Top, IReadOnlyList<StorePath> Folders, bool HasStrangers);
