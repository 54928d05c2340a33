// After every step of a model run: is the store exactly what the model says, and does all of it read?
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Jobs.Tests.Model;

/// <summary>Holds a store against a model. Reads only.</summary>
/// <param name="room">The surroundings.</param>
/// <param name="images">The finished images.</param>
/// <param name="deleted">Images that were removed.</param>
internal sealed class ModelCheck(JobRoom room, IReadOnlyDictionary<ImageId, ModelImage> images, IReadOnlySet<ImageId> deleted)
{
    /// <summary>Checks the list, every file and every byte of every image; one image is verified, too.</summary>
    /// <param name="choice">Draws that image.</param>
    internal async Task RunAsync(int choice)
    {
        var listings = await ImageList.ReadAsync(room.Store, default);
        foreach (var listing in listings)
        {
            if (listing.State == "damaged") throw new InvalidOperationException($"{listing.Id} is damaged: {listing.Reason}");
            if (listing.State == "done" != images.ContainsKey(listing.Id)) throw new InvalidOperationException($"{listing.Id} is {listing.State}, and the model {(images.ContainsKey(listing.Id) ? "has it" : "does not know it")}");
        }

        foreach (var id in images.Keys.Except(listings.Select(listing => listing.Id))) throw new InvalidOperationException($"{id} is not listed");
        foreach (var id in deleted)
            if (listings.Any(listing => listing.Id == id) || room.Medium.Files().Contains(StoreNames.Manifest(id))) throw new InvalidOperationException($"{id} was deleted and is still there");
        var number = 0;
        foreach (var (id, image) in images) await CheckAsync(id, image, verifies: number++ == choice % images.Count, isKeyless: choice % 2 == 0);
    }

    private async Task CheckAsync(ImageId id, ModelImage image, bool verifies, bool isKeyless)
    {
        room.Keys = image.Keys;
        var opened = await room.OpenAsync(id);
        if (opened.Manifest.KeyId != image.Keys?.Id.ToString()) throw new InvalidOperationException($"{id} has another key set");
        if (image.Keys is not null && (await KeyWraps.ListAsync(room.Store, image.Keys.Id, default)).Count == 0) throw new InvalidOperationException($"the key set of {id} is gone");
        foreach (var (path, length, _) in opened.AllFiles())
            if (await room.Store.FindAsync(path, default) is not { } file || file.Length != length) throw new InvalidOperationException($"{id} needs {path}, which is missing");
        if (opened.Manifest.Disks.Count != image.Disks.Count) throw new InvalidOperationException($"{id} has {opened.Manifest.Disks.Count} disks");
        for (var disk = 0; disk < image.Disks.Count; disk++)
            if (!(await room.ReadAsync(id, disk)).AsSpan().SequenceEqual(image.Disks[disk].Bytes)) throw new InvalidOperationException($"disk {disk} of {id} is not what it was at its moment");
        if (!verifies) return;
        if (isKeyless) await room.VerifyKeylessAsync(id);
        else await room.VerifyAsync(id);
    }
}
