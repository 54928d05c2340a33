// disk ─► chunks ─► hash ─► equal? : which published ranges of an unfinished image are still what the disk has.
using System.Diagnostics;
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Reads what an earlier job saved and holds it against its tables. Nothing is sent.</summary>
internal sealed class RecheckFlow : IDisposable
{
    private readonly DiskPlan _plan;
    private readonly DiskImageWriter _image;
    private readonly DiskTally _tally;
    private readonly JobProgress _progress;
    private readonly ChunkSource _source;
    private readonly List<BackupChunk> _pool;
    private readonly int _workers;
    private readonly HashSet<CommittedTable> _changed = [];
    private readonly Queue<CommittedTable> _left;
    private ChunkTable? _table;
    private CommittedTable? _file;
    private int _row;

    internal RecheckFlow(DiskPlan plan, DiskImageWriter image, DiskTally tally, BackupOptions options, JobContext context)
    {
        (_plan, _image, _tally, _progress) = (plan, image, tally, context.Progress);
        var budget = MemoryBudget.For(plan.Grid.ChunkBytes);
        _workers = budget.Workers;
        _source = new ChunkSource(plan, options.Pad, _progress);
        _pool = [.. Enumerable.Range(0, budget.PoolItems).Select(_ => new BackupChunk(plan.Grid.ChunkBytes, 0))];
        _left = new Queue<CommittedTable>(image.Committed);
    }

    /// <summary>Compares all published ranges.</summary>
    /// <returns>Those of which at least one chunk has changed.</returns>
    internal async Task<IReadOnlyCollection<CommittedTable>> RunAsync(CancellationToken cancel)
    {
        var ranges = RangeSet.Of(_left.Select(table => _plan.Grid.Range(table.First, table.End - table.First)));
        _progress.Begin($"comparing {_plan.Disk.Info.Path} with what was saved of it", _plan.Used.Intersect(ranges).TotalBytes);
        _progress[Stage.Read].Workers = 1;
        var work = Enumerable.Range(0, _workers).Select(_ => (Action<BackupChunk>)Hash).ToList();
        await OrderedPipeline.RunAsync(_pool, new PipelineStages<BackupChunk>(ReadAsync, work, CompareAsync), _progress, cancel);
        return _changed;
    }

    public void Dispose()
    {
        foreach (var chunk in _pool) chunk.Dispose();
    }

    private async ValueTask<bool> ReadAsync(BackupChunk chunk, CancellationToken cancel)
    {
        // A range that is known to have changed is read no further; it is read again when it is sent.
        while (_table is null || _row == _table.Rows.Count || IsChanged(_file!))
        {
            if (!_left.TryDequeue(out _file)) return false;
            _table = await _image.ReadTableAsync(_file, cancel);
            _row = 0;
        }

        _source.Read(chunk, _file!.First + _row, _file.End, cancel);
        (chunk.Saved, chunk.SavedRows) = (_file, _table.Rows.Skip(_row).Take(chunk.Count).ToArray());
        _row += chunk.Count;
        return true;
    }

    private bool IsChanged(CommittedTable table)
    {
        lock (_changed) return _changed.Contains(table);
    }

    private void Hash(BackupChunk chunk)
    {
        var start = Stopwatch.GetTimestamp();
        _source.TrySettle(chunk);
        _progress[Stage.Compress].AddBusy(start);
    }

    private ValueTask CompareAsync(BackupChunk chunk, CancellationToken cancel)
    {
        var isSame = chunk.SavedRows.All(row => row.Hash == chunk.Hash && (row.Kind == ChunkKind.Unreadable) == (chunk.Kind == ChunkKind.Unreadable));
        if (!isSame)
            lock (_changed) _changed.Add(chunk.Saved!);
        for (var i = 0; i < chunk.Count; i++) _tally.Note(chunk.First + i, 1, chunk.SavedRows[i].Kind, chunk.Unreadable);
        _progress.Advance(chunk.UsedBytes);
        return ValueTask.CompletedTask;
    }
}
