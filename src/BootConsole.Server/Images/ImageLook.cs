// What one image in a store is, for the catalogue. Everything in the store was written by a PC that may be hostile.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Stores;
using BootConsole.Stores;

namespace BootConsole.Server.Images;

/// <summary>Looks at images of one PC's store.</summary>
/// <param name="pc">The PC's name.</param>
/// <param name="store">Its store, which follows no links and opens no pipes.</param>
/// <param name="images">The folder of its images.</param>
/// <param name="now">The server's time.</param>
internal sealed class ImageLook(string pc, IReadStore store, LinuxFolder images, DateTimeOffset now)
{
    private const string NoFolder = "a link, pipe or device stands where its folder should be";
    private const string NoManifest = "a link, pipe or device stands where image.json should be";
    // image / disk-0 / tables: deeper there is nothing of the format.
    private const int Depth = 3;
    private static readonly TimeSpan Racy = TimeSpan.FromSeconds(2);

    /// <summary>Looks at one image.</summary>
    /// <param name="id">The image.</param>
    /// <param name="entry">What stands under its name.</param>
    /// <param name="known">What is remembered of it; null for nothing.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <returns>What is to be remembered: the same object when nothing changed.</returns>
    internal async Task<StoredImage> RunAsync(ImageId id, FolderEntry entry, StoredImage? known, CancellationToken cancel)
    {
        if (entry.Kind != EntryKind.Folder) return Damaged(id, known, NoFolder, "", 0);
        long bytes = 0;
        var stamp = "";
        try
        {
            using var folder = images.OpenFolder(id.Text);
            var manifest = folder.Find(StoreNames.Manifest(id).Name);
            stamp = manifest is null ? "" : StampOf(manifest, folder.Find("."));
            if (stamp.Length > 0 && stamp == known?.Stamp) return known;
            bytes = FolderSum.Of(folder, Depth, _ => true).Bytes;
            if (manifest is { Kind: not EntryKind.File }) return Damaged(id, known, NoManifest, "", bytes);
            return Finished(await ImageReader.OpenAsync(store, id, cancel), known, stamp, bytes);
        }
        catch (RefusedFault)
        {
            return await UnfinishedAsync(id, known, bytes, cancel);
        }
        catch (Fault damage) when (damage is CorruptFault or StoreFault)
        {
            return Damaged(id, known, PlainText.Of($"{damage.Message} {damage.Found}".Trim()), stamp, bytes);
        }
        catch (SystemCallException refusal)
        {
            return Damaged(id, known, $"it cannot be read: {SystemCallException.Describe(refusal.Error)}", "", bytes);
        }
    }

    // What changed a moment ago may change again within the same tick of the file system's clock.
    private string StampOf(FolderEntry manifest, FolderEntry? folder) =>
        folder is null || IsRacy(manifest) || IsRacy(folder) ? "" : $"{manifest.Stamp} {folder.Stamp}";

    private bool IsRacy(FolderEntry entry) => (now - entry.Changed).Duration() < Racy;

    private StoredImage Finished(ImageReader image, StoredImage? known, string stamp, long bytes)
    {
        var hash = image.ManifestHash.ToString();
        // Another manifest under an old name is another image: nothing of what was found out about the old one holds.
        var same = known?.Manifest == hash ? known : null;
        // That files are damaged was found by reading them; only reading them again can find the contrary.
        var isDamaged = same?.State == "damaged";
        return new StoredImage
        {
            Pc = pc,
            Name = image.Id.Text,
            State = isDamaged ? "damaged" : "finished",
            Reason = isDamaged ? same!.Reason : "",
            Kind = Word(image.Manifest.Kind),
            Parent = image.Manifest.Parent ?? "",
            Taken = image.Id.Time,
            Seen = same?.Seen ?? now,
            StoredBytes = bytes,
            DiskBytes = image.Manifest.Disks.Sum(disk => disk.Size),
            Manifest = hash,
            Stamp = stamp,
            Sealed = same?.Sealed,
            Verified = same?.Verified,
        };
    }

    private async Task<StoredImage> UnfinishedAsync(ImageId id, StoredImage? known, long bytes, CancellationToken cancel)
    {
        var listing = await ImageList.ReadOneAsync(store, id, cancel);
        // What was known of a finished image stays: a deletion that is refused gives it back.
        if (listing is null) return Open(id, known, bytes) with { State = "deleted", Manifest = known?.Manifest ?? "", Verified = known?.Verified, Sealed = known?.Sealed, Seen = known?.Seen ?? now };
        if (listing.State == "damaged") return Damaged(id, known, PlainText.Of(listing.Reason), "", bytes);
        return Open(id, known, bytes) with
        {
            Kind = listing.Record is { } record ? Word(record.Kind) : "",
            Parent = listing.Record?.Parent ?? "",
            DiskBytes = listing.Record?.Disks.Aggregate(0L, (sum, disk) => sum + Math.Clamp(disk.Size, 0, long.MaxValue / 2 - sum)) ?? 0,
        };
    }

    private StoredImage Open(ImageId id, StoredImage? known, long bytes) => new()
    {
        Pc = pc,
        Name = id.Text,
        State = "unfinished",
        Kind = known?.Kind ?? "",
        Parent = known?.Parent ?? "",
        Taken = id.Time,
        Seen = known?.State == "unfinished" ? known.Seen : now,
        StoredBytes = bytes,
        DiskBytes = known?.DiskBytes ?? 0,
        Manifest = "",
    };

    private StoredImage Damaged(ImageId id, StoredImage? known, string reason, string stamp, long bytes) =>
        Open(id, known, bytes) with { State = "damaged", Reason = reason, Stamp = stamp, Manifest = known?.Manifest ?? "", Seen = known?.Seen ?? now, Sealed = known?.Sealed };

    private static string Word(ImageKind kind) => kind.ToString().ToLowerInvariant();
}
