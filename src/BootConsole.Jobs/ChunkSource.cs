// disk ─► used map ─► chunks: the reading side that backup and recheck share.
using System.Diagnostics;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Access;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Reads the used bytes of a planned disk, chunk by chunk, and says what each chunk is. Reading is for one caller; <see cref="TrySettle"/> for any number.</summary>
internal sealed class ChunkSource
{
    // A run is one item: a 4 TiB disk with little on it costs a few hundred items, not a million.
    private const int MaxRun = 4096;

    private readonly DiskPlan _plan;
    private readonly JobProgress _progress;
    private readonly byte _pad;
    private readonly RetryingReader _reader;
    private readonly UniformFrame _zeroFrame, _zeroLast, _padFrame, _padLast;

    internal ChunkSource(DiskPlan plan, byte pad, JobProgress progress)
    {
        (_plan, _pad, _progress) = (plan, pad, progress);
        _reader = new RetryingReader(plan.Disk, new RetryLimits { Pad = pad, ReadFailed = _ => progress.Tick() });
        using var frames = new UniformFrames();
        var lastBytes = (int)plan.Grid.Range(plan.Grid.Count - 1).Length;
        (_zeroFrame, _zeroLast) = (frames.Get(0, plan.Grid.ChunkBytes), frames.Get(0, lastBytes));
        (_padFrame, _padLast) = (frames.Get(pad, plan.Grid.ChunkBytes), frames.Get(pad, lastBytes));
    }

    /// <summary>Reads the chunk at <paramref name="first"/>, or takes the run of unused ones there, which ends at <paramref name="end"/> at the latest.</summary>
    internal void Read(BackupChunk chunk, long first, long end, CancellationToken cancel)
    {
        (chunk.First, chunk.Count, chunk.Range, chunk.Unreadable) = (first, 1, _plan.Grid.Range(first), RangeSet.Empty);
        if (_plan.Used.Overlaps(chunk.Range)) ReadUsed(chunk, cancel);
        else TakeUnusedRun(chunk, end);
    }

    /// <summary>Pads what is free of a chunk and finds out its kind and hash.</summary>
    /// <returns>True when all is known, the frame included; false for content, whose frame is still to be made.</returns>
    internal bool TrySettle(BackupChunk chunk)
    {
        var length = chunk.Plain.Length;
        if (chunk.Kind == ChunkKind.Unused) return Take(chunk, length == _plan.Grid.ChunkBytes ? _padFrame : _padLast);
        var plain = chunk.Plain.Span;
        if (chunk.UsedBytes < length)
            foreach (var free in _plan.Used.Complement(chunk.Range).Ranges) plain.Slice((int)(free.Start - chunk.Range.Start), (int)free.Length).Fill(_pad);
        if (chunk.Kind == ChunkKind.Data && !plain.ContainsAnyExcept((byte)0))
        {
            chunk.Kind = ChunkKind.Zero;
            return Take(chunk, length == _plan.Grid.ChunkBytes ? _zeroFrame : _zeroLast);
        }

        chunk.Hash = ChunkHash.Of(plain);
        return false;
    }

    private static bool Take(BackupChunk chunk, UniformFrame uniform)
    {
        (chunk.Hash, chunk.Frame) = (uniform.Hash, uniform.Stored);
        return true;
    }

    private void TakeUnusedRun(BackupChunk chunk, long end)
    {
        var length = chunk.Range.Length;
        while (chunk.Count < MaxRun && chunk.First + chunk.Count < end && _plan.Grid.Range(chunk.First + chunk.Count) is var next
            && next.Length == length && !_plan.Used.Overlaps(next))
            chunk.Count++;
        (chunk.Range, chunk.Kind, chunk.UsedBytes) = (_plan.Grid.Range(chunk.First, chunk.Count), ChunkKind.Unused, 0);
    }

    private void ReadUsed(BackupChunk chunk, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        (chunk.Kind, chunk.UsedBytes) = (ChunkKind.Data, 0);
        foreach (var range in _plan.Used.Within(chunk.Range)) chunk.UsedBytes += range.Length;
        foreach (var range in ReadRanges.Cover(_plan.Used.Within(chunk.Range), chunk.Range, _plan.Disk.Info.SectorBytes))
        {
            cancel.ThrowIfCancellationRequested();
            var unreadable = _reader.Read(range.Start, chunk.Plain.Span.Slice((int)(range.Start - chunk.Range.Start), (int)range.Length));
            if (unreadable.Count > 0) NoteUnreadable(chunk, _plan.Used.Intersect(RangeSet.Of(unreadable)));
            _progress[Stage.Read].Add(range.Length);
        }

        _progress[Stage.Read].AddBusy(start);
    }

    private void NoteUnreadable(BackupChunk chunk, RangeSet unreadable)
    {
        // A bad sector that nothing uses is no loss.
        if (unreadable.IsEmpty) return;
        chunk.Unreadable = chunk.Unreadable.Union(unreadable);
        chunk.Kind = ChunkKind.Unreadable;
        _progress.Report($"{ByteSize.Format(unreadable.TotalBytes)} at byte {unreadable.Ranges[0].Start} of {_plan.Disk.Info.Path} cannot be read; saved as padding");
    }
}
