// Deletes images: what other images still need stays, and a cut at any moment leaves a store that reads (docs/format.md, "Deletion").
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>What a deletion did.</summary>
/// <param name="FreedBytes">Stored bytes that were removed.</param>
/// <param name="KeptFiles">Files of deleted images that other images or jobs still need, or that are not of the format.</param>
public sealed record RemovalResult(long FreedBytes, int KeptFiles);

/// <summary>What became of one of several images.</summary>
/// <param name="Id">The image.</param>
/// <param name="Refusal">Why it was not deleted; null when it was.</param>
/// <param name="Result">What was removed of it, and what others still need of it.</param>
public sealed record ImageRemoved(ImageId Id, RefusedFault? Refusal, RemovalResult Result);

/// <summary>What the deletion of several images did.</summary>
/// <param name="Images">One entry an image, in the order they were named.</param>
/// <param name="Total">All of it, with what earlier deletions had left.</param>
public sealed record RemovalReport(IReadOnlyList<ImageRemoved> Images, RemovalResult Total);

/// <summary>Deletes images and clears unfinished ones away. Needs no keys.</summary>
public sealed class ImageRemoval(IDeleteStore store, IProcessTable processes)
{
    private static readonly RemovalResult Nothing = new(0, 0);

    /// <summary>Deletes one image, finished or not, and sweeps what nothing refers to.</summary>
    /// <exception cref="RefusedFault">A living job works on it or on an image that needs it; nothing was removed.</exception>
    /// <exception cref="CorruptFault">Another image's manifest or state cannot be read, so that nobody knows what it needs; no segment was removed.</exception>
    public async Task<RemovalResult> DeleteAsync(ImageId id, CancellationToken cancel) => await TakeAwayAsync(id, cancel) ?? Sum(await SweepEachAsync(cancel));

    /// <summary>Deletes several images and sweeps once, not once for each. One that is refused stays and keeps no other from being deleted.</summary>
    /// <exception cref="CorruptFault">As of <see cref="DeleteAsync"/>; images may be deleted then and their files still be there, for the next sweep.</exception>
    public async Task<RemovalReport> DeleteAllAsync(IReadOnlyList<ImageId> ids, CancellationToken cancel)
    {
        List<ImageRemoved> images = [];
        var isMarked = false;
        foreach (var id in ids.Distinct())
        {
            try
            {
                var unfinished = await TakeAwayAsync(id, cancel);
                isMarked |= unfinished is null;
                images.Add(new ImageRemoved(id, null, unfinished ?? Nothing));
            }
            catch (RefusedFault refusal)
            {
                images.Add(new ImageRemoved(id, refusal, Nothing));
            }
        }

        var swept = isMarked ? await SweepEachAsync(cancel) : [];
        var total = Sum(images.ToDictionary(image => image.Id, image => image.Result).Concat(swept));
        return new RemovalReport([.. images.Select(image => swept.TryGetValue(image.Id, out var result) && image.Refusal is null ? image with { Result = result } : image)], total);
    }

    /// <summary>Removes every file of deleted images that no image, no unfinished image and no living job refers to.</summary>
    public async Task<RemovalResult> SweepAsync(CancellationToken cancel) => Sum(await SweepEachAsync(cancel));

    // Null: the image is marked as deleted, and the sweep that must follow removes it.
    private async Task<RemovalResult?> TakeAwayAsync(ImageId id, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Manifest(id), cancel) is not null) await store.RenameAsync(StoreNames.Manifest(id), StoreNames.Deleted(id), cancel);
        else if (await store.FindAsync(StoreNames.Deleted(id), cancel) is null) return await DeleteUnfinishedAsync(id, cancel);
        // Also for a deletion that was cut off: who uses the image was perhaps never asked.
        try
        {
            if (await FindUserAsync(id, cancel) is { } user)
                throw new RefusedFault("the image is in use") { Which = id.Text, Found = $"{user.Purpose} of {user.Image} by {user.Holder}", Remedy = "Try again when that job has ended." };
        }
        catch
        {
            await UndoAsync(id);
            throw;
        }

        return null;
    }

    private async Task<Dictionary<ImageId, RemovalResult>> SweepEachAsync(CancellationToken cancel)
    {
        var living = await LeaseSearch.FindLivingAsync(store, processes, cancel);
        var survey = await StoreSurvey.TakeAsync(store, cancel);
        // A job whose image has no records yet may have read the manifest of one that is deleted by now, or still be restoring it.
        var isUnclear = living.Any(lease => !survey.KnownImages.Contains(lease.Image.Text));
        Dictionary<ImageId, RemovalResult> results = [];
        HashSet<string> keys = [];
        foreach (var id in survey.Deleted)
        {
            if (await KeySetRemoval.FindAsync(store, id, cancel) is { } keyId) keys.Add(keyId);
            long freed = 0;
            var files = await ImageFolder.ListAsync(store, id, cancel);
            var isHeld = isUnclear || survey.HeldImages.Contains(id.Text);
            var needed = files.Content.Where(file => isHeld || survey.NeededFiles.Contains(file)).ToHashSet();
            // A deletion that was cut off may have left its rename unflushed: in a power cut the image would come back, without what is removed here.
            await store.FlushFolderAsync(StoreNames.Image(id), cancel);
            foreach (var file in files.Content.Where(file => !needed.Contains(file)))
            {
                freed += (await store.FindAsync(file, cancel))?.Length ?? 0;
                await store.RemoveAsync(file, cancel);
            }

            var isForeign = needed.Count == 0 && !isHeld && !await TryRemoveRestAsync(id, files, cancel);
            results[id] = new RemovalResult(freed, needed.Count + (isForeign ? 1 : 0));
        }

        await SweepBareAsync(survey.Unrecorded, cancel);
        await KeySetRemoval.SweepAsync(store, processes, keys, cancel);
        return results;
    }

    // A job takes its lease before it makes its folder: leases that are looked for now name every folder that was seen before.
    private async Task SweepBareAsync(IReadOnlyCollection<ImageId> ids, CancellationToken cancel)
    {
        List<ImageId> bare = [];
        foreach (var id in ids)
            if (await ImageFolder.IsBareAsync(store, id, cancel)) bare.Add(id);
        if (bare.Count == 0) return;
        var living = (await LeaseSearch.FindLivingAsync(store, processes, cancel)).Select(lease => lease.Image).ToHashSet();
        foreach (var id in bare.Where(id => !living.Contains(id))) await ImageFolder.RemoveBareAsync(store, id, cancel);
    }

    private static RemovalResult Sum(IEnumerable<KeyValuePair<ImageId, RemovalResult>> results) =>
        results.Aggregate(Nothing, (sum, next) => new RemovalResult(sum.FreedBytes + next.Value.FreedBytes, sum.KeptFiles + next.Value.KeptFiles));

    private async Task<RemovalResult?> DeleteUnfinishedAsync(ImageId id, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Image(id), cancel) is null)
            throw new RefusedFault("there is no such image in the store") { Which = id.Text, Remedy = "'bootconsole images' lists what is there." };
        var living = await LeaseSearch.FindLivingAsync(store, processes, cancel);
        if (living.FirstOrDefault(lease => lease.Image == id) is { } owner)
            throw new RefusedFault("a job is making this image") { Which = id.Text, Found = owner.Holder, Remedy = "Cancel that job first; it clears the image away." };
        // Its job may have finished it since the first look; now that nobody holds it, nobody will.
        if (await store.FindAsync(StoreNames.Manifest(id), cancel) is not null) return await TakeAwayAsync(id, cancel);
        var files = await ImageFolder.ListAsync(store, id, cancel);
        long bytes = 0;
        foreach (var file in files.Content) bytes += (await store.FindAsync(file, cancel))?.Length ?? 0;
        var keyId = await KeySetRemoval.FindAsync(store, id, cancel);
        await ImageFolder.RemoveUnfinishedAsync(store, id, cancel);
        await KeySetRemoval.SweepAsync(store, processes, keyId is null ? [] : [keyId], cancel);
        return new RemovalResult(bytes, 0);
    }

    // A living job counts as a user when nobody can tell what it refers to (no state record yet), or when its records name the image.
    private async Task<FoundLease?> FindUserAsync(ImageId id, CancellationToken cancel)
    {
        foreach (var lease in await LeaseSearch.FindLivingAsync(store, processes, cancel))
        {
            if (lease.Image == id) return lease;
            if (await StoreSurvey.TryReadStateAsync(store, lease.Image, cancel) is { } state)
            {
                if (state.RefersTo.Contains(id.Text)) return lease;
            }
            else if (await StoreSurvey.TryReadManifestAsync(store, lease.Image, cancel) is { } manifest)
            {
                if (manifest.Foreign.Any(foreign => foreign.Image == id.Text)) return lease;
            }
            else
            {
                return lease;
            }
        }

        return null;
    }

    private async Task UndoAsync(ImageId id)
    {
        try
        {
            await store.RenameAsync(StoreNames.Deleted(id), StoreNames.Manifest(id), CancellationToken.None);
        }
        catch (Fault)
        {
            // Out of reach: the image is deleted, nothing of it is removed, and the next deletion asks again.
        }
    }

    // deleted.json goes last. A folder with what is not of the format keeps it and must not keep others from being cleared.
    private async Task<bool> TryRemoveRestAsync(ImageId id, ImageFiles files, CancellationToken cancel)
    {
        try
        {
            await BadSegments.ForgetAsync(store, id, cancel);
            await ImageFolder.RemoveRestAsync(store, id, files, [StoreNames.Deleted(id)], cancel);
            return true;
        }
        catch (StoreFault notEmpty) when (notEmpty.Problem == StoreProblem.Other)
        {
            return false;
        }
    }
}
