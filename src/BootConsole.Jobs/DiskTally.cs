// What became of each chunk of a disk, whichever attempt saved it.
using BootConsole.Core;
using BootConsole.Images;

namespace BootConsole.Jobs;

/// <summary>Kinds and unreadable ranges of one disk of an image being made. A range that is saved again replaces what was noted of it. One byte a chunk.</summary>
internal sealed class DiskTally(ChunkGrid grid)
{
    private readonly byte[] _kinds = new byte[grid.Count];
    private RangeSet _unreadable = RangeSet.Empty;

    /// <summary>Used bytes that could not be read.</summary>
    internal RangeSet Unreadable => _unreadable;

    /// <summary>Notes a chunk or run.</summary>
    internal void Note(long first, int count, ChunkKind kind, RangeSet unreadable)
    {
        _kinds.AsSpan((int)first, count).Fill((byte)kind);
        if (!_unreadable.IsEmpty) _unreadable = _unreadable.Except(RangeSet.Of(grid.Range(first, count)));
        if (!unreadable.IsEmpty) _unreadable = _unreadable.Union(unreadable);
    }

    /// <summary>Chunks by kind.</summary>
    internal KindCounts Count()
    {
        var counts = new long[(int)ChunkKind.Unreadable + 1];
        foreach (var kind in _kinds) counts[kind]++;
        return new KindCounts
        {
            Data = counts[(int)ChunkKind.Data],
            Same = counts[(int)ChunkKind.Same],
            Zero = counts[(int)ChunkKind.Zero],
            Unused = counts[(int)ChunkKind.Unused],
            Unreadable = counts[(int)ChunkKind.Unreadable],
        };
    }
}
