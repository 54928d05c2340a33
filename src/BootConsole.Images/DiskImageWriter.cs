// Writes the segments and tables of one disk, in disk order: one segment open, at most one more awaiting its flush.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>
/// The stored side of one disk of an image being made. Used by one caller at a time, in disk order. After a fault that may pass, <see cref="RestartAsync"/> makes it ready to go on: what was
/// published stays, what was open is redone.
/// </summary>
public sealed class DiskImageWriter : IAsyncDisposable
{
    private readonly IDeleteStore _store;
    private readonly ImageDraft _draft;
    private readonly ImageSeal _seal;
    private readonly int _disk;
    private readonly ChunkGrid _grid;
    private readonly Func<long> _segmentBytes;
    private readonly IChunkTransform _tableTransform;
    private readonly List<CommittedTable> _tables = [];
    private readonly List<StoredFile> _segments = [];
    private readonly Dictionary<uint, int> _attempts = [];
    private readonly List<StorePath> _superseded = [];
    private OpenTable? _open;
    private Task _publishing = Task.CompletedTask;
    private long _nextChunk;
    private bool _mayHaveCopies;

    internal DiskImageWriter(IDeleteStore store, ImageDraft draft, int disk, ChunkGrid grid, Func<long> segmentBytes, IChunkTransform tableTransform)
    {
        (_store, _draft, _disk, _grid, _segmentBytes, _tableTransform) = (store, draft, disk, grid, segmentBytes, tableTransform);
        _seal = draft.Seal;
    }

    /// <summary>The published tables in disk order. They cover the disk after <see cref="FinishAsync"/>.</summary>
    public IReadOnlyList<CommittedTable> Committed => _tables;

    /// <summary>The entries of the published tables, for the manifest.</summary>
    public IReadOnlyList<TableEntry> Tables => [.. _tables.Select(table => table.Entry)];

    /// <summary>The published segments in disk order. Complete after <see cref="FinishAsync"/>.</summary>
    public IReadOnlyList<StoredFile> Segments => _segments;

    /// <summary>The segments of other images that published tables point into.</summary>
    public IEnumerable<SegmentReference> Foreign => _tables.SelectMany(table => table.Sources).Where(source => source.Image != _draft.Id).Distinct();

    /// <summary>The ranges of chunks that no published table covers, in disk order: first chunk and end.</summary>
    public IReadOnlyList<(long First, long End)> Missing()
    {
        List<(long First, long End)> missing = [];
        long next = 0;
        foreach (var table in _tables)
        {
            if (table.First > next) missing.Add((next, table.First));
            next = table.End;
        }

        if (next < _grid.Count) missing.Add((next, _grid.Count));
        return missing;
    }

    /// <summary>Goes on at <paramref name="chunk"/>: what lies before it was published earlier. Closes what is open.</summary>
    public async ValueTask SkipToAsync(long chunk, CancellationToken cancel)
    {
        if (chunk == _nextChunk) return;
        if (_open is not null) await CloseAsync(cancel);
        _nextChunk = chunk;
    }

    /// <summary>Appends the next chunk.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="hash">SHA-256 of its padded plain bytes.</param>
    /// <param name="frame">Its frame; taken over before the call returns. Empty only for zero and unused chunks of an image that does not stand alone.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public async ValueTask AppendAsync(ChunkKind kind, ChunkHash hash, ReadOnlyMemory<byte> frame, CancellationToken cancel)
    {
        await (await OpenAsync(cancel)).AppendAsync(kind, hash, frame, cancel);
        await AdvanceAsync(cancel);
    }

    /// <summary>Appends the next chunk, whose frame the store has already.</summary>
    public async ValueTask AppendSameAsync(ChunkHash hash, KnownFrame same, CancellationToken cancel)
    {
        (await OpenAsync(cancel)).AppendSame(hash, same);
        await AdvanceAsync(cancel);
    }

    /// <summary>Publishes what is open and writes SHA256SUMS.</summary>
    /// <returns>The entry of SHA256SUMS; null when the disk has no segments of its own.</returns>
    public async Task<StoredFile?> FinishAsync(CancellationToken cancel)
    {
        if (_open is not null) await CloseAsync(cancel);
        await _publishing;
        if (Missing() is [var (first, end), ..]) throw new InvalidOperationException($"chunks {first} to {end - 1} of {_grid.Count} were not appended");
        foreach (var path in _superseded) await _store.RemoveAsync(path, cancel);
        // Of a table that was taken over nobody knows whether the flush of its name came through; what is published below flushes the names of segments.
        if (_superseded.Count > 0 || _mayHaveCopies) await _store.FlushFolderAsync(StoreNames.Tables(_draft.Id, _disk), cancel);
        _superseded.Clear();
        var sums = StoreNames.Sums(_draft.Id, _disk);
        // A copy of an earlier attempt names other segments.
        if (_mayHaveCopies) await _store.RemoveAsync(sums, cancel);
        return _segments.Count == 0 && !_draft.StandsAlone ? null : await StoreBytes.PublishAsync(_store, sums, SumsFile.Of(_segments), cancel);
    }

    /// <summary>Takes what an earlier attempt published as done.</summary>
    internal void Adopt(DiskFindings findings)
    {
        _mayHaveCopies = true;
        _tables.Clear();
        _tables.AddRange(findings.Tables);
        _segments.Clear();
        _segments.AddRange(findings.Segments);
        _superseded.Clear();
        _superseded.AddRange(findings.Superseded);
        foreach (var (first, attempt) in findings.Attempts) _attempts[first] = Math.Max(attempt, _attempts.GetValueOrDefault(first));
    }

    /// <summary>Reads the rows of a published table.</summary>
    public async Task<ChunkTable> ReadTableAsync(CommittedTable table, CancellationToken cancel)
    {
        var path = StoreNames.Tables(_draft.Id, _disk) / table.Entry.Name;
        var stored = await StoreBytes.ReadCheckedAsync(_store, path, table.Entry.Length, table.Entry.Sha256, TableFormat.MaxStoredBytes, cancel);
        return TableFile.Open(stored, _seal, _tableTransform, path.Text);
    }

    /// <summary>Gives up a published table, because the disk has changed since: its range is missing again.</summary>
    /// <remarks>In an image that stands alone table and segment are removed, the table first. In others the segment stays, for unchanged chunks in it are still referred to.</remarks>
    public async Task DropAsync(CommittedTable table, CancellationToken cancel)
    {
        _tables.Remove(table);
        _attempts[table.Name.FirstChunk] = Math.Max(table.Name.Attempt, _attempts.GetValueOrDefault(table.Name.FirstChunk));
        var path = StoreNames.Tables(_draft.Id, _disk) / table.Entry.Name;
        if (!_draft.StandsAlone)
        {
            _superseded.Add(path);
            return;
        }

        await _store.RemoveAsync(path, cancel);
        await _store.FlushFolderAsync(path.Folder, cancel);
        var segment = StoreNames.Segment(_draft.Id, _disk, table.Name);
        await _store.RemoveAsync(segment, cancel);
        await _store.FlushFolderAsync(segment.Folder, cancel);
        _segments.RemoveAll(file => file.Name == segment.Name);
    }

    /// <summary>Forgets what was open when a fault came, and clears away what it left in the store.</summary>
    public async Task RestartAsync(CancellationToken cancel)
    {
        await AbandonAsync();
        _publishing = Task.CompletedTask;
        (_nextChunk, _mayHaveCopies) = (0, true);
        await DiskSurvey.ClearStraysAsync(_store, _draft.Id, _disk, this, cancel);
    }

    /// <summary>Closes what is open without publishing it.</summary>
    public async ValueTask DisposeAsync() => await AbandonAsync();

    internal void NoteAttempt(SegmentName name) => _attempts[name.FirstChunk] = Math.Max(name.Attempt, _attempts.GetValueOrDefault(name.FirstChunk));

    internal bool IsSuperseded(StorePath path) => _superseded.Contains(path);

    private async Task AbandonAsync()
    {
        if (_open is { } open)
        {
            _open = null;
            await open.DisposeAsync();
        }

        // Whoever comes here already has the fault that matters; the publication's own one is the same cut seen from another side.
        await _publishing.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private async ValueTask<OpenTable> OpenAsync(CancellationToken cancel)
    {
        // A publication that failed ends the job now, not a segment later.
        if (_publishing.IsFaulted) await _publishing;
        if (_open is not null) return _open;
        var name = new SegmentName((uint)_nextChunk, _attempts.GetValueOrDefault((uint)_nextChunk) + 1, _seal.IsEncrypted);
        if (name.Attempt > SegmentName.MaxAttempt) throw new RefusedFault("the image was tried too often") { Which = _draft.Id.Text, Remedy = "Delete it and begin anew." };
        return _open = new OpenTable(name, _segmentBytes(), _seal.NewSegment(), _store.CreateAsync, StoreNames.Part(StoreNames.Segment(_draft.Id, _disk, name)));
    }

    private async ValueTask AdvanceAsync(CancellationToken cancel)
    {
        _nextChunk++;
        var open = _open!;
        if (open.FrameBytes >= open.MostBytes || open.Rows.Count == ChunkTable.MaxRows || open.Sources.Count == TableFormat.MaxSources) await CloseAsync(cancel);
    }

    private async ValueTask CloseAsync(CancellationToken cancel)
    {
        var open = _open!;
        await _publishing;
        _open = null;
        _publishing = PublishAsync(open, cancel);
    }

    private async Task PublishAsync(OpenTable open, CancellationToken cancel)
    {
        await using (open)
        {
            await open.FinishAsync(cancel);
        }

        var final = StoreNames.Segment(_draft.Id, _disk, open.Name);
        if (open.HasSegment) await StoreBytes.PublishPartAsync(_store, open.Part, final, open.Length, open.Hash, cancel);
        var table = new ChunkTable
        {
            Image = _draft.Id,
            Disk = _disk,
            Name = open.Name,
            ChunkBytes = _grid.ChunkBytes,
            KeyId = _seal.KeyId,
            SegmentLength = open.Length,
            SegmentHash = open.Hash,
            Sources = open.Sources,
            Rows = open.Rows,
        };
        var file = await StoreBytes.PublishAsync(_store, StoreNames.Table(_draft.Id, _disk, open.Name), TableFile.Make(table, _seal, _tableTransform), cancel);
        var segment = open.HasSegment ? new StoredFile(final.Name, open.Length, open.Hash.ToString()) : null;
        Insert(new CommittedTable(new TableEntry(file.Name, open.Rows.Count, file.Length, file.Sha256), open.Name, segment, open.Sources));
    }

    // Ranges of an earlier attempt may lie behind the one just written.
    private void Insert(CommittedTable table)
    {
        var place = _tables.FindIndex(other => other.First > table.First);
        _tables.Insert(place < 0 ? _tables.Count : place, table);
        if (table.Segment is null) return;
        _segments.Add(table.Segment);
        _segments.Sort(SumsFile.InDiskOrder);
    }
}
