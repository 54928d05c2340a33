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
    /// <param name="image">The image.</param>
    /// <param name="disk">Disk number in it.</param>
    /// <param name="target">The target, and how to read it; null when it is not there yet.</param>
    /// <param name="options">What was chosen.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="RefusedFault">The target does not fit.</exception>
    /// <exception cref="UsageFault">A choice names what the image has not.</exception>
    /// <exception cref="CorruptFault">A table of the image is damaged, a segment is missing or cut short, or layout and chunks contradict each other.</exception>
    public async Task<RestorePlan> PlanAsync(ImageReader image, int disk, (DiskInfo Info, Func<IDisk>? Open) target, RestoreOptions options, CancellationToken cancel)
    {
        var record = image.Manifest.Disks[disk];
        var layout = await image.ReadLayoutAsync(disk, cancel);
        var ends = ImageEnds.Of(layout, record, image.LayoutPath(disk).Text);
        var partitions = PartitionChoice.Of(ends.Layout, options.Partitions);
        if (partitions.Count == 0) TargetFit.Require(ends.Layout, record.Size, target.Info);
        var growth = options.GrowLast
            ? PartitionGrowth.Plan(ends.Layout, ends.First.Span, target.Info.Length, number => layout.Partitions.FirstOrDefault(partition => partition.Number == number)?.FileSystem ?? "")
            : null;
        var changes = new TableChanges { NewId = options.NewIds ? context.NewId : null, Growth = growth };
        var (tables, shape) = partitions.Count > 0 ? ([], OfPartitions(ends.Layout, partitions, record, target)) : OfDisk(ends, record, target.Info, changes);
        await image.CheckSegmentsAsync(disk, cancel);
        await HeadCheck.RequireSameAsync(context, image, disk, ends.First, cancel);
        var (content, zero, skipped) = await CountAsync(image, disk, shape, options.Unused == UnusedSpace.Wipe, cancel);
        var plan = new RestorePlan
        {
            Image = image,
            Disk = disk,
            Options = options,
            Layout = ends.Layout,
            Partitions = partitions,
            Tables = tables,
            Growth = growth,
            Target = target.Info,
            Shape = shape,
            ContentBytes = content,
            ZeroBytes = zero,
            SkippedBytes = skipped,
            Sentences = [],
        };
        return plan with { Sentences = [.. RestoreSentences.Of(plan)] };
    }

    private static (IReadOnlyList<TableWrite> Tables, TargetShape Shape) OfDisk(ImageEnds ends, ManifestDisk record, DiskInfo target, TableChanges changes)
    {
        var tables = GptRebuild.For(ends.Layout, ends.First.Span, record.Size, target.Length, changes);
        return (tables, TargetShape.For(ends.Layout, record.Size, target, tables));
    }

    private static TargetShape OfPartitions(DiskLayout layout, IReadOnlyList<Partition> partitions, ManifestDisk record, (DiskInfo Info, Func<IDisk>? Open) target)
    {
        if (target.Open is null) throw new RefusedFault("the target has no partitions: it is not there yet") { Which = target.Info.Path, Remedy = "Restore the whole disk, without --partition." };
        TargetFit.RequireSectors(layout, target.Info);
        using var disk = target.Open();
        PartitionChoice.RequireSame(layout, partitions, disk);
        return TargetShape.ForPartitions(partitions, record.Size, target.Info.Length);
    }

    // Reading every table here means that a damaged one is found before the target loses its first byte.
    private async Task<(long Content, long Zero, long Skipped)> CountAsync(ImageReader image, int disk, TargetShape shape, bool isWiping, CancellationToken cancel)
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
                var edges = table.Rows[row].Kind == ChunkKind.Unused && !isWiping ? shape.WritableEdges(range).Sum(piece => piece.Length) : bytes;
                if (table.Rows[row].HasContent) content += bytes;
                else zero += edges;
                skipped += bytes - edges;
            }

            context.Progress.Tick();
        }

        return (content, zero + (isWiping ? shape.Beyond.TotalBytes : 0), skipped);
    }
}
