// Removes images from stores, sealed ones too, by the rules of deletion: what others need stays.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Sealing;

namespace BootConsole.Server.Images;

/// <summary>What became of an image that was to go.</summary>
/// <param name="Image">The image.</param>
/// <param name="Refusal">Why it stays; empty when it went.</param>
/// <param name="FreedBytes">Bytes that were removed.</param>
/// <param name="KeptFiles">Files that other images need.</param>
internal sealed record ClearedImage(StoredImage Image, string Refusal, long FreedBytes, int KeptFiles);

/// <summary>Removes images.</summary>
internal sealed class ImageClearing(ServerImages server)
{
    /// <summary>Removes images of one or several PCs. Trouble in one store keeps no other from being cleared.</summary>
    internal async Task<IReadOnlyList<ClearedImage>> RunAsync(IReadOnlyList<StoredImage> images, string what, CancellationToken cancel)
    {
        List<ClearedImage> cleared = [];
        foreach (var store in images.GroupBy(image => image.Pc))
        {
            try
            {
                cleared.AddRange(await RunOneAsync(store.Key, [.. store], what, cancel));
            }
            catch (Exception trouble) when (trouble is Fault or SystemCallException)
            {
                cleared.AddRange(store.Select(image => new ClearedImage(image, PlainText.Of(trouble is Fault fault ? FaultSentence.Of(fault) : trouble.Message), 0, 0)));
            }

            await server.ScanAsync([server.Pc(store.Key)], ScanDepth.Everything, cancel);
        }

        return cleared;
    }

    private async Task<List<ClearedImage>> RunOneAsync(string pc, List<StoredImage> images, string what, CancellationToken cancel)
    {
        var byId = images.ToDictionary(image => ImageId.TryParse(image.Name, out var id) ? id : throw new RefusedFault("its name is no image's") { Which = image.Name });
        using var seals = new SealedFolders(server.Tree.Store(pc));
        foreach (var id in byId.Keys.Where(seals.IsFast)) seals.Lift(id);
        try
        {
            await using var store = server.OpenForDeleting(pc);
            var report = await new ImageRemoval(store, server.Processes).DeleteAllAsync([.. byId.Keys], cancel);
            foreach (var image in report.Images.Where(image => image.Refusal is null)) server.Catalogue.Change(what, $"{pc}/{image.Id}", _ => { });
            return [.. report.Images.Select(image => new ClearedImage(byId[image.Id], image.Refusal is { } refusal ? PlainText.Of(FaultSentence.Of(refusal)) : "", image.Result.FreedBytes, image.Result.KeptFiles))];
        }
        finally
        {
            // What stayed, because it is in use or others need it, is as fast as before.
            foreach (var (id, image) in byId)
                if (image.Sealed is not null) seals.Fasten(id);
        }
    }
}
