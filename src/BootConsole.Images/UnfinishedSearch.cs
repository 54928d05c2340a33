// Finds the unfinished image that a backup goes on with.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>Searches unfinished images.</summary>
public static class UnfinishedSearch
{
    /// <summary>Finds the newest unfinished image of the same PC, name, disks, pad value and key set that nobody works on.</summary>
    /// <param name="store">The store.</param>
    /// <param name="processes">Tells whose lease is dead.</param>
    /// <param name="draft">What is to be made; its id tells PC and name.</param>
    /// <param name="kinds">Kinds that will do.</param>
    /// <param name="only">The one image that will do; null for any.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <returns>Null when there is none.</returns>
    public static async Task<StateRecord?> FindAsync(IDeleteStore store, IProcessTable processes, ImageDraft draft, IReadOnlyList<ImageKind> kinds, ImageId? only, CancellationToken cancel)
    {
        var fitting = (await ImageList.ReadAsync(store, cancel)).Where(listing => listing.Record is { } record && (only is null || listing.Id == only) && Fits(listing.Id, record, draft, kinds)).ToList();
        if (fitting.Count == 0) return null;
        var living = (await LeaseSearch.FindLivingAsync(store, processes, cancel)).Select(lease => lease.Image).ToHashSet();
        return fitting.LastOrDefault(listing => !living.Contains(listing.Id))?.Record;
    }

    private static bool Fits(ImageId id, StateRecord record, ImageDraft draft, IReadOnlyList<ImageKind> kinds) =>
        id.Pc == draft.Id.Pc && id.Name == draft.Id.Name && kinds.Contains(record.Kind) && record.Pad == draft.Pad && record.KeyId == draft.Keys?.Id.ToString()
        && record.Disks.Count == draft.Disks.Count && record.Disks.Zip(draft.Disks).All(pair => Fits(pair.First, pair.Second));

    private static bool Fits(StateDisk found, StateDisk wanted) =>
        DiskMatch.IsSame(found, wanted) && found.Size == wanted.Size && found.SectorBytes == wanted.SectorBytes && new ChunkGrid(found.Size, found.ChunkBytes).IsValid;
}
