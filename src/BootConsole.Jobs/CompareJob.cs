// Holds a disk against an image of it: verify --against.
using System.Buffers;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>What a comparison found.</summary>
/// <param name="Chunks">Chunks compared.</param>
/// <param name="Different">Ranges of the disk, chunk by chunk and joined, that are not what the image has.</param>
/// <param name="Elapsed">How long it took, maps not included.</param>
public sealed record CompareResult(long Chunks, RangeSet Different, TimeSpan Elapsed);

/// <summary>Compares disks with images. Reads only; the disk is mapped and padded as a backup would.</summary>
public sealed class CompareJob(JobContext context)
{
    /// <summary>Compares one disk.</summary>
    /// <exception cref="RefusedFault">The disk has another length or sector size.</exception>
    public async Task<CompareResult> RunAsync(ImageReader image, int disk, DiskPlan plan, CancellationToken cancel)
    {
        var record = image.Manifest.Disks[disk];
        if (plan.Disk.Info.Length != record.Size || plan.Disk.Info.SectorBytes != record.SectorBytes)
            throw new RefusedFault("the disk has another size than the one in the image") { Which = plan.Disk.Info.Path, Expected = $"{record.Size} bytes", Found = $"{plan.Disk.Info.Length} bytes" };
        var started = context.Clock.GetTimestamp();
        var pad = (byte)image.Manifest.Pad;
        var different = new List<ByteRange>();
        var reader = new RetryingReader(plan.Disk, new RetryLimits { Pad = pad });
        // What the backup could not read is padding in the image; what it could read of such a chunk is compared.
        var lost = RangeSet.Of(record.Unreadable.Select(range => new ByteRange(range.Start, range.Length)));
        using var tableTransform = context.MakeTransform(1);
        using var row = ImageChunk.WithoutRoom();
        var budget = MemoryBudget.For(record.ChunkBytes);
        List<ComparedChunk> pool = [.. Enumerable.Range(0, budget.PoolItems).Select(_ => new ComparedChunk(record.ChunkBytes))];
        context.Progress.Begin($"comparing {plan.Disk.Info.Path} with {image.Id}", record.Size);
        context.Progress[Stage.Read].Workers = 1;
        try
        {
            await Watchdog.RunAsync(context, CompareAsync, cancel);
        }
        finally
        {
            foreach (var chunk in pool) chunk.Dispose();
        }

        return new CompareResult(record.Grid.Count, RangeSet.Of(different), context.Clock.GetElapsedTime(started));

        async Task CompareAsync(CancellationToken token)
        {
            await using var fetcher = new FrameFetcher(image, disk, FramesWanted.None, tableTransform, token);
            var left = 0;
            var work = Enumerable.Range(0, budget.Workers).Select(_ => (Action<ComparedChunk>)Compare).ToList();
            await OrderedPipeline.RunAsync(pool, new PipelineStages<ComparedChunk>(ReadAsync, work, CollectAsync), context.Progress, token);

            async ValueTask<bool> ReadAsync(ComparedChunk chunk, CancellationToken stop)
            {
                if (left == 0 && !await fetcher.NextAsync(row, stop)) return false;
                if (left == 0) left = row.Count;
                chunk.Range = record.Grid.Range(row.First + row.Count - left);
                chunk.Expected = row.Row.Hash;
                left--;
                foreach (var range in ReadRanges.Cover(plan.Used.Within(chunk.Range), chunk.Range, record.SectorBytes))
                    reader.Read(range.Start, chunk.Bytes.Span.Slice((int)(range.Start - chunk.Range.Start), (int)range.Length));
                context.Progress[Stage.Read].Add(chunk.Range.Length);
                return true;
            }
        }

        void Compare(ComparedChunk chunk)
        {
            var bytes = chunk.Bytes.Span;
            foreach (var free in plan.Used.Complement(chunk.Range).Ranges) bytes.Slice((int)(free.Start - chunk.Range.Start), (int)free.Length).Fill(pad);
            foreach (var range in lost.Within(chunk.Range)) bytes.Slice((int)(range.Start - chunk.Range.Start), (int)range.Length).Fill(pad);
            chunk.IsEqual = ChunkHash.Of(bytes) == chunk.Expected;
        }

        ValueTask CollectAsync(ComparedChunk chunk, CancellationToken stop)
        {
            if (!chunk.IsEqual) different.Add(chunk.Range);
            context.Progress.Advance(chunk.Range.Length);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ComparedChunk(int chunkBytes) : PipelineItem
    {
        private readonly IMemoryOwner<byte> _bytes = DiskBuffer.Allocate(chunkBytes);

        internal ByteRange Range { get; set; }

        internal ChunkHash Expected { get; set; }

        internal bool IsEqual { get; set; }

        internal Memory<byte> Bytes => _bytes.Memory[..(int)Range.Length];

        public override void Dispose()
        {
            _bytes.Dispose();
            base.Dispose();
        }
    }
}
