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
        List<StorePath> content = [], top = [], folders = [];
        var image = StoreNames.Image(id);
        foreach (var entry in await store.ListAsync(image, cancel))
        {
            if (!StorePath.IsPart(entry.Name)) continue;
            if (!entry.IsFolder)
            {
                top.Add(image / entry.Name);
                continue;
            }

            if (!entry.Name.StartsWith("disk-", StringComparison.Ordinal)) continue;
            var disk = image / entry.Name;
            foreach (var file in await store.ListAsync(disk, cancel))
            {
                if (!StorePath.IsPart(file.Name)) continue;
                if (!file.IsFolder) content.Add(disk / file.Name);
                else if (file.Name == "tables") await AddTablesAsync(store, disk / file.Name, content, folders, cancel);
            }

            folders.Add(disk);
        }

        folders.Add(image);
        return new ImageFiles(content, top, folders);
    }

    /// <summary>Removes an unfinished image: segments first, then tables and records, state.json last of all.</summary>
    internal static async Task RemoveUnfinishedAsync(IDeleteStore store, ImageId id, CancellationToken cancel)
    {
        var files = await ListAsync(store, id, cancel);
        foreach (var file in files.Content) await store.RemoveAsync(file, cancel);
        var state = StoreNames.State(id);
        foreach (var file in files.Top.Where(file => file != state)) await store.RemoveAsync(file, cancel);
        foreach (var folder in files.Folders.SkipLast(1)) await store.RemoveFolderAsync(folder, cancel);
        await store.FlushFolderAsync(StoreNames.Image(id), cancel);
        await store.RemoveAsync(state, cancel);
        await store.RemoveFolderAsync(StoreNames.Image(id), cancel);
        await store.FlushFolderAsync(StoreNames.Images, cancel);
    }

    private static async Task AddTablesAsync(IReadStore store, StorePath tables, List<StorePath> content, List<StorePath> folders, CancellationToken cancel)
    {
        foreach (var table in await store.ListAsync(tables, cancel))
            if (!table.IsFolder && StorePath.IsPart(table.Name)) content.Add(tables / table.Name);
        folders.Add(tables);
    }
}

/// <summary>Paths below an image's folder.</summary>
/// <param name="Content">Files of its disks: segments first in each disk, then what else lies there.</param>
/// <param name="Top">Files directly in the image's folder.</param>
/// <param name="Folders">Folders, deepest first, the image's own last.</param>
internal sealed record ImageFiles(IReadOnlyList<StorePath> Content, IReadOnlyList<StorePath> Top, IReadOnlyList<StorePath> Folders);
