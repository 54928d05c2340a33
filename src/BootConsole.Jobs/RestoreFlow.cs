// store ─► segment ─► zstd ─► check hash ─► write ─► disk: the data pass of a restore, as named stages.
using System.Diagnostics;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Writes one disk of an image to a target, everything but the tables at both ends, which it keeps for later.</summary>
internal sealed class RestoreFlow : IDisposable
{
    private const int PadBytes = 1 << 20;

    private readonly RestorePlan _plan;
    private readonly IWritableDisk _target;
    private readonly JobProgress _progress;
    private readonly DecodingResources _resources;
    private readonly byte _pad;
    private readonly System.Buffers.IMemoryOwner<byte> _padding = DiskBuffer.Allocate(PadBytes);

    internal RestoreFlow(RestorePlan plan, IWritableDisk target, JobContext context)
    {
        (_plan, _target, _progress, _pad) = (plan, target, context.Progress, (byte)plan.Image.Manifest.Pad);
        _resources = new DecodingResources(context, plan.Record.ChunkBytes, plan.Record.Size, _pad);
        _padding.Memory.Span.Fill(_pad);
        Tables = new HeldTables(plan.Shape);
        Cut = [];
    }

    /// <summary>What belongs at both ends, held back.</summary>
    internal HeldTables Tables { get; }

    /// <summary>Hashes of what was written of chunks that were not written whole, for reading back.</summary>
    internal Dictionary<ByteRange, ChunkHash> Cut { get; }

    internal async Task RunAsync(CancellationToken cancel)
    {
        _progress.Begin($"restoring to {_target.Info.Path}", _plan.Record.Size);
        _progress[Stage.Fetch].Workers = 1;
        _progress[Stage.Write].Workers = 1;
        await using var fetcher = new FrameFetcher(_plan.Image, _plan.Disk, FramesWanted.Content, _resources.TableTransform, cancel);
        var work = _resources.Work(_ => false, _progress[Stage.Decode]);
        await OrderedPipeline.RunAsync(_resources.Pool, new PipelineStages<ImageChunk>(FetchAsync, work, WriteAsync), cancel);

        async ValueTask<bool> FetchAsync(ImageChunk chunk, CancellationToken stop)
        {
            var start = Stopwatch.GetTimestamp();
            var more = await fetcher.NextAsync(chunk, stop);
            if (more) _progress[Stage.Fetch].Add(chunk.StoredBytes);
            _progress[Stage.Fetch].AddBusy(start);
            return more;
        }
    }

    public void Dispose()
    {
        _resources.Dispose();
        _padding.Dispose();
    }

    private ValueTask WriteAsync(ImageChunk chunk, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        if (chunk.Row.HasContent) WriteContent(chunk);
        else WriteEmpty(chunk);
        _progress[Stage.Write].AddBusy(start);
        _progress.Advance(chunk.Range.Length);
        return ValueTask.CompletedTask;
    }

    private void WriteContent(ImageChunk chunk)
    {
        var plain = chunk.Plain.Span;
        Tables.Hold(chunk.Range, plain);
        var pieces = _plan.Shape.Writable(chunk.Range);
        var isWhole = pieces.Count == 1 && pieces[0] == chunk.Range;
        foreach (var piece in pieces)
        {
            var bytes = plain.Slice((int)(piece.Start - chunk.Range.Start), (int)piece.Length);
            if (!isWhole) Cut.Add(piece, ChunkHash.Of(bytes));
            _target.Write(piece.Start, bytes);
            _progress[Stage.Write].Add(piece.Length);
        }
    }

    private void WriteEmpty(ImageChunk chunk)
    {
        _resources.CheckUniformHash(chunk);
        var value = chunk.Row.Kind == ChunkKind.Zero ? (byte)0 : _pad;
        Tables.HoldUniform(chunk.Range, value);
        var pieces = chunk.Row.Kind == ChunkKind.Zero ? _plan.Shape.Writable(chunk.Range) : _plan.Shape.WritableEdges(chunk.Range);
        foreach (var piece in pieces)
        {
            if (value == 0) _target.Zero(piece);
            else WritePadding(piece);
            _progress[Stage.Write].Add(piece.Length);
        }
    }

    private void WritePadding(ByteRange piece)
    {
        for (var position = piece.Start; position < piece.End; position += PadBytes)
            _target.Write(position, _padding.Memory.Span[..(int)Math.Min(PadBytes, piece.End - position)]);
    }
}
