// Content that the store has already: found by its hash, wherever on the disk it was.
using BootConsole.Core;

namespace BootConsole.Images;

/// <summary>Where a frame lies.</summary>
/// <param name="Segment">The committed segment.</param>
/// <param name="Offset">Where the frame starts in the segment's frames.</param>
/// <param name="StoredBytes">Its length.</param>
public readonly record struct KnownFrame(SegmentReference Segment, long Offset, int StoredBytes);

/// <summary>
/// The chunks of committed segments by their hashes. About 60 bytes a chunk: 60 MiB for a million of them. Filled by one caller before others look things up.
/// </summary>
public sealed class KnownChunks
{
    private const int FirstCapacity = 4096;

    private readonly List<SegmentReference> _segments = [];
    private readonly Dictionary<SegmentReference, int> _indices = [];
    private int[] _buckets = new int[FirstCapacity];
    private Entry[] _entries = new Entry[FirstCapacity];

    /// <summary>Number of different chunks.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the chunks of a table whose segments are at hand.</summary>
    /// <param name="table">The table.</param>
    /// <param name="isAtHand">True for a segment that is in the store in its full length.</param>
    public void Add(ChunkTable table, Func<SegmentReference, bool> isAtHand)
    {
        int[] sources = [IndexOf(table.SegmentLength > 0 ? table.SourceOf(default) : null, isAtHand), .. table.Sources.Select(source => IndexOf(source, isAtHand))];
        foreach (var row in table.Rows)
            if (row.HasContent && sources[row.Source] >= 0) Add(row, sources[row.Source]);
    }

    /// <summary>Looks a chunk up.</summary>
    public bool TryFind(ChunkHash hash, out KnownFrame frame)
    {
        for (var i = _buckets[Bucket(hash)]; i > 0; i = _entries[i - 1].Next)
        {
            ref readonly var entry = ref _entries[i - 1];
            if (entry.Hash != hash) continue;
            frame = new KnownFrame(_segments[entry.Segment], entry.Offset, entry.StoredBytes);
            return true;
        }

        frame = default;
        return false;
    }

    private int IndexOf(SegmentReference? segment, Func<SegmentReference, bool> isAtHand)
    {
        if (segment is null) return -1;
        if (_indices.TryGetValue(segment, out var known)) return known;
        var index = -1;
        if (isAtHand(segment))
        {
            index = _segments.Count;
            _segments.Add(segment);
        }

        return _indices[segment] = index;
    }

    private void Add(ChunkRow row, int segment)
    {
        if (TryFind(row.Hash, out _)) return;
        if (Count == _entries.Length) Grow();
        var bucket = Bucket(row.Hash);
        _entries[Count++] = new Entry(row.Hash, row.Offset, segment, row.StoredBytes, _buckets[bucket]);
        _buckets[bucket] = Count;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _buckets = new int[_entries.Length];
        for (var i = 0; i < Count; i++)
        {
            var bucket = Bucket(_entries[i].Hash);
            _entries[i] = _entries[i] with { Next = _buckets[bucket] };
            _buckets[bucket] = i + 1;
        }
    }

    // A power of two of buckets, and a hash that nobody can steer without finding SHA-256 prefixes.
    private int Bucket(ChunkHash hash) => hash.GetHashCode() & (_buckets.Length - 1);

    private readonly record struct Entry(ChunkHash Hash, long Offset, int Segment, int StoredBytes, int Next);
}
