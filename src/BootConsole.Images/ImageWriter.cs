// Makes one image in a store: lease, state record, disks, and at the very end the manifest that commits it.
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>An image being made. Until <see cref="CommitAsync"/> returns there is no image, only an unfinished one.</summary>
public sealed class ImageWriter : IAsyncDisposable
{
    /// <summary>How long the former owner of an image gets to notice that he lost it, where nobody can tell whether he still works.</summary>
    public static readonly TimeSpan TakeOverWait = TimeSpan.FromSeconds(60);

    private readonly IDeleteStore _store;
    private readonly Lease _lease;
    private readonly ImageDraft _draft;
    private readonly StateRecord _state;
    private readonly Dictionary<int, DiskImageWriter> _disks = [];
    private ChunkHash _wraps;
    private bool _mayHaveCopies;

    private ImageWriter(IDeleteStore store, Lease lease, ImageDraft draft, StateRecord state) => (_store, _lease, _draft, _state) = (store, lease, draft, state);

    /// <summary>The image's id.</summary>
    public ImageId Id => _draft.Id;

    /// <summary>The parameters it is made with.</summary>
    public ImageDraft Draft => _draft;

    /// <summary>When the image was begun, by the clock of the PC then.</summary>
    public DateTimeOffset Created => _state.Created;

    /// <summary>True when an earlier job began it.</summary>
    public bool IsResumed { get; private init; }

    /// <summary>The store's clock minus this machine's when the job began.</summary>
    public TimeSpan StoreClockAhead => _lease.StoreClockAhead;

    /// <summary>Begins an image: publishes a lease, then the state record.</summary>
    /// <param name="store">The store.</param>
    /// <param name="draft">What it is going to be.</param>
    /// <param name="job">This process.</param>
    /// <param name="clock">For lease and times.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="RefusedFault">Another job has an image of this id, or there are more disks than an image can have.</exception>
    /// <exception cref="KeyFault">The key set is not in the store.</exception>
    public static async Task<ImageWriter> BeginAsync(IDeleteStore store, ImageDraft draft, JobIdentity job, TimeProvider clock, CancellationToken cancel)
    {
        if (draft.Disks.Count > Manifest.MaxDisks) throw new RefusedFault("an image cannot have so many disks") { Expected = $"at most {Manifest.MaxDisks}", Found = $"{draft.Disks.Count}" };
        var id = draft.Id;
        var lease = await Lease.TakeAsync(store, id, "backup", job, clock, cancel);
        var image = new ImageWriter(store, lease, draft, Describe(draft, lease.Token, clock.GetUtcNow()));
        try
        {
            await store.CreateFolderAsync(StoreNames.Image(id), cancel);
            await image.PublishStateAsync(cancel);
            // Looked for when the record is up: a job of the same id publishes its manifest before its own record goes. A PC whose clock starts anew at each
            // boot may make an id twice, and what is left of a deleted image must not be mixed with a new one.
            foreach (var name in (StorePath[])[StoreNames.Manifest(id), StoreNames.Deleted(id)])
                if (await store.FindAsync(name, cancel) is not null) throw Taken(id);
            await image.ReadWrapsAsync(cancel);
            return image;
        }
        catch
        {
            await image.TryUnbeginAsync();
            await lease.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes over an image that an earlier job left unfinished.</summary>
    /// <param name="store">The store.</param>
    /// <param name="draft">Its parameters, equal to those of its record.</param>
    /// <param name="found">Its record as it was found.</param>
    /// <param name="processes">Tells whether the former owner is gone.</param>
    /// <param name="clock">For lease and times.</param>
    /// <param name="waiting">Told how long the former owner is waited for.</param>
    /// <param name="cancel">Ends the attempt; the record then stays this job's, and the image unfinished.</param>
    /// <exception cref="RefusedFault">Another job works on it, has finished or removed it.</exception>
    public static async Task<ImageWriter> ResumeAsync(
        IDeleteStore store, ImageDraft draft, StateRecord found, IProcessTable processes, TimeProvider clock, Action<TimeSpan> waiting, CancellationToken cancel)
    {
        var id = draft.Id;
        var lease = await Lease.TakeAsync(store, id, "backup", processes.Self, clock, cancel);
        try
        {
            var others = (await LeaseSearch.FindAllAsync(store, processes, cancel)).Where(other => other.Image == id && other.Token != lease.Token).ToList();
            if (others.FirstOrDefault(other => other.IsLiving) is { } owner)
                throw new RefusedFault("another job makes this image") { Which = id.Text, Found = owner.Holder, Remedy = "Wait for it, or cancel it." };
            var image = new ImageWriter(store, lease, draft, found with { State = JobState.Running, Token = lease.Token, Reason = "" }) { IsResumed = true };
            await store.ReplaceAsync(StoreNames.State(id), ImageJson.Write(image._state), cancel);
            if (others.Any(other => !other.IsGone))
            {
                waiting(TakeOverWait);
                await Task.Delay(TakeOverWait, clock, cancel);
            }

            foreach (var dead in others) await StoreBytes.TryRemoveAsync(store, StoreNames.Leases / $"{dead.Image}.{dead.Token}");
            await image.CheckOwnershipAsync(cancel);
            foreach (var name in (StorePath[])[StoreNames.Manifest(id), StoreNames.Deleted(id)])
                if (await store.FindAsync(name, cancel) is not null) throw Taken(id);
            await ImageFolder.RemovePartsAsync(store, id, draft.Disks.Count, cancel);
            await image.ReadWrapsAsync(cancel);
            return image;
        }
        catch
        {
            await lease.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens one disk for writing. Of an image that is resumed, what an earlier job published is taken as done.</summary>
    /// <param name="disk">Disk number, 0 and up.</param>
    /// <param name="grid">How it is cut.</param>
    /// <param name="segmentBytes">Stored bytes at which a segment is closed; asked for each segment.</param>
    /// <param name="tableTransform">Compresses tables; stays the caller's.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <param name="known">Told what the segments of a resumed image hold; null when nothing is looked up.</param>
    public async Task<DiskImageWriter> OpenDiskAsync(int disk, ChunkGrid grid, Func<long> segmentBytes, IChunkTransform tableTransform, CancellationToken cancel, KnownChunks? known = null)
    {
        await _store.CreateFolderAsync(StoreNames.Tables(Id, disk), cancel);
        var writer = new DiskImageWriter(_store, _draft, disk, grid, segmentBytes, tableTransform);
        _disks[disk] = writer;
        if (!IsResumed) return writer;
        await CheckOwnershipAsync(cancel);
        var findings = await DiskSurvey.TakeAsync(_store, _draft, disk, grid, tableTransform, cancel);
        writer.Adopt(findings);
        foreach (var table in findings.Known) known?.Add(table, _ => true);
        return writer;
    }

    /// <summary>Publishes the layout of one disk.</summary>
    public async Task<StoredFile> PublishLayoutAsync(int disk, LayoutRecord layout, CancellationToken cancel) =>
        await PublishAnewAsync(StoreNames.Layout(Id, disk, _draft.Keys is not null), _draft.Seal.SealLayout(ImageJson.Write(layout)), cancel);

    /// <summary>Publishes the manifest: from here on the image exists. The state record is removed.</summary>
    /// <exception cref="RefusedFault">Another job has taken the image over.</exception>
    /// <exception cref="CorruptFault">The manifest is not one that could be read again, or a segment it names is not in the store, or a table points into one it does not name.</exception>
    public async Task CommitAsync(Manifest manifest, CancellationToken cancel)
    {
        var bytes = ImageJson.Write(manifest);
        if (bytes.Length > ImageJson.MaxManifestBytes) throw new CorruptFault("the manifest would be longer than what is read") { Which = Id.Text, Expected = $"at most {ImageJson.MaxManifestBytes} bytes", Found = $"{bytes.Length} bytes" };
        ImageJson.ReadManifest(bytes, Id);
        CheckSources(manifest);
        // The answer to an earlier attempt may have been lost with the line, and the flush of the name with it.
        if (await StoreBytes.TryReadAsync(_store, StoreNames.Manifest(Id), ImageJson.MaxManifestBytes, cancel) is not { } published || !published.AsSpan().SequenceEqual(bytes))
        {
            await CheckOwnershipAsync(cancel);
            await CheckForeignAsync(manifest, cancel);
            if (_draft.Keys is { } keys && await KeyWraps.FingerprintAsync(_store, keys.Id, cancel) != _wraps) await ReadWrapsAsync(cancel);
            await PublishAnewAsync(StoreNames.ManifestSum(Id), StoreBytes.SumLine(ChunkHash.Of(bytes)), cancel);
            if (_draft.Keys is not null) await PublishAnewAsync(StoreNames.ManifestMac(Id), StoreBytes.SumLine(_draft.Keys.MacOf(bytes)), cancel);
            await StoreBytes.PublishAsync(_store, StoreNames.Manifest(Id), bytes, cancel);
        }
        else
        {
            await _store.FlushFolderAsync(StoreNames.Image(Id), cancel);
        }

        // The image is there, whatever becomes of its record: who looks for the manifest first never sees it.
        await StoreBytes.TryRemoveAsync(_store, StoreNames.State(Id));
    }

    /// <summary>Writes into the state record that the job was stopped on purpose, to be gone on with. Does nothing when the store is out of reach or the image is another job's, or finished.</summary>
    public Task RecordSuspensionAsync(CancellationToken cancel) => RecordAsync(JobState.Suspended, "", cancel);

    /// <summary>Goes on after the line was lost: looks whether the image is still this job's.</summary>
    /// <exception cref="RefusedFault">Another job has taken it over, or it was removed.</exception>
    public async Task RejoinAsync(CancellationToken cancel)
    {
        await CheckOwnershipAsync(cancel);
        await ImageFolder.RemovePartsAsync(_store, Id, _draft.Disks.Count, cancel);
        _mayHaveCopies = true;
    }

    /// <summary>Writes into the state record that the job failed, and why. Does nothing when the store is out of reach or the image is another job's, or finished.</summary>
    public Task RecordFailureAsync(string reason, CancellationToken cancel) => RecordAsync(JobState.Failed, reason, cancel);

    /// <summary>Removes everything of this image, unless another job has taken it over.</summary>
    public async Task DiscardAsync(CancellationToken cancel)
    {
        var isNobodys = await _store.FindAsync(StoreNames.State(Id), cancel) is null && await _store.FindAsync(StoreNames.Manifest(Id), cancel) is null;
        if (isNobodys || await IsOwnAsync(cancel)) await ImageFolder.RemoveUnfinishedAsync(_store, Id, cancel);
    }

    /// <summary>Gives the lease back.</summary>
    public ValueTask DisposeAsync() => _lease.DisposeAsync();

    private async Task RecordAsync(JobState outcome, string reason, CancellationToken cancel)
    {
        try
        {
            if (await IsOwnAsync(cancel)) await _store.ReplaceAsync(StoreNames.State(Id), ImageJson.Write(_state with { State = outcome, Reason = reason }), cancel);
        }
        catch (Fault)
        {
            // The reason is on the screen; the unfinished image shows as cut off.
        }
    }

    private async Task CheckOwnershipAsync(CancellationToken cancel)
    {
        if (!await IsOwnAsync(cancel)) throw new RefusedFault("another job has taken this image over, or removed it") { Which = Id.Text };
    }

    // Until there is a manifest, a copy of an earlier attempt says nothing; its bytes differ, for the time or the file key does.
    private async Task<StoredFile> PublishAnewAsync(StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (IsResumed || _mayHaveCopies) await _store.RemoveAsync(path, cancel);
        return await StoreBytes.PublishAsync(_store, path, bytes, cancel);
    }

    // A table that points past the manifest could never be read again.
    private void CheckSources(Manifest manifest)
    {
        var named = new NamedSegments(Id, manifest);
        foreach (var source in _disks.Values.SelectMany(disk => disk.Committed).SelectMany(table => table.Sources))
            if (!named.Contains(source)) throw new CorruptFault("a table points into a segment that the manifest would not name") { Which = StoreNames.Segment(source.Image, source.Disk, source.Name).Text };
    }

    // A deletion that was under way while this job wrote must not have taken what the manifest is about to name.
    private async Task CheckForeignAsync(Manifest manifest, CancellationToken cancel)
    {
        var lengths = await SegmentLengths.ReadAsync(_store, [.. manifest.Foreign.Select(foreign => foreign.Image), Id.Text], cancel);
        var own = manifest.Disks.Index().SelectMany(disk => disk.Item.Segments.Select(segment => (Id.Text, disk.Index, segment.Name, segment.Length)));
        foreach (var (image, disk, name, length) in own.Concat(manifest.Foreign.Select(foreign => (foreign.Image, foreign.Disk, foreign.Name, foreign.Length))))
            if (!lengths.Has(image, disk, name, length)) throw new CorruptFault("a segment that the image needs is not in the store any more") { Which = $"images/{image}/disk-{disk}/{name}", Remedy = "Start the backup again; it sends what is missing." };
    }

    private async Task ReadWrapsAsync(CancellationToken cancel)
    {
        if (_draft.Keys is { } keys) _wraps = await KeyWraps.FingerprintAsync(_store, keys.Id, cancel);
    }

    // False for an image without a record: it is finished, or somebody has removed it.
    private async Task<bool> IsOwnAsync(CancellationToken cancel) =>
        await StoreSurvey.TryReadStateAsync(_store, Id, cancel) is { } state && state.Token == _lease.Token;

    // Takes back what BeginAsync did. A folder that another job has something in stays, and so do its files.
    private async Task TryUnbeginAsync()
    {
        try
        {
            if (await IsOwnAsync(CancellationToken.None)) await _store.RemoveAsync(StoreNames.State(Id), CancellationToken.None);
            await _store.RemoveFolderAsync(StoreNames.Image(Id), CancellationToken.None);
        }
        catch (Fault)
        {
            // Not empty, or out of reach; the fault that led here matters more.
        }
    }

    private async Task PublishStateAsync(CancellationToken cancel)
    {
        try
        {
            await StoreBytes.PublishAsync(_store, StoreNames.State(Id), ImageJson.Write(_state), cancel);
        }
        catch (StoreFault taken) when (taken.Problem == StoreProblem.Exists)
        {
            throw Taken(Id);
        }
    }

    private static RefusedFault Taken(ImageId id) =>
        new("another job makes or made an image of this name") { Which = id.Text, Remedy = "Start again in a second, or give the image another name (--name)." };

    private static StateRecord Describe(ImageDraft draft, string token, DateTimeOffset created) => new()
    {
        Format = StateRecord.FormatName,
        Version = 1,
        Id = draft.Id.Text,
        State = JobState.Running,
        Token = token,
        Kind = draft.Kind,
        Parent = draft.Parent?.Text,
        RefersTo = draft.RefersTo,
        Created = created,
        Pc = draft.Id.Pc,
        KeyId = draft.Keys?.Id.ToString(),
        Pad = draft.Pad,
        Disks = draft.Disks,
    };
}
