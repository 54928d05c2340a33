// Deletes images: what other images still need stays, and a cut at any moment leaves a store that reads (docs/format.md, "Deletion").
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>What a deletion did.</summary>
/// <param name="FreedBytes">Stored bytes that were removed.</param>
/// <param name="KeptFiles">Files of deleted images that other images still need.</param>
public sealed record RemovalResult(long FreedBytes, int KeptFiles);

/// <summary>Deletes images and clears unfinished ones away. Needs no keys.</summary>
public sealed class ImageRemoval(IDeleteStore store, IProcessTable processes)
{
    /// <summary>Deletes one image, finished or not, and sweeps what nothing refers to.</summary>
    /// <exception cref="RefusedFault">A living job works on it or on an image that needs it; nothing was removed.</exception>
    /// <exception cref="CorruptFault">Another image's manifest or state cannot be read, so that nobody knows what it needs; no segment was removed.</exception>
    public async Task<RemovalResult> DeleteAsync(ImageId id, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Manifest(id), cancel) is null) return await DeleteUnfinishedAsync(id, cancel);
        await store.RenameAsync(StoreNames.Manifest(id), StoreNames.Deleted(id), cancel);
        if (await FindUserAsync(id, cancel) is { } user)
        {
            await store.RenameAsync(StoreNames.Deleted(id), StoreNames.Manifest(id), CancellationToken.None);
            throw new RefusedFault("the image is in use") { Which = id.Text, Found = $"{user.Purpose} of {user.Image} by {user.Holder}", Remedy = "Try again when that job has ended." };
        }

        return await SweepAsync(cancel);
    }

    /// <summary>Removes every file of deleted images that no image and no unfinished image refers to.</summary>
    public async Task<RemovalResult> SweepAsync(CancellationToken cancel)
    {
        var survey = await SurveyAsync(cancel);
        long freed = 0;
        var kept = 0;
        foreach (var id in survey.Deleted)
        {
            var files = await ImageFolder.ListAsync(store, id, cancel);
            var isHeld = survey.HeldImages.Contains(id.Text);
            var needed = files.Content.Where(file => isHeld || survey.NeededFiles.Contains(file)).ToHashSet();
            foreach (var file in files.Content.Where(file => !needed.Contains(file)))
            {
                freed += (await store.FindAsync(file, cancel))?.Length ?? 0;
                await store.RemoveAsync(file, cancel);
            }

            kept += needed.Count;
            if (needed.Count == 0) await RemoveEmptyAsync(id, files, cancel);
        }

        return new RemovalResult(freed, kept);
    }

    private async Task<RemovalResult> DeleteUnfinishedAsync(ImageId id, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Image(id), cancel) is null)
            throw new RefusedFault("there is no such image in the store") { Which = id.Text, Remedy = "'bootconsole images' lists what is there." };
        if (await store.FindAsync(StoreNames.Deleted(id), cancel) is not null) return await SweepAsync(cancel);
        var living = await LeaseSearch.FindLivingAsync(store, processes, cancel);
        if (living.FirstOrDefault(lease => lease.Image == id) is { } owner)
            throw new RefusedFault("a job is making this image") { Which = id.Text, Found = owner.Holder, Remedy = "Cancel that job first; it clears the image away." };
        var files = await ImageFolder.ListAsync(store, id, cancel);
        long bytes = 0;
        foreach (var file in files.Content) bytes += (await store.FindAsync(file, cancel))?.Length ?? 0;
        await ImageFolder.RemoveUnfinishedAsync(store, id, cancel);
        return new RemovalResult(bytes, 0);
    }

    // A living job counts as a user when nobody can tell what it refers to (no state record yet), or when its records name the image.
    private async Task<FoundLease?> FindUserAsync(ImageId id, CancellationToken cancel)
    {
        foreach (var lease in await LeaseSearch.FindLivingAsync(store, processes, cancel))
        {
            if (lease.Image == id) return lease;
            if (await TryReadAsync(StoreNames.State(lease.Image), ImageJson.MaxRecordBytes, cancel) is { } state)
            {
                if (ImageJson.ReadState(state, lease.Image).RefersTo.Contains(id.Text)) return lease;
            }
            else if (await TryReadAsync(StoreNames.Manifest(lease.Image), ImageJson.MaxManifestBytes, cancel) is { } manifest)
            {
                if (ImageJson.ReadManifest(manifest, lease.Image).Foreign.Any(foreign => foreign.Image == id.Text)) return lease;
            }
            else
            {
                return lease;
            }
        }

        return null;
    }

    private async Task<StoreSurvey> SurveyAsync(CancellationToken cancel)
    {
        var survey = new StoreSurvey([], [], []);
        foreach (var entry in await store.ListAsync(StoreNames.Images, cancel))
        {
            if (!entry.IsFolder || !ImageId.TryParse(entry.Name, out var id)) continue;
            if (await TryReadAsync(StoreNames.Manifest(id), ImageJson.MaxManifestBytes, cancel) is { } manifest)
            {
                foreach (var foreign in ImageJson.ReadManifest(manifest, id).Foreign)
                    if (ImageId.TryParse(foreign.Image, out var source)) survey.NeededFiles.Add(StoreNames.Disk(source, foreign.Disk) / foreign.Name);
            }
            else if (await store.FindAsync(StoreNames.Deleted(id), cancel) is not null)
            {
                survey.Deleted.Add(id);
            }

            if (await TryReadAsync(StoreNames.State(id), ImageJson.MaxRecordBytes, cancel) is { } state)
                survey.HeldImages.UnionWith(ImageJson.ReadState(state, id).RefersTo);
        }

        return survey;
    }

    // deleted.json goes last: as long as it is there the folder's state is known, whatever is cut.
    private async Task RemoveEmptyAsync(ImageId id, ImageFiles files, CancellationToken cancel)
    {
        var deleted = StoreNames.Deleted(id);
        foreach (var file in files.Top.Where(file => file != deleted)) await store.RemoveAsync(file, cancel);
        foreach (var folder in files.Folders.SkipLast(1)) await store.RemoveFolderAsync(folder, cancel);
        await store.FlushFolderAsync(StoreNames.Image(id), cancel);
        await store.RemoveAsync(deleted, cancel);
        await store.RemoveFolderAsync(StoreNames.Image(id), cancel);
        await store.FlushFolderAsync(StoreNames.Images, cancel);
    }

    private async Task<byte[]?> TryReadAsync(StorePath path, int limit, CancellationToken cancel)
    {
        try
        {
            return await StoreBytes.ReadAsync(store, path, limit, cancel);
        }
        catch (StoreFault missing) when (missing.Problem == StoreProblem.Missing)
        {
            return null;
        }
    }

    /// <summary>What the records of a store say about need.</summary>
    /// <param name="Deleted">Images with a <c>deleted.json</c> and no manifest.</param>
    /// <param name="NeededFiles">Segments that manifests of other images name.</param>
    /// <param name="HeldImages">Images whose files an unfinished image may still refer to.</param>
    private sealed record StoreSurvey(List<ImageId> Deleted, HashSet<StorePath> NeededFiles, HashSet<string> HeldImages);
}
