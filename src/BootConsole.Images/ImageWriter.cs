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
    private StateRecord _state;

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
    /// <exception cref="RefusedFault">Another job has an image of this id.</exception>
    public static async Task<ImageWriter> BeginAsync(
        IDeleteStore store, ImageId id, ImageKind kind, byte pad, IReadOnlyList<StateDisk> disks, JobIdentity job, TimeProvider clock, CancellationToken cancel)
    {
        var lease = await Lease.TakeAsync(store, id, "backup", job, clock, cancel);
        try
        {
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
            await store.CreateFolderAsync(StoreNames.Image(id), cancel);
            if (await store.FindAsync(StoreNames.Manifest(id), cancel) is not null) throw Taken(id);
            await PublishStateAsync(store, id, state, cancel);
            return new ImageWriter(store, lease, id, state);
        }
        catch
        {
            await lease.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens one disk for writing.</summary>
    /// <param name="disk">Disk number, 0 and up.</param>
    /// <param name="grid">How it is cut.</param>
    /// <param name="segmentBytes">Stored bytes at which a segment is closed.</param>
    /// <param name="tableTransform">Compresses tables; stays the caller's.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public async Task<DiskImageWriter> OpenDiskAsync(int disk, ChunkGrid grid, long segmentBytes, IChunkTransform tableTransform, CancellationToken cancel)
    {
        await _store.CreateFolderAsync(StoreNames.Tables(Id, disk), cancel);
        return new DiskImageWriter(_store, Id, disk, grid, segmentBytes, tableTransform);
    }

    /// <summary>Publishes the layout of one disk.</summary>
    public Task<StoredFile> PublishLayoutAsync(int disk, LayoutRecord layout, CancellationToken cancel) =>
        StoreBytes.PublishAsync(_store, StoreNames.Layout(Id, disk), ImageJson.Write(layout), cancel);

    /// <summary>Publishes the manifest: from here on the image exists. The state record is removed.</summary>
    /// <exception cref="RefusedFault">Another job has taken the image over.</exception>
    public async Task CommitAsync(Manifest manifest, CancellationToken cancel)
    {
        ManifestRules.Check(manifest, Id);
        await CheckOwnershipAsync(cancel);
        var bytes = ImageJson.Write(manifest);
        var sum = Encoding.ASCII.GetBytes($"{ChunkHash.Of(bytes)}  image.json\n");
        await StoreBytes.PublishAsync(_store, StoreNames.ManifestSum(Id), sum, cancel);
        await StoreBytes.PublishAsync(_store, StoreNames.Manifest(Id), bytes, cancel);
        await _store.RemoveAsync(StoreNames.State(Id), cancel);
        await _store.FlushFolderAsync(StoreNames.Image(Id), cancel);
    }

    /// <summary>Writes into the state record that the job failed, and why. Does nothing when the store is out of reach.</summary>
    public async Task RecordFailureAsync(string reason, CancellationToken cancel)
    {
        _state = _state with { State = JobState.Failed, Reason = reason };
        try
        {
            await _store.ReplaceAsync(StoreNames.State(Id), ImageJson.Write(_state), cancel);
        }
        catch (Fault)
        {
            // The reason is on the screen; the unfinished image shows as cut off.
        }
    }

    /// <summary>Removes everything of this unfinished image.</summary>
    public Task DiscardAsync(CancellationToken cancel) => ImageFolder.RemoveUnfinishedAsync(_store, Id, cancel);

    /// <summary>Gives the lease back.</summary>
    public ValueTask DisposeAsync() => _lease.DisposeAsync();

    private async Task CheckOwnershipAsync(CancellationToken cancel)
    {
        var state = ImageJson.ReadState(await StoreBytes.ReadAsync(_store, StoreNames.State(Id), ImageJson.MaxRecordBytes, cancel), Id);
        if (state.Token != _lease.Token) throw new RefusedFault("another job has taken this image over") { Which = Id.Text };
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
