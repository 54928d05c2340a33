// Writes one disk of an image into a raw file.
using System.Diagnostics;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Exports disks. The file is exactly what the image decodes to: unused ranges read as the pad value.</summary>
public sealed class ExportJob(JobContext context)
{
    /// <summary>Fills <paramref name="target"/>, a new file of the disk's length that reads as zeros.</summary>
    public async Task RunAsync(ImageReader image, int disk, IWritableDisk target, CancellationToken cancel)
    {
        var record = image.Manifest.Disks[disk];
        var pad = (byte)image.Manifest.Pad;
        context.Progress.Begin($"exporting disk {disk} of {image.Id}", record.Size);
        context.Progress[Stage.Fetch].Workers = 1;
        context.Progress[Stage.Write].Workers = 1;
        using var resources = new DecodingResources(context, record.ChunkBytes, record.Size, pad);
        var padding = new byte[record.ChunkBytes];
        padding.AsSpan().Fill(pad);
        await Watchdog.RunAsync(
            context,
            async token =>
            {
                await using var fetcher = new FrameFetcher(image, disk, FramesWanted.Content, resources.TableTransform, token);
                var stages = new PipelineStages<ImageChunk>(fetcher.NextAsync, resources.Work(_ => false, context.Progress[Stage.Decode]), WriteAsync);
                await OrderedPipeline.RunAsync(resources.Pool, stages, context.Progress, token);
            },
            cancel);
        context.Progress.Begin("flushing the file", 0);
        target.Flush();

        ValueTask WriteAsync(ImageChunk chunk, CancellationToken stop)
        {
            var start = Stopwatch.GetTimestamp();
            if (chunk.Row.HasContent) target.Write(chunk.Range.Start, chunk.Plain.Span);
            else WriteEmpty(chunk);
            context.Progress[Stage.Fetch].Add(chunk.StoredBytes);
            context.Progress[Stage.Write].Add(chunk.Range.Length);
            context.Progress[Stage.Write].AddBusy(start);
            context.Progress.Advance(chunk.Range.Length);
            return ValueTask.CompletedTask;
        }

        void WriteEmpty(ImageChunk chunk)
        {
            resources.CheckUniformHash(chunk);
            if (chunk.Row.Kind == ChunkKind.Zero || pad == 0) return;
            for (var position = chunk.Range.Start; position < chunk.Range.End; position += padding.Length)
                target.Write(position, padding.AsSpan(0, (int)Math.Min(padding.Length, chunk.Range.End - position)));
        }
    }
}
