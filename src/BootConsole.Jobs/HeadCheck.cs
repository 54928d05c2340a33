// Does the image say the same about the start of a disk twice: in its layout record and in its first chunks?
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>
/// Holds the first sectors of a layout record against the chunks. Partitions, sizes and edges of a restore come from the record, its content from the chunks: were they
/// of different moments, the target would get a table that fits other data. Asked before the target loses its first byte.
/// </summary>
internal static class HeadCheck
{
    /// <param name="context">Makes the transform.</param>
    /// <param name="image">The image.</param>
    /// <param name="disk">Disk number.</param>
    /// <param name="first">The first sectors as the layout record has them.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="CorruptFault">They differ, or a chunk is damaged.</exception>
    internal static async Task RequireSameAsync(JobContext context, ImageReader image, int disk, ReadOnlyMemory<byte> first, CancellationToken cancel)
    {
        var record = image.Manifest.Disks[disk];
        using var transform = context.MakeTransform(1);
        using var chunk = ImageChunk.WithRoom(record.ChunkBytes);
        var lost = RangeSet.Of(record.Unreadable.Select(range => new ByteRange(range.Start, range.Length)));
        var next = 0L;
        for (var index = 0; index < record.Tables.Count && next * record.ChunkBytes < first.Length; index++)
        {
            var table = await image.ReadTableAsync(disk, index, transform, cancel);
            for (var row = 0; row < table.Rows.Count && next * record.ChunkBytes < first.Length; row++, next++)
            {
                (chunk.First, chunk.Count, chunk.Range, chunk.Row, chunk.Source) = (next, 1, record.Grid.Range(next), table.Rows[row], table.SourceOf(table.Rows[row]));
                await FetchAsync(image, chunk, cancel);
                if (chunk.Row.HasContent) chunk.Decode(transform, new StageMeter());
                else chunk.Plain.Span.Fill(chunk.Row.Kind == ChunkKind.Zero ? (byte)0 : (byte)image.Manifest.Pad);
                // What could not be read once may have been read the other time.
                var common = RangeSet.Of(chunk.Range.Intersect(new ByteRange(0, first.Length))).Except(lost);
                foreach (var range in common.Ranges)
                    if (!first.Span.Slice((int)range.Start, (int)range.Length).SequenceEqual(chunk.Plain.Span.Slice((int)(range.Start - chunk.Range.Start), (int)range.Length)))
                        throw new CorruptFault("layout.json and the first chunks of the image have different first sectors") { Which = $"{image.LayoutPath(disk)} and {chunk.Where}" };
            }
        }
    }

    private static async Task FetchAsync(ImageReader image, ImageChunk chunk, CancellationToken cancel)
    {
        chunk.StoredBytes = chunk.Row.HasContent ? chunk.Row.StoredBytes : 0;
        if (chunk.StoredBytes == 0) return;
        await using var segment = await image.OpenSegmentAsync(chunk.Source!, cancel);
        await segment.ReadAsync(chunk.Row.Offset, chunk.Stored.AsMemory(0, chunk.StoredBytes), cancel);
    }
}
