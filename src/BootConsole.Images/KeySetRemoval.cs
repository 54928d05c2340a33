// Key sets that nothing names go last, when the images that were encrypted to them are gone.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>Removes key sets (docs/format.md, "Deletion").</summary>
internal static class KeySetRemoval
{
    /// <summary>Removes those of <paramref name="candidates"/> that no image names any more and of which no table key was given out.</summary>
    /// <param name="store">The store.</param>
    /// <param name="processes">Tells living jobs from dead ones.</param>
    /// <param name="candidates">Key ids of images that were just removed.</param>
    /// <param name="cancel">Ends the attempt.</param>
    internal static async Task SweepAsync(IDeleteStore store, IProcessTable processes, IReadOnlyCollection<string> candidates, CancellationToken cancel)
    {
        if (candidates.Count == 0) return;
        var named = (await StoreSurvey.TakeAsync(store, cancel)).NamedKeys;
        // A job without records yet may be about to use any of them.
        if ((await LeaseSearch.FindLivingAsync(store, processes, cancel)).Count > 0) return;
        foreach (var text in candidates.Where(text => !named.Contains(text)))
        {
            if (!ChunkHash.TryParse(text, out var id) || await store.FindAsync(StoreNames.KeySet(id), cancel) is null || await store.FindAsync(StoreNames.KeptKeySet(id), cancel) is not null) continue;
            foreach (var entry in await store.ListAsync(StoreNames.KeySet(id), cancel))
                if (!entry.IsFolder && StorePath.IsPart(entry.Name)) await store.RemoveAsync(StoreNames.KeySet(id) / entry.Name, cancel);
            await RemoveFolderAsync(store, id, cancel);
        }
    }

    // The images are gone by now; a folder that holds what is not of the format must not make that look like a failure.
    private static async Task RemoveFolderAsync(IDeleteStore store, ChunkHash id, CancellationToken cancel)
    {
        try
        {
            await store.RemoveFolderAsync(StoreNames.KeySet(id), cancel);
            await store.FlushFolderAsync(StoreNames.Keys, cancel);
        }
        catch (StoreFault notEmpty) when (notEmpty.Problem == StoreProblem.Other)
        {
            await store.FlushFolderAsync(StoreNames.KeySet(id), cancel);
        }
    }

    /// <summary>The key id that an image names, finished, unfinished or deleted; null when it names none that can be read.</summary>
    internal static async Task<string?> FindAsync(IReadStore store, ImageId image, CancellationToken cancel)
    {
        try
        {
            foreach (var path in (StorePath[])[StoreNames.Manifest(image), StoreNames.Deleted(image)])
                if (await StoreBytes.TryReadAsync(store, path, ImageJson.MaxManifestBytes, cancel) is { } bytes) return ImageJson.ReadManifest(bytes, image).KeyId;
            return (await StoreSurvey.TryReadStateAsync(store, image, cancel))?.KeyId;
        }
        catch (CorruptFault)
        {
            // What it was encrypted to nobody knows any more; a key set too many does no harm.
            return null;
        }
    }
}
