// Sets of byte ranges against the simplest model there is: an array of bools.
using BootConsole.Core;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Core.Tests;

public sealed class RangeSetTests
{
    private const int Size = 64;

    private static readonly Gen<RangeSet> Sets =
        from ranges in (from start in Gen.Choose(0, Size - 1) from length in Gen.Choose(0, Size - 1 - start) select new ByteRange(start, length)).ListOf()
        select RangeSet.Of(ranges);

    private static readonly Gen<ByteRange> Windows = from start in Gen.Choose(0, Size - 1) from length in Gen.Choose(0, Size - start) select new ByteRange(start, length);

    [Fact]
    public void Ranges_are_sorted_separate_and_not_empty() => Check(Sets, set =>
        set.Ranges.All(range => !range.IsEmpty) && set.Ranges.Zip(set.Ranges.Skip(1)).All(pair => pair.First.End < pair.Second.Start));

    [Fact]
    public void Union_intersection_and_difference_agree_with_the_model() => Check(Sets.Two(), pair =>
    {
        var (a, b) = pair;
        var (left, right) = (Bits(a), Bits(b));
        return Bits(a.Union(b)).SequenceEqual(left.Zip(right, (x, y) => x || y))
            && Bits(a.Intersect(b)).SequenceEqual(left.Zip(right, (x, y) => x && y))
            && Bits(a.Except(b)).SequenceEqual(left.Zip(right, (x, y) => x && !y));
    });

    [Fact]
    public void Complement_within_overlaps_and_contains_agree_with_the_model() => Check(from set in Sets from window in Windows select (set, window), pair =>
    {
        var (set, window) = pair;
        var bits = Bits(set);
        var inside = Enumerable.Range((int)window.Start, (int)window.Length).ToList();
        return Bits(set.Complement(window)).Select((bit, i) => bit == (inside.Contains(i) && !bits[i])).All(ok => ok)
            && Bits(RangeSet.Of(set.Within(window))).Select((bit, i) => bit == (inside.Contains(i) && bits[i])).All(ok => ok)
            && set.Overlaps(window) == inside.Any(i => bits[i])
            && set.Contains(window) == inside.All(i => bits[i]);
    });

    [Fact]
    public void The_end_of_a_range_may_not_overflow()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteRange(long.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteRange(-1, 1));
        Assert.Equal(long.MaxValue, new ByteRange(long.MaxValue - 1, 1).End);
    }

    private static bool[] Bits(RangeSet set)
    {
        var bits = new bool[Size];
        foreach (var range in set.Ranges)
            for (var i = range.Start; i < range.End; i++) bits[i] = true;
        return bits;
    }

    private static void Check<T>(Gen<T> values, Func<T, bool> holds) => Prop.ForAll(Arb.From(values), holds).QuickCheckThrowOnFailure();
}
