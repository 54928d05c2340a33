// Reads an image back from its store and checks every byte of it.
using System.Diagnostics;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Jobs;

/// <summary>What a verification read.</summary>
/// <param name="Chunks">Chunks whose content was decoded and hashed; for a keyless one, files.</param>
/// <param name="StoredBytes">Stored bytes read.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record VerifyResult(long Chunks, long StoredBytes, TimeSpan Elapsed);

/// <summary>Verifies images. Reads only, but for a note about a segment that it finds bad, where the store takes one: no later image is built upon it.</summary>
public sealed class VerifyJob(JobContext context, IReadStore store)
{
    private static readonly TimeSpan NoteLimit = TimeSpan.FromMinutes(1);

    /// <summary>Decodes every frame, holds every chunk against its hash and every file against the manifest.</summary>
    /// <exception cref="CorruptFault">Something differs; it is named.</exception>
    /// <param name="id">The image.</param>
    /// <param name="keys">Its key set; null for one that is not encrypted.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public Task<VerifyResult> RunAsync(ImageId id, KeySet? keys, CancellationToken cancel) => NotingAsync(() => DecodeAsync(id, keys, cancel));

    /// <summary>Holds every stored file of the image against its length and hash. Needs no key.</summary>
    /// <exception cref="CorruptFault">A file differs; it is named.</exception>
    public Task<VerifyResult> RunKeylessAsync(ImageId id, CancellationToken cancel) => NotingAsync(() => CheckFilesAsync(id, cancel));

    private async Task<VerifyResult> NotingAsync(Func<Task<VerifyResult>> verify)
    {
        try
        {
            return await verify();
        }
        catch (CorruptFault damage) when (damage.StoreFile.Length > 0 && store is IDeleteStore writable)
        {
            await TryNoteAsync(writable, damage);
            throw;
        }
    }

    private async Task TryNoteAsync(IDeleteStore writable, CorruptFault damage)
    {
        try
        {
            using var limit = new CancellationTokenSource(NoteLimit, context.Clock);
            if (await BadSegments.RecordAsync(writable, damage.StoreFile, damage.Message, context.Clock.GetUtcNow(), limit.Token)) context.Progress.Report($"{damage.StoreFile} is noted as bad: later backups send its chunks again");
        }
        catch (Exception refusal) when (refusal is Fault or OperationCanceledException)
        {
            // The damage itself is what the person must hear.
        }
    }

    private async Task<VerifyResult> DecodeAsync(ImageId id, KeySet? keys, CancellationToken cancel)
    {
        var started = context.Clock.GetTimestamp();
        var image = await ImageReader.OpenAsync(store, id, cancel);
        if (keys is not null) await image.UnlockAsync(keys, needsMac: true, cancel);
        long chunks = 0, storedBytes = 0;
        for (var disk = 0; disk < image.Manifest.Disks.Count; disk++)
        {
            var record = image.Manifest.Disks[disk];
            var ends = ImageEnds.Of(await image.ReadLayoutAsync(disk, cancel), record, image.LayoutPath(disk).Text);
            await image.CheckSumsAsync(disk, cancel);
            await image.CheckSegmentsAsync(disk, cancel);
            await HeadCheck.RequireSameAsync(context, image, disk, ends.First, cancel);
            storedBytes += await VerifyDiskAsync(image, disk, cancel);
            chunks += record.Grid.Count;
        }

        return new VerifyResult(chunks, storedBytes, context.Clock.GetElapsedTime(started));
    }

    private async Task<VerifyResult> CheckFilesAsync(ImageId id, CancellationToken cancel)
    {
        var started = context.Clock.GetTimestamp();
        var image = await ImageReader.OpenAsync(store, id, cancel);
        var files = image.AllFiles().ToList();
        context.Progress.Begin($"checking the files of {id}", files.Sum(file => file.Length));
        foreach (var (path, length, sha256) in files)
        {
            await Watchdog.RunAsync(context, token => image.CheckFileAsync(path, length, sha256, token, Moved), cancel);
        }

        void Moved(int bytes)
        {
            context.Progress[Stage.Fetch].Add(bytes);
            context.Progress.Advance(bytes);
        }

        return new VerifyResult(files.Count, files.Sum(file => file.Length), context.Clock.GetElapsedTime(started));
    }

    private async Task<long> VerifyDiskAsync(ImageReader image, int disk, CancellationToken cancel)
    {
        var record = image.Manifest.Disks[disk];
        context.Progress.Begin($"verifying disk {disk} of {image.Id}", record.Size);
        using var resources = new DecodingResources(context, record.ChunkBytes, record.Size, (byte)image.Manifest.Pad);
        var fetchedBefore = context.Progress[Stage.Fetch].Bytes;
        await Watchdog.RunAsync(
            context,
            async token =>
            {
                await using var fetcher = new FrameFetcher(image, disk, FramesWanted.All, resources.TableTransform, token);
                var stages = new PipelineStages<ImageChunk>(
                    async (chunk, stop) =>
                    {
                        var start = Stopwatch.GetTimestamp();
                        var more = await fetcher.NextAsync(chunk, stop);
                        if (more) context.Progress[Stage.Fetch].Add(chunk.StoredBytes);
                        context.Progress[Stage.Fetch].AddBusy(start);
                        return more;
                    },
                    resources.Work(chunk => resources.IsKnownUniform(chunk), context.Progress[Stage.Decode]),
                    (chunk, _) =>
                    {
                        resources.CheckUniformHash(chunk);
                        context.Progress.Advance(chunk.Range.Length);
                        return ValueTask.CompletedTask;
                    });
                await OrderedPipeline.RunAsync(resources.Pool, stages, context.Progress, token);
            },
            cancel);
        return context.Progress[Stage.Fetch].Bytes - fetchedBefore;
    }
}
