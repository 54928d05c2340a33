// Makes one image in a store: lease, state record, disks, and at the very end the manifest that commits it.
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>An image being made. Until <see cref="CommitAsync"/> returns there is no image, only an unfinished one.</summary>
public sealed class ImageWriter : IAsyncDisposable
{
    private readonly IDeleteStore _store;
    private readonly Lease _lease;
    private readonly StateRecord _state;

    private ImageWriter(IDeleteStore store, Lease lease, ImageId id, StateRecord state) => (_store, _lease, Id, _state) = (store, lease, id, state);

    /// <summary>The image's id.</summary>
    public ImageId Id { get; }

    /// <summary>The store's clock minus this machine's when the job began.</summary>
    public TimeSpan StoreClockAhead => _lease.StoreClockAhead;

    /// <summary>Begins an image: publishes a lease, then the state record.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The new image's id.</param>
    /// <param name="kind">How it is made.</param>
    /// <param name="pad">Pad byte.</param>
    /// <param name="disks">Its disks.</param>
    /// <param name="job">This process.</param>
    /// <param name="clock">For lease and times.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="RefusedFault">Another job has an image of this id, or there are more disks than an image can have.</exception>
    public static async Task<ImageWriter> BeginAsync(
        IDeleteStore store, ImageId id, ImageKind kind, byte pad, IReadOnlyList<StateDisk> disks, JobIdentity job, TimeProvider clock, CancellationToken cancel)
    {
        if (disks.Count > Manifest.MaxDisks) throw new RefusedFault("an image cannot have so many disks") { Expected = $"at most {Manifest.MaxDisks}", Found = $"{disks.Count}" };
        var lease = await Lease.TakeAsync(store, id, "backup", job, clock, cancel);
        var state = new StateRecord
        {
            Format = StateRecord.FormatName,
            Version = 1,
            Id = id.Text,
            State = JobState.Running,
            Token = lease.Token,
            Kind = kind,
            Created = clock.GetUtcNow(),
            Pc = id.Pc,
            Pad = pad,
            Disks = disks,
        };
        var image = new ImageWriter(store, lease, id, state);
        try
        {
            await store.CreateFolderAsync(StoreNames.Image(id), cancel);
            await PublishStateAsync(store, id, state, cancel);
            // Looked for when the record is up: a job of the same id publishes its manifest before its own record goes. A PC whose clock starts anew at each
            // boot may make an id twice, and what is left of a deleted image must not be mixed with a new one.
            foreach (var name in (StorePath[])[StoreNames.Manifest(id), StoreNames.Deleted(id)])
                if (await store.FindAsync(name, cancel) is not null) throw Taken(id);
            return image;
        }
        catch
        {
            await image.TryUnbeginAsync();
            await lease.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens one disk for writing.</summary>
    /// <param name="disk">Disk number, 0 and up.</param>
    /// <param name="grid">How it is cut.</param>
    /// <param name="segmentBytes">Stored bytes at which a segment is closed; asked for each segment.</param>
    /// <param name="tableTransform">Compresses tables; stays the caller's.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public async Task<DiskImageWriter> OpenDiskAsync(int disk, ChunkGrid grid, Func<long> segmentBytes, IChunkTransform tableTransform, CancellationToken cancel)
    {
        await _store.CreateFolderAsync(StoreNames.Tables(Id, disk), cancel);
        return new DiskImageWriter(_store, Id, disk, grid, segmentBytes, tableTransform);
    }

    /// <summary>Publishes the layout of one disk.</summary>
    public Task<StoredFile> PublishLayoutAsync(int disk, LayoutRecord layout, CancellationToken cancel) =>
        StoreBytes.PublishAsync(_store, StoreNames.Layout(Id, disk), ImageJson.Write(layout), cancel);

    /// <summary>Publishes the manifest: from here on the image exists. The state record is removed.</summary>
    /// <exception cref="RefusedFault">Another job has taken the image over.</exception>
    /// <exception cref="CorruptFault">The manifest is not one that could be read again.</exception>
    public async Task CommitAsync(Manifest manifest, CancellationToken cancel)
    {
        var bytes = ImageJson.Write(manifest);
        if (bytes.Length > ImageJson.MaxManifestBytes) throw new CorruptFault("the manifest would be longer than what is read") { Which = Id.Text, Expected = $"at most {ImageJson.MaxManifestBytes} bytes", Found = $"{bytes.Length} bytes" };
        ImageJson.ReadManifest(bytes, Id);
        await CheckOwnershipAsync(cancel);
        var sum = Encoding.ASCII.GetBytes($"{ChunkHash.Of(bytes)}  image.json\n");
        await StoreBytes.PublishAsync(_store, StoreNames.ManifestSum(Id), sum, cancel);
        await StoreBytes.PublishAsync(_store, StoreNames.Manifest(Id), bytes, cancel);
        // The image is there, whatever becomes of its record: who looks for the manifest first never sees it.
        await StoreBytes.TryRemoveAsync(_store, StoreNames.State(Id));
    }

    /// <summary>Writes into the state record that the job failed, and why. Does nothing when the store is out of reach or the image is another job's, or finished.</summary>
    public async Task RecordFailureAsync(string reason, CancellationToken cancel)
    {
        try
        {
            if (await IsOwnAsync(cancel)) await _store.ReplaceAsync(StoreNames.State(Id), ImageJson.Write(_state with { State = JobState.Failed, Reason = reason }), cancel);
        }
        catch (Fault)
        {
            // The reason is on the screen; the unfinished image shows as cut off.
        }
    }

    /// <summary>Removes everything of this image, unless another job has taken it over.</summary>
    public async Task DiscardAsync(CancellationToken cancel)
    {
        var isNobodys = await _store.FindAsync(StoreNames.State(Id), cancel) is null && await _store.FindAsync(StoreNames.Manifest(Id), cancel) is null;
        if (isNobodys || await IsOwnAsync(cancel)) await ImageFolder.RemoveUnfinishedAsync(_store, Id, cancel);
    }

    /// <summary>Gives the lease back.</summary>
    public ValueTask DisposeAsync() => _lease.DisposeAsync();

    private async Task CheckOwnershipAsync(CancellationToken cancel)
    {
        if (!await IsOwnAsync(cancel)) throw new RefusedFault("another job has taken this image over") { Which = Id.Text };
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

    private static async Task PublishStateAsync(IDeleteStore store, ImageId id, StateRecord state, CancellationToken cancel)
    {
        try
        {
            await StoreBytes.PublishAsync(store, StoreNames.State(id), ImageJson.Write(state), cancel);
        }
        catch (StoreFault taken) when (taken.Problem == StoreProblem.Exists)
        {
            throw Taken(id);
        }
    }

    private static RefusedFault Taken(ImageId id) =>
        new("another job makes or made an image of this name") { Which = id.Text, Remedy = "Start again in a second, or give the image another name (--name)." };
}
