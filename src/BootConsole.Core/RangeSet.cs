// A set of bytes kept as sorted, separate ranges: used maps, unreadable ranges, what a plan skips.
namespace BootConsole.Core;

/// <summary>An immutable set of byte positions. Its ranges are sorted, not empty, and neither overlap nor touch.</summary>
public sealed class RangeSet
{
    private readonly ByteRange[] _ranges;

    private RangeSet(ByteRange[] ranges) => _ranges = ranges;

    /// <summary>The set without a byte.</summary>
    public static RangeSet Empty { get; } = new([]);

    /// <summary>The ranges in ascending order.</summary>
    public IReadOnlyList<ByteRange> Ranges => _ranges;

    /// <summary>How many bytes the set holds.</summary>
    public long TotalBytes => _ranges.Sum(range => range.Length);

    /// <summary>True when the set holds no byte.</summary>
    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>The set of all bytes of the given ranges, which may come in any order and overlap.</summary>
    public static RangeSet Of(params IEnumerable<ByteRange> ranges)
    {
        var sorted = ranges.Where(range => !range.IsEmpty).ToArray();
        Array.Sort(sorted);
        var count = 0;
        foreach (var range in sorted)
        {
            if (count > 0 && range.Start <= sorted[count - 1].End)
                sorted[count - 1] = ByteRange.FromEnds(sorted[count - 1].Start, Math.Max(sorted[count - 1].End, range.End));
            else
                sorted[count++] = range;
        }

        return count == 0 ? Empty : new RangeSet(sorted[..count]);
    }

    /// <summary>All bytes of this set and of <paramref name="other"/>.</summary>
    public RangeSet Union(RangeSet other) => Of(_ranges.Concat(other._ranges));

    /// <summary>The bytes of <paramref name="whole"/> that this set does not hold.</summary>
    public RangeSet Complement(ByteRange whole)
    {
        var gaps = new List<ByteRange>();
        var position = whole.Start;
        for (var i = FirstEndingAfter(whole.Start); i < _ranges.Length && _ranges[i].Start < whole.End; i++)
        {
            if (_ranges[i].Start > position) gaps.Add(ByteRange.FromEnds(position, _ranges[i].Start));
            position = Math.Max(position, _ranges[i].End);
        }

        if (position < whole.End) gaps.Add(ByteRange.FromEnds(position, whole.End));
        return new RangeSet([.. gaps]);
    }

    /// <summary>The bytes that both sets hold.</summary>
    public RangeSet Intersect(RangeSet other) => Of(other._ranges.SelectMany(Within));

    /// <summary>The bytes of this set that <paramref name="other"/> does not hold.</summary>
    public RangeSet Except(RangeSet other) => Of(_ranges.SelectMany(range => other.Complement(range)._ranges));

    /// <summary>The parts of the set inside <paramref name="window"/>, in ascending order. Costs a binary search and what it returns.</summary>
    public IEnumerable<ByteRange> Within(ByteRange window)
    {
        for (var i = FirstEndingAfter(window.Start); i < _ranges.Length && _ranges[i].Start < window.End; i++)
            yield return _ranges[i].Intersect(window);
    }

    /// <summary>True when the set holds at least one byte of <paramref name="window"/>.</summary>
    public bool Overlaps(ByteRange window)
    {
        var i = FirstEndingAfter(window.Start);
        return !window.IsEmpty && i < _ranges.Length && _ranges[i].Start < window.End;
    }

    /// <summary>True when the set holds every byte of <paramref name="window"/>.</summary>
    public bool Contains(ByteRange window)
    {
        var i = FirstEndingAfter(window.Start);
        return window.IsEmpty || (i < _ranges.Length && _ranges[i].Contains(window));
    }

    /// <summary>The same set, every position moved by <paramref name="offset"/> bytes.</summary>
    public RangeSet Shift(long offset) => new([.. _ranges.Select(range => range.Shift(offset))]);

    private int FirstEndingAfter(long position)
    {
        int low = 0, high = _ranges.Length;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (_ranges[middle].End > position) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
