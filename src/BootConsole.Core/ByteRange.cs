// A piece of a disk, partition or file: where it starts and how long it is, in bytes.
namespace BootConsole.Core;

/// <summary>A half-open range of bytes, <c>[Start, End)</c>. Positions on disks are always of this type, never two naked longs.</summary>
public readonly record struct ByteRange : IComparable<ByteRange>
{
    /// <summary>Makes a range.</summary>
    /// <param name="start">First byte; zero or more.</param>
    /// <param name="length">Number of bytes; zero or more. The end must fit in 63 bits.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative or the end overflows.</exception>
    public ByteRange(long start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, long.MaxValue - start);
        Start = start;
        Length = length;
    }

    /// <summary>First byte.</summary>
    public long Start { get; }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>The byte after the last one.</summary>
    public long End => Start + Length;

    /// <summary>True when the range holds no byte.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Makes a range from its two ends.</summary>
    /// <param name="start">First byte.</param>
    /// <param name="end">The byte after the last one; not before <paramref name="start"/>.</param>
    public static ByteRange FromEnds(long start, long end) => new(start, checked(end - start));

    /// <summary>True when <paramref name="other"/> lies wholly inside this range.</summary>
    public bool Contains(ByteRange other) => other.Start >= Start && other.End <= End;

    /// <summary>True when the two ranges share at least one byte.</summary>
    public bool Overlaps(ByteRange other) => Start < other.End && other.Start < End;

    /// <summary>The bytes that both ranges hold; empty (at this range's start or later) when there are none.</summary>
    public ByteRange Intersect(ByteRange other)
    {
        var start = Math.Max(Start, other.Start);
        var end = Math.Min(End, other.End);
        return end > start ? FromEnds(start, end) : new ByteRange(start, 0);
    }

    /// <summary>The same range, moved by <paramref name="offset"/> bytes.</summary>
    public ByteRange Shift(long offset) => new(checked(Start + offset), Length);

    /// <summary>Orders by start, then by length.</summary>
    public int CompareTo(ByteRange other) => Start != other.Start ? Start.CompareTo(other.Start) : Length.CompareTo(other.Length);

    /// <summary><c>start+length</c> in decimal bytes.</summary>
    public override string ToString() => $"{Start}+{Length}";

    /// <summary>Orders by start, then by length.</summary>
    public static bool operator <(ByteRange left, ByteRange right) => left.CompareTo(right) < 0;

    /// <summary>Orders by start, then by length.</summary>
    public static bool operator >(ByteRange left, ByteRange right) => left.CompareTo(right) > 0;

    /// <summary>Orders by start, then by length.</summary>
    public static bool operator <=(ByteRange left, ByteRange right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by start, then by length.</summary>
    public static bool operator >=(ByteRange left, ByteRange right) => left.CompareTo(right) >= 0;
}
