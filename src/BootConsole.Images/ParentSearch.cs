// Finds the image that a differential or incremental one is made against.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>What a search for a parent found.</summary>
/// <param name="Parent">The image, unlocked; null when there is none to build on.</param>
/// <param name="Remarks">Why newer images were passed over, or why there is none, a sentence each.</param>
public sealed record ParentFound(ImageReader? Parent, IReadOnlyList<string> Remarks);

/// <summary>Searches parents (docs/format.md, "Kinds").</summary>
public static class ParentSearch
{
    /// <summary>Finds the newest finished image of the PC that has all the disks: a full one for a differential image, any baseline for an incremental one.</summary>
    /// <param name="store">The store.</param>
    /// <param name="pc">The PC's name.</param>
    /// <param name="kind">What is being made.</param>
    /// <param name="disks">Its disks.</param>
    /// <param name="keys">Its keys; null when it is not encrypted. Content is never shared between key sets.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public static async Task<ParentFound> FindAsync(IReadStore store, string pc, ImageKind kind, IReadOnlyList<StateDisk> disks, KeySet? keys, CancellationToken cancel)
    {
        List<string> remarks = [];
        var candidates = (await ImageList.ReadAsync(store, cancel)).Where(listing => listing.Id.Pc == pc).Reverse();
        foreach (var listing in candidates)
        {
            if (listing.State == "damaged") remarks.Add($"Image {listing.Id} is passed over: {listing.Reason}.");
            if (listing.Manifest is not { } manifest || !IsBaseline(manifest.Kind, kind)) continue;
            if (!disks.All(disk => manifest.Disks.Any(other => DiskMatch.IsSame(disk, other)))) continue;
            if (manifest.KeyId != keys?.Id.ToString())
            {
                remarks.Add($"Image {listing.Id} is passed over: it has {(manifest.KeyId is null ? "no encryption" : keys is null ? "encryption" : "another key set")}.");
                continue;
            }

            try
            {
                return new ParentFound(await OpenAsync(store, listing.Id, keys, cancel), remarks);
            }
            catch (Fault fault) when (fault is CorruptFault or RefusedFault or KeyFault)
            {
                remarks.Add($"Image {listing.Id} is passed over: {fault.Message}.");
            }
        }

        remarks.Add($"There is no {(kind == ImageKind.Differential ? "full image" : "image")} of {pc} with {(disks.Count == 1 ? "this disk" : "these disks")} to build on.");
        return new ParentFound(null, remarks);
    }

    /// <summary>Opens an image to build on: unlocked, its MAC right.</summary>
    public static async Task<ImageReader> OpenAsync(IReadStore store, ImageId id, KeySet? keys, CancellationToken cancel)
    {
        var image = await ImageReader.OpenAsync(store, id, cancel);
        if (keys is not null) await image.UnlockAsync(keys, needsMac: true, cancel);
        return image;
    }

    /// <summary>Adds every chunk of an image whose segment is in the store in its full length, and not known to be bad.</summary>
    public static async Task LearnAsync(IReadStore store, ImageReader image, KnownChunks known, Codec.IChunkTransform transform, Action moved, CancellationToken cancel)
    {
        var lengths = await SegmentLengths.ReadAsync(store, [image.Id.Text, .. image.Manifest.Foreign.Select(foreign => foreign.Image)], cancel);
        var bad = await BadSegments.ReadAsync(store, cancel);
        for (var disk = 0; disk < image.Manifest.Disks.Count; disk++)
        {
            for (var index = 0; index < image.Manifest.Disks[disk].Tables.Count; index++)
            {
                known.Add(await image.ReadTableAsync(disk, index, transform, cancel), segment => lengths.Has(segment) && !bad.Contains(segment));
                moved();
            }
        }
    }

    private static bool IsBaseline(ImageKind candidate, ImageKind wanted) =>
        wanted == ImageKind.Differential ? candidate == ImageKind.Full : candidate is ImageKind.Full or ImageKind.Differential or ImageKind.Incremental;
}
