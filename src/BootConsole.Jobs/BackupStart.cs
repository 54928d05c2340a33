// Where a backup begins: a new image, an unfinished one, and what the store has already.
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Jobs;

/// <summary>An image that was begun or taken over, and what it builds on.</summary>
/// <param name="Image">The image; the caller disposes it.</param>
/// <param name="Parent">What it is made against; null for an image that stands alone, and for one whose parent is gone.</param>
/// <param name="Remarks">What the person should know about the choice, a sentence each.</param>
internal sealed record BackupStart(ImageWriter Image, ImageReader? Parent, IReadOnlyList<string> Remarks)
{
    private const int MostBackupsAtOnce = 10;

    /// <summary>Decides and begins.</summary>
    /// <exception cref="RefusedFault">The parent was deleted while the job began.</exception>
    internal static async Task<BackupStart> MakeAsync(
        JobContext context, IDeleteStore store, IReadOnlyList<DiskPlan> plans, BackupOptions options, DateTimeOffset created, CancellationToken cancel)
    {
        context.Progress.Begin("looking at the images of the store", 0);
        var wanted = new ImageDraft
        {
            Id = ImageId.Create(created, options.Pc.Name, options.Name),
            Kind = options.Kind,
            Pad = options.Pad,
            Disks = [.. plans.Select(plan => Describe(plan, plan.Grid.ChunkBytes))],
            Keys = options.Keys,
        };
        ParentFound found = wanted.Kind is ImageKind.Full or ImageKind.Copy
            ? new ParentFound(null, [])
            : await ParentSearch.FindAsync(store, options.Pc.Name, wanted.Kind, wanted.Disks, options.Keys, cancel);
        // Without a parent an unfinished dependent image may still be gone on with: its own segments are enough.
        ImageKind[] kinds = found.Parent is null && wanted.Kind != ImageKind.Copy ? [wanted.Kind, ImageKind.Full] : [wanted.Kind];
        if (await UnfinishedSearch.FindAsync(store, context.Processes, wanted, kinds, options.ResumeOnly, cancel) is { } record && ImageId.TryParse(record.Id, out var id))
            return await ResumeAsync(context, store, wanted, id, record, cancel);
        if (options.ResumeOnly is not null) throw new RefusedFault("the unfinished image cannot be gone on with: its disks, its keys or its pad value are others, or somebody works on it") { Which = options.ResumeOnly.Text, Remedy = "Begin a new backup, or delete that image." };
        var draft = found.Parent is { } parent ? BuildOn(parent, wanted, plans) : wanted with { Kind = wanted.Kind == ImageKind.Copy ? ImageKind.Copy : ImageKind.Full };
        draft = draft with { Id = await FindFreeIdAsync(store, draft.Id, cancel) };
        List<string> remarks = [.. found.Remarks];
        if (draft.Kind != options.Kind) remarks.Add("A full image is made instead.");
        var image = await ImageWriter.BeginAsync(store, draft, context.Processes.Self, context.Clock, cancel);
        return found.Parent is null ? new BackupStart(image, null, remarks) : await ReopenAsync(store, image, remarks, cancel);
    }

    // The PC made an image of this name in this very second: the next one is free. Jobs that begin at once are told apart when they publish their records.
    private static async Task<ImageId> FindFreeIdAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        for (var second = 0; second < MostBackupsAtOnce && await store.FindAsync(StoreNames.Image(id), cancel) is not null; second++) id = ImageId.Create(id.Time.AddSeconds(1), id.Pc, id.Name);
        return id;
    }

    // Read again now that the lease is up and the record names it: a deletion that came before is seen, a later one sees the record.
    private static async Task<BackupStart> ReopenAsync(IDeleteStore store, ImageWriter image, IReadOnlyList<string> remarks, CancellationToken cancel)
    {
        try
        {
            return new BackupStart(image, await OpenParentAsync(store, image.Draft.Parent!, image.Draft.Keys, cancel), remarks);
        }
        catch
        {
            await image.DiscardAsync(CancellationToken.None);
            await image.DisposeAsync();
            throw;
        }
    }

    private static ImageDraft BuildOn(ImageReader parent, ImageDraft wanted, IReadOnlyList<DiskPlan> plans) => wanted with
    {
        Parent = parent.Id,
        RefersTo = [.. parent.Manifest.Foreign.Select(foreign => foreign.Image).Append(parent.Id.Text).Distinct(StringComparer.Ordinal)],
        Disks = [.. wanted.Disks.Select((disk, number) => Describe(plans[number], ChunkBytesOf(parent, disk)))],
    };

    // Content is found by the hash of whole chunks, so a child cuts its disk as its parent did.
    private static int ChunkBytesOf(ImageReader parent, StateDisk disk)
    {
        var chunkBytes = parent.Manifest.Disks.First(other => DiskMatch.IsSame(disk, other)).ChunkBytes;
        return new ChunkGrid(disk.Size, chunkBytes).IsValid ? chunkBytes : disk.ChunkBytes;
    }

    private static async Task<BackupStart> ResumeAsync(JobContext context, IDeleteStore store, ImageDraft wanted, ImageId id, StateRecord record, CancellationToken cancel)
    {
        var parentId = ImageId.TryParse(record.Parent, out var named) ? named : null;
        var draft = wanted with { Id = id, Kind = record.Kind, Parent = parentId, RefersTo = record.RefersTo, Disks = record.Disks };
        var image = await ImageWriter.ResumeAsync(store, draft, record, context.Processes, context.Clock, wait => context.Progress.Report($"image {id} was somebody else's; waiting {wait.TotalSeconds:0} s for him to notice"), cancel);
        List<string> remarks = [$"Image {id} was left unfinished; this backup goes on with it."];
        try
        {
            var parent = parentId is null ? null : await OpenParentAsync(store, parentId, draft.Keys, cancel);
            return new BackupStart(image, parent, remarks);
        }
        catch (Fault fault) when (fault is RefusedFault or CorruptFault)
        {
            remarks.Add($"Its parent cannot be built on any more: {fault.Message}. What it has itself is used.");
            return new BackupStart(image, null, remarks);
        }
        catch
        {
            await image.DisposeAsync();
            throw;
        }
    }

    // A line that was cut during the commit may have taken the flush of the manifest's name with it: a child must not outlive its parent in a power cut.
    private static async Task<ImageReader> OpenParentAsync(IDeleteStore store, ImageId id, KeySet? keys, CancellationToken cancel)
    {
        var parent = await ParentSearch.OpenAsync(store, id, keys, cancel);
        await store.FlushFolderAsync(StoreNames.Image(id), cancel);
        return parent;
    }

    private static StateDisk Describe(DiskPlan plan, int chunkBytes) =>
        new(plan.Disk.Info.Path, plan.Disk.Info.Model, plan.Disk.Info.Serial, plan.Disk.Info.Wwn, plan.Disk.Info.Length, plan.Disk.Info.SectorBytes, chunkBytes);
}
