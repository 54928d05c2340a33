// What the records of a store say about need: which files may not be removed.
using System.Collections.Concurrent;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>All manifests and state records of a store, looked through once.</summary>
internal sealed class StoreSurvey
{
    private const int ConcurrentReads = 16;

    private readonly ConcurrentDictionary<StorePath, bool> _needed = new();
    private readonly ConcurrentDictionary<string, bool> _held = new(), _known = new(), _keys = new();
    private readonly ConcurrentBag<ImageId> _deleted = [], _unrecorded = [];

    private StoreSurvey() { }

    /// <summary>Images with a <c>deleted.json</c> and no manifest, in order of their ids.</summary>
    internal IReadOnlyList<ImageId> Deleted { get; private set; } = [];

    /// <summary>Folders of images without a manifest, a state record or a <c>deleted.json</c>.</summary>
    internal IReadOnlyCollection<ImageId> Unrecorded => _unrecorded;

    /// <summary>Segments that manifests of other images name.</summary>
    internal IReadOnlySet<StorePath> NeededFiles { get; private set; } = new HashSet<StorePath>();

    /// <summary>Images whose files an unfinished image may still refer to.</summary>
    internal IReadOnlySet<string> HeldImages { get; private set; } = new HashSet<string>();

    /// <summary>Key ids that any image names, deleted ones included as long as something of them is there.</summary>
    internal IReadOnlySet<string> NamedKeys { get; private set; } = new HashSet<string>();

    /// <summary>Images that have a manifest, or a state record and no <c>deleted.json</c>: what they refer to is known.</summary>
    internal IReadOnlySet<string> KnownImages { get; private set; } = new HashSet<string>();

    /// <summary>Reads every record of the store.</summary>
    /// <exception cref="CorruptFault">One cannot be read: nobody knows what it needs.</exception>
    internal static async Task<StoreSurvey> TakeAsync(IReadStore store, CancellationToken cancel)
    {
        var survey = new StoreSurvey();
        if (await store.FindAsync(StoreNames.Images, cancel) is null) return survey;
        var ids = new List<ImageId>();
        foreach (var entry in await store.ListAsync(StoreNames.Images, cancel))
            if (entry.IsFolder && ImageId.TryParse(entry.Name, out var id)) ids.Add(id);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentReads, CancellationToken = cancel };
        await Parallel.ForEachAsync(ids, options, async (id, token) => await survey.AddAsync(store, id, token));
        survey.Deleted = [.. survey._deleted.OrderBy(id => id.Text, StringComparer.Ordinal)];
        (survey.NeededFiles, survey.HeldImages, survey.KnownImages) = (survey._needed.Keys.ToHashSet(), survey._held.Keys.ToHashSet(), survey._known.Keys.ToHashSet());
        survey.NamedKeys = survey._keys.Keys.ToHashSet();
        return survey;
    }

    /// <summary>Reads a manifest, held against its checksum: a name that changed by a bit would leave a needed segment unnamed.</summary>
    /// <returns>Null when there is none.</returns>
    internal static async Task<Manifest?> TryReadManifestAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        try
        {
            return (await ImageReader.OpenAsync(store, id, cancel)).Manifest;
        }
        catch (RefusedFault)
        {
            return null;
        }
    }

    /// <summary>Reads a state record.</summary>
    /// <returns>Null when there is none.</returns>
    internal static async Task<StateRecord?> TryReadStateAsync(IReadStore store, ImageId id, CancellationToken cancel) =>
        await StoreBytes.TryReadAsync(store, StoreNames.State(id), ImageJson.MaxRecordBytes, cancel) is { } bytes ? ImageJson.ReadState(bytes, id) : null;

    private async Task AddAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        // The state record first: a job that commits meanwhile publishes its manifest before it removes the record, so one of the two is seen.
        var state = await StoreBytes.TryReadAsync(store, StoreNames.State(id), ImageJson.MaxRecordBytes, cancel);
        var manifest = await TryReadManifestAsync(store, id, cancel);
        var isDeleted = manifest is null && await store.FindAsync(StoreNames.Deleted(id), cancel) is not null;
        // A deletion that was refused meanwhile has renamed the manifest and renamed it back.
        if (manifest is null && !isDeleted) manifest = await TryReadManifestAsync(store, id, cancel);
        if (manifest is not null)
        {
            // A record beside a manifest is a leftover: what the image needs, its manifest says.
            _known[id.Text] = true;
            if (manifest.KeyId is not null) _keys[manifest.KeyId] = true;
            foreach (var foreign in manifest.Foreign)
                if (ImageId.TryParse(foreign.Image, out var source)) _needed[StoreNames.Disk(source, foreign.Disk) / foreign.Name] = true;
        }
        else if (isDeleted)
        {
            // So is one beside deleted.json, and it holds nothing. Nor is the image known: a job that still has a lease of it may be about to get it back.
            _deleted.Add(id);
            if (await KeySetRemoval.FindAsync(store, id, cancel) is { } keyId) _keys[keyId] = true;
        }
        else if (state is not null)
        {
            _known[id.Text] = true;
            var record = ImageJson.ReadState(state, id);
            if (record.KeyId is not null) _keys[record.KeyId] = true;
            foreach (var image in record.RefersTo) _held[image] = true;
        }
        else
        {
            _unrecorded.Add(id);
        }
    }
}
