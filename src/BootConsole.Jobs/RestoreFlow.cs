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

    // Zeroing cannot be stopped while it runs.
    private const int ZeroBytes = 64 << 20;

    private readonly RestorePlan _plan;
    private readonly WrittenRanges _written;
    private readonly HeldTables _tables;
    private readonly IWritableDisk _target;
    private readonly JobProgress _progress;
    private readonly DecodingResources _resources;
    private readonly byte _pad;
    private readonly System.Buffers.IMemoryOwner<byte> _padding = DiskBuffer.Allocate(PadBytes);

    internal RestoreFlow(RestorePlan plan, WrittenRanges written, HeldTables tables, IWritableDisk target, JobContext context)
    {
        (_plan, _written, _tables, _target, _progress, _pad) = (plan, written, tables, target, context.Progress, (byte)plan.Image.Manifest.Pad);
        _resources = new DecodingResources(context, plan.Record.ChunkBytes, plan.Record.Size, _pad);
        _padding.Memory.Span.Fill(_pad);
    }

    /// <summary>Hashes of what was written of chunks that were not written whole and as they are, for reading back.</summary>
    internal Dictionary<ByteRange, ChunkHash> Cut { get; } = [];

    /// <summary>Stored bytes that were fetched.</summary>
    internal long FetchedBytes { get; private set; }

    /// <summary>Bytes written or zeroed.</summary>
    internal long WrittenBytes { get; private set; }

    /// <summary>What nothing uses and was not written, when it is to be discarded.</summary>
    internal List<ByteRange> Unused { get; } = [];

    internal async Task RunAsync(CancellationToken cancel)
    {
        _progress.Begin($"restoring to {_target.Info.Path}", _written.TotalBytes);
        _progress[Stage.Fetch].Workers = 1;
        _progress[Stage.Write].Workers = 1;
        await using var fetcher = new FrameFetcher(_plan.Image, _plan.Disk, FramesWanted.Content, _resources.TableTransform, cancel, _written.IsFetched);
        var work = _resources.Work(_ => false, _progress[Stage.Decode]);
        await OrderedPipeline.RunAsync(_resources.Pool, new PipelineStages<ImageChunk>(FetchAsync, work, WriteAsync), _progress, cancel);
        foreach (var piece in _written.Beyond(ZeroBytes))
        {
            cancel.ThrowIfCancellationRequested();
            _target.Zero(piece);
            Count(piece);
            _progress.Advance(piece.Length);
        }

        async ValueTask<bool> FetchAsync(ImageChunk chunk, CancellationToken stop)
        {
            var start = Stopwatch.GetTimestamp();
            var more = await fetcher.NextAsync(chunk, stop);
            if (more) _progress[Stage.Fetch].Add(chunk.StoredBytes);
            if (more) FetchedBytes += chunk.StoredBytes;
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
        if (!_written.IsFetched(chunk.Range)) return;
        var plain = chunk.Plain.Span;
        var kept = _written.Kept(chunk.Range);
        _tables.Hold(chunk.Range, plain, kept);
        // Lost when the image was made: the padding is not the truth, the target's own bytes may be.
        foreach (var range in kept.Ranges) _target.Read(range.Start, plain.Slice((int)(range.Start - chunk.Range.Start), (int)range.Length));
        var pieces = _written.Content(chunk.Range);
        var isAsSaved = kept.IsEmpty && pieces.Count == 1 && pieces[0] == chunk.Range;
        foreach (var piece in pieces)
        {
            var bytes = plain.Slice((int)(piece.Start - chunk.Range.Start), (int)piece.Length);
            if (!isAsSaved) Cut.Add(piece, ChunkHash.Of(bytes));
            _target.Write(piece.Start, bytes);
            Count(piece);
        }
    }

    private void WriteEmpty(ImageChunk chunk)
    {
        _resources.CheckUniformHash(chunk);
        var value = _written.ValueOf(chunk.Row.Kind);
        _tables.HoldUniform(chunk.Range, value);
        foreach (var piece in _written.Empty(chunk.Row.Kind, chunk.Range))
        {
            if (value == 0) _target.Zero(piece);
            else WritePadding(piece);
            Count(piece);
        }

        if (chunk.Row.Kind == ChunkKind.Unused && _plan.Options.Unused == UnusedSpace.Discard) Unused.AddRange(_plan.Shape.Unwritten(chunk.Range));
    }

    private void Count(ByteRange piece)
    {
        WrittenBytes += piece.Length;
        _progress[Stage.Write].Add(piece.Length);
    }

    private void WritePadding(ByteRange piece)
    {
        for (var position = piece.Start; position < piece.End; position += PadBytes)
            _target.Write(position, _padding.Memory.Span[..(int)Math.Min(PadBytes, piece.End - position)]);
    }
}
