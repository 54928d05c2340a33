// Makes restore plans: reads the image's tables, holds them against the target, and says in words what would happen.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Plans restores. Reads only; what it refuses is refused before the first write.</summary>
public sealed class RestorePlanner(JobContext context)
{
    /// <summary>Plans one disk.</summary>
    /// <exception cref="RefusedFault">The target does not fit.</exception>
    /// <exception cref="CorruptFault">A table of the image is damaged, a segment is missing or cut short, or layout and chunks contradict each other.</exception>
    public async Task<RestorePlan> PlanAsync(ImageReader image, int disk, DiskInfo target, RestoreOptions options, CancellationToken cancel)
    {
        var record = image.Manifest.Disks[disk];
        var ends = ImageEnds.Of(await image.ReadLayoutAsync(disk, cancel), record, StoreNames.Layout(image.Id, disk).Text);
        TargetFit.Require(ends.Layout, record.Size, target);
        var tables = GptRebuild.For(ends.Layout, ends.First.Span, record.Size, target.Length);
        var shape = TargetShape.For(ends.Layout, record.Size, target, tables);
        await image.CheckSegmentsAsync(disk, cancel);
        await HeadCheck.RequireSameAsync(context, image, disk, ends.First, cancel);
        var (content, zero, skipped) = await CountAsync(image, disk, shape, cancel);
        var plan = new RestorePlan
        {
            Image = image,
            Disk = disk,
            Options = options,
            Layout = ends.Layout,
            Tables = tables,
            Target = target,
            Shape = shape,
            ContentBytes = content,
            ZeroBytes = zero,
            SkippedBytes = skipped,
            Sentences = [],
        };
        return plan with { Sentences = [.. RestoreSentences.Of(plan)] };
    }

    // Reading every table here means that a damaged one is found before the target loses its first byte.
    private async Task<(long Content, long Zero, long Skipped)> CountAsync(ImageReader image, int disk, TargetShape shape, CancellationToken cancel)
    {
        var record = image.Manifest.Disks[disk];
        context.Progress.Begin($"reading the tables of {image.Id}", 0);
        using var transform = context.MakeTransform(1);
        long content = 0, zero = 0, skipped = 0;
        for (var index = 0; index < record.Tables.Count; index++)
        {
            var table = await image.ReadTableAsync(disk, index, transform, cancel);
            for (var row = 0; row < table.Rows.Count; row++)
            {
                var range = record.Grid.Range(table.Name.FirstChunk + row);
                var bytes = shape.Writable(range).Sum(piece => piece.Length);
                var edges = table.Rows[row].Kind == ChunkKind.Unused ? shape.WritableEdges(range).Sum(piece => piece.Length) : bytes;
                if (table.Rows[row].HasContent) content += bytes;
                else zero += edges;
                skipped += bytes - edges;
            }

            context.Progress.Tick();
        }

        return (content, zero, skipped);
    }
}
