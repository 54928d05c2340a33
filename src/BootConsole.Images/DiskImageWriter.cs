// Writes the segments and tables of one disk, in disk order: one segment open, at most one more awaiting its flush.
using System.Security.Cryptography;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>The stored side of one disk of an image being made. Used by one caller at a time, in disk order.</summary>
public sealed class DiskImageWriter : IAsyncDisposable
{
    private readonly IDeleteStore _store;
    private readonly ImageId _image;
    private readonly int _disk;
    private readonly ChunkGrid _grid;
    private readonly Func<long> _segmentBytes;
    private readonly IChunkTransform _tableTransform;
    private readonly List<TableEntry> _tables = [];
    private readonly List<StoredFile> _segments = [];
    private OpenSegment? _open;
    private Task _publishing = Task.CompletedTask;
    private long _nextChunk;

    internal DiskImageWriter(IDeleteStore store, ImageId image, int disk, ChunkGrid grid, Func<long> segmentBytes, IChunkTransform tableTransform) =>
        (_store, _image, _disk, _grid, _segmentBytes, _tableTransform) = (store, image, disk, grid, segmentBytes, tableTransform);

    /// <summary>The published tables in disk order. Complete after <see cref="FinishAsync"/>.</summary>
    public IReadOnlyList<TableEntry> Tables => _tables;

    /// <summary>The published segments in disk order. Complete after <see cref="FinishAsync"/>.</summary>
    public IReadOnlyList<StoredFile> Segments => _segments;

    /// <summary>Appends the next chunk.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="hash">SHA-256 of its padded plain bytes.</param>
    /// <param name="frame">Its frame; taken over before the call returns.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public async ValueTask AppendAsync(ChunkKind kind, ChunkHash hash, ReadOnlyMemory<byte> frame, CancellationToken cancel)
    {
        // A publication that failed ends the job now, not a segment later.
        if (_publishing.IsFaulted) await _publishing;
        var segment = _open ??= await OpenAsync(cancel);
        await segment.AppendAsync(kind, hash, frame, cancel);
        _nextChunk++;
        if (segment.Length >= segment.MostBytes || segment.Rows.Count == ChunkTable.MaxRows) await CloseAsync(cancel);
    }

    /// <summary>Publishes what is open and writes SHA256SUMS.</summary>
    /// <returns>The entry of SHA256SUMS.</returns>
    public async Task<StoredFile> FinishAsync(CancellationToken cancel)
    {
        if (_nextChunk != _grid.Count) throw new InvalidOperationException($"{_nextChunk} of {_grid.Count} chunks were appended");
        if (_open is not null) await CloseAsync(cancel);
        await _publishing;
        return await StoreBytes.PublishAsync(_store, StoreNames.Sums(_image, _disk), SumsFile.Of(_segments), cancel);
    }

    /// <summary>Closes what is open without publishing it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_open is not null) await _open.DisposeAsync();
        _open = null;
        // Whoever disposes early already has the fault that matters; the publication's own one is the same cut seen from another side.
        await _publishing.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private async Task<OpenSegment> OpenAsync(CancellationToken cancel)
    {
        var name = new SegmentName((uint)_nextChunk, 1);
        var part = StoreNames.Part(StoreNames.Segment(_image, _disk, name));
        return new OpenSegment(name, part, _segmentBytes(), await _store.CreateAsync(part, cancel));
    }

    private async ValueTask CloseAsync(CancellationToken cancel)
    {
        var segment = _open!;
        await _publishing;
        _open = null;
        _publishing = PublishAsync(segment, cancel);
    }

    private async Task PublishAsync(OpenSegment segment, CancellationToken cancel)
    {
        await using (segment)
        {
            await segment.FinishAsync(cancel);
        }

        var final = StoreNames.Segment(_image, _disk, segment.Name);
        await StoreBytes.PublishPartAsync(_store, segment.Part, final, segment.Length, segment.Hash, cancel);
        var table = new ChunkTable
        {
            Image = _image,
            Disk = _disk,
            Name = segment.Name,
            ChunkBytes = _grid.ChunkBytes,
            SegmentLength = segment.Length,
            SegmentHash = segment.Hash,
            Rows = segment.Rows,
        };
        var plain = TableFormat.Write(table);
        var stored = new byte[_tableTransform.MaxApplied(plain.Length)];
        var length = _tableTransform.Apply(plain, stored);
        var file = await StoreBytes.PublishAsync(_store, StoreNames.Table(_image, _disk, segment.Name), stored.AsMemory(0, length), cancel);
        _segments.Add(new StoredFile(final.Name, segment.Length, segment.Hash.ToString()));
        _tables.Add(new TableEntry(file.Name, segment.Rows.Count, file.Length, file.Sha256));
    }

    /// <summary>A segment that is being written, with the rows of its table.</summary>
    private sealed class OpenSegment(SegmentName name, StorePath part, long mostBytes, IStoreWriter file) : IAsyncDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        internal SegmentName Name => name;

        internal StorePath Part => part;

        internal long Length => file.Length;

        /// <summary>Stored bytes at which it is closed.</summary>
        internal long MostBytes => mostBytes;

        internal ChunkHash Hash { get; private set; }

        internal List<ChunkRow> Rows { get; } = [];

        internal async ValueTask AppendAsync(ChunkKind kind, ChunkHash hash, ReadOnlyMemory<byte> frame, CancellationToken cancel)
        {
            Rows.Add(new ChunkRow(kind, 0, file.Length, frame.Length, hash));
            _hash.AppendData(frame.Span);
            await file.AppendAsync(frame, cancel);
        }

        internal async Task FinishAsync(CancellationToken cancel)
        {
            Hash = new ChunkHash(_hash.GetHashAndReset());
            await file.FinishAsync(cancel);
        }

        public async ValueTask DisposeAsync()
        {
            _hash.Dispose();
            await file.DisposeAsync();
        }
    }
}
