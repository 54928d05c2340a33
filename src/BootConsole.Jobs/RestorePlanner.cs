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
    public async Task<RestorePlan> PlanAsync(ImageReader image, int disk, DiskInfo target, CancellationToken cancel)
    {
        var record = image.Manifest.Disks[disk];
        var ends = ImageEnds.Of(await image.ReadLayoutAsync(disk, cancel), record, image.LayoutPath(disk).Text);
        TargetFit.Require(ends.Layout, record.Size, target);
        var tables = GptRebuild.For(ends.Layout, ends.First.Span, record.Size, target.Length);
        var shape = TargetShape.For(ends.Layout, record.Size, target, tables);
        await image.CheckSegmentsAsync(disk, cancel);
        await HeadCheck.RequireSameAsync(context, image, disk, ends.First, cancel);
        var (content, zero, skipped) = await CountAsync(image, disk, shape, cancel);
        return new RestorePlan
        {
            Image = image,
            Disk = disk,
            Layout = ends.Layout,
            Tables = tables,
            Target = target,
            Shape = shape,
            ContentBytes = content,
            ZeroBytes = zero,
            SkippedBytes = skipped,
            Sentences = Describe(image, record, ends.Layout, target, isRebuilt: tables.Count > 0, content, zero, skipped),
        };
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

    private static List<string> Describe(ImageReader image, ManifestDisk record, DiskLayout layout, DiskInfo target, bool isRebuilt, long content, long zero, long skipped)
    {
        List<string> sentences =
        [
            $"Image {image.Id}, disk {record.Path} ({ByteSize.Format(record.Size)}, {layout.Partitions.Count} partitions).",
            $"Target {target.CanonicalPath} ({ByteSize.Format(target.Length)}{(target.Model.Length > 0 ? ", " + target.Model : "")}{(target.Serial.Length > 0 ? ", serial " + target.Serial : "")}): everything on it is lost.",
            $"{ByteSize.Format(content)} are written, {ByteSize.Format(zero)} are zeroed, {ByteSize.Format(skipped)} that nothing uses are left as they are.",
            "The old partition tables are zeroed first; the new ones are written last, after everything else was read back.",
        ];
        if (target.Length > record.Size && isRebuilt) sentences.Add($"The target is larger by {ByteSize.Format(target.Length - record.Size)}: both partition tables are rebuilt for it, the rest stays unpartitioned.");
        else if (target.Length > record.Size) sentences.Add($"The target is larger by {ByteSize.Format(target.Length - record.Size)}, which stays unused.");
        if (target.Length < record.Size) sentences.Add($"The target is smaller by {ByteSize.Format(record.Size - target.Length)}: only unpartitioned space at the end is dropped.");
        if (record.Unreadable.Count > 0)
            sentences.Add($"{record.Unreadable.Count} ranges ({ByteSize.Format(record.Unreadable.Sum(range => range.Length))}) could not be read when the image was made and are written as padding.");
        if (image.Manifest.KeyId is null) sentences.Add("The image is not encrypted and carries no signature: it is checked against damage, not against forgery.");
        sentences.AddRange(record.Notes);
        return sentences;
    }
}
