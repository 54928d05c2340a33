// Brings the catalogue's table of images up to what lies in the stores. The manifests stay the truth.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Catalogue;
using BootConsole.Stores;
using BootConsole.Stores.Directories;

namespace BootConsole.Server.Images;

/// <summary>How much is looked at.</summary>
internal enum ScanDepth
{
    /// <summary>Stores whose folder of images changed, and images that were not finished. A thousand stores take milliseconds.</summary>
    Changes,

    /// <summary>Every image; manifests that have not changed are not read again.</summary>
    Everything,
}

/// <summary>What came of looking through one store.</summary>
/// <param name="Pc">The PC's name.</param>
/// <param name="Changed">How many images are not what they were, new and gone ones included.</param>
/// <param name="Trouble">What of it could not be read; empty when all could.</param>
internal sealed record ScannedStore(string Pc, int Changed, string Trouble);

/// <summary>Looks through stores.</summary>
/// <param name="tree">The server.</param>
/// <param name="catalogue">Its catalogue.</param>
/// <param name="clock">The server's clock.</param>
/// <param name="publishUse">Tells a PC how much it uses (its contract.json), and holds it to its space, when that changed.</param>
internal sealed class StoreScan(ServerTree tree, CatalogueFile catalogue, TimeProvider clock, Func<Pc, StoreUse, Task> publishUse)
{
    private const int NamesPerStore = 400_000;

    // One connection, one statement at a time.
    private readonly Lock _turn = new();

    /// <summary>How many stores are looked through at the same moment. More would only make the heads of a slow disk run.</summary>
    internal static int AtOnce { get; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Looks through the stores of PCs, a few at once. What cannot be read of one is its trouble and nobody else's.</summary>
    /// <returns>One entry for each PC that was looked at, in their order.</returns>
    internal async Task<IReadOnlyList<ScannedStore>> RunAsync(IReadOnlyList<Pc> pcs, ScanDepth depth, CancellationToken cancel)
    {
        var known = catalogue.Read(session => session.KnownStores());
        var scanned = new ScannedStore?[pcs.Count];
        await Parallel.ForAsync(0, pcs.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (index, end) => scanned[index] = await TryAsync(pcs[index], depth, known.GetValueOrDefault(pcs[index].Name), end));
        return [.. scanned.OfType<ScannedStore>()];
    }

    private async Task<ScannedStore?> TryAsync(Pc pc, ScanDepth depth, KnownStore? known, CancellationToken cancel)
    {
        try
        {
            return await ScanAsync(pc, depth, known, cancel);
        }
        catch (SystemCallException refusal)
        {
            return new ScannedStore(pc.Name, 0, $"{PlainText.Of(refusal.Path)}: {SystemCallException.Describe(refusal.Error)}");
        }
        catch (Fault refusal) when (refusal is StoreFault or HostFault)
        {
            return new ScannedStore(pc.Name, 0, PlainText.Of(FaultSentence.Of(refusal)));
        }
    }

    private async Task<ScannedStore?> ScanAsync(Pc pc, ScanDepth depth, KnownStore? known, CancellationToken cancel)
    {
        using var stores = LinuxFolder.Open(tree.Stores);
        if (stores.Find(pc.Name) is null) return known is null ? null : Unseen(pc, "its store is not there");
        using var top = stores.OpenFolder(pc.Name);
        var entry = top.Find(StoreNames.Images.Name);
        if (entry is { Kind: not EntryKind.Folder }) return Unseen(pc, "a link, pipe or device stands where the folder images should be");
        var now = clock.GetUtcNow();
        // Taken before the folder is listed; and what changed a moment ago may change again within the same tick.
        var stamp = entry is null || (now - entry.Changed).Duration() < TimeSpan.FromSeconds(2) ? "" : entry.Stamp;
        var isListed = depth == ScanDepth.Everything || stamp.Length == 0 || stamp != known?.Stamp;
        if (!isListed && !known!.HasOpen) return null;
        var remembered = Remembered(pc, isListed);
        List<StoredImage> found = entry is null ? [] : await LookAsync(pc, top, depth, isListed, remembered, now, cancel);
        var changed = found.Where(image => !ReferenceEquals(image, remembered.GetValueOrDefault(image.Name)) && image != remembered.GetValueOrDefault(image.Name)).ToList();
        var gone = isListed ? remembered.Keys.Except(found.Select(image => image.Name)).ToList() : [];
        await RememberAsync(pc, stamp, changed, gone, now, known);
        return new ScannedStore(pc.Name, changed.Count + gone.Count, "");
    }

    private async Task<List<StoredImage>> LookAsync(Pc pc, LinuxFolder top, ScanDepth depth, bool isListed, Dictionary<string, StoredImage> remembered, DateTimeOffset now, CancellationToken cancel)
    {
        using var images = top.OpenFolder(StoreNames.Images.Name);
        await using var store = DirectoryStore.Open(tree.Store(pc.Name), StoreAccess.Read);
        var look = new ImageLook(pc.Name, store, images, now);
        var names = isListed ? images.List(NamesPerStore) : [.. remembered.Values.Select(image => images.Find(image.Name)).OfType<FolderEntry>()];
        List<StoredImage> found = [];
        foreach (var entry in names)
        {
            if (!ImageId.TryParse(entry.Name, out var id)) continue;
            var known = remembered.GetValueOrDefault(entry.Name);
            found.Add(depth == ScanDepth.Changes && known is { State: "finished", Stamp.Length: > 0 } ? known : await look.RunAsync(id, entry, known, cancel));
        }

        return found;
    }

    private async Task RememberAsync(Pc pc, string stamp, List<StoredImage> changed, List<string> gone, DateTimeOffset now, KnownStore? known)
    {
        var isNews = changed.Count + gone.Count > 0 || known is null;
        // A list looks through all stores: what it found as it was is not written again.
        if (!isNews && (stamp.Length == 0 || stamp == known!.Stamp)) return;
        var use = new StoreUse(0, 0, null);
        lock (_turn)
        {
            catalogue.Remember(session =>
            {
                foreach (var image in changed) session.RememberImage(image);
                foreach (var name in gone) session.ForgetImage(pc.Name, name);
                session.RememberScan(pc.Id, stamp, now);
                use = session.UseOf(pc.Id);
            });
        }

        if (isNews) await publishUse(pc, use);
    }

    private Dictionary<string, StoredImage> Remembered(Pc pc, bool isListed)
    {
        lock (_turn) return catalogue.Read(session => isListed ? session.StoredImages(pc.Name) : session.OpenImages(pc.Name)).ToDictionary(image => image.Name);
    }

    // What cannot be seen now may be seen again: nothing is forgotten.
    private static ScannedStore Unseen(Pc pc, string trouble) => new(pc.Name, 0, trouble);
}
