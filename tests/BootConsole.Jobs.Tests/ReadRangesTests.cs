// Which reads cover the used bytes of a chunk.
using BootConsole.Core;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Jobs.Tests;

public sealed class ReadRangesTests
{
    private const int ChunkBytes = 1 << 20;

    private static readonly Gen<(RangeSet Used, ByteRange Chunk, int Sector)> Cases =
        from sector in Gen.Elements(512, 4096)
        from first in Gen.Choose(0, 3)
        from length in Gen.Frequency((3, Gen.Constant(ChunkBytes / sector)), (1, Gen.Choose(1, ChunkBytes / sector)))
        from ranges in (from start in Gen.Choose(0, ChunkBytes - 1) from size in Gen.Frequency((2, Gen.Choose(1, 5000)), (1, Gen.Choose(1, 300_000))) select (start, size)).ListOf()
        let chunk = new ByteRange(first * (long)ChunkBytes, length * (long)sector)
        select (RangeSet.Of(ranges.Select(range => new ByteRange(chunk.Start + range.start, range.size))).Intersect(RangeSet.Of(chunk)), chunk, sector);

    [Fact]
    public void They_cover_every_used_byte_inside_the_chunk_in_whole_sectors_and_skip_what_is_worth_it() => Prop.ForAll(Arb.From(Cases), one =>
    {
        var (used, chunk, sector) = one;
        var reads = ReadRanges.Cover(used.Within(chunk), chunk, sector).ToList();
        Assert.All(reads, read => Assert.True(chunk.Contains(read) && read.Length > 0 && read.Start % sector == 0 && read.End % sector == 0, $"{read} in {chunk}"));
        Assert.True(used.Except(RangeSet.Of(reads)).IsEmpty);
        foreach (var (left, right) in reads.Zip(reads.Skip(1))) Assert.InRange(right.Start - left.End, 64 << 10, chunk.Length);
        // Nothing is read that is far from everything used: short gaps, and what fills the pages at both ends.
        Assert.All(RangeSet.Of(reads).Except(used).Ranges, extra => Assert.InRange(extra.Length, 1, (64 << 10) + 2 * 4096));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_used_is_nothing_read() => Assert.Empty(ReadRanges.Cover([], new ByteRange(0, ChunkBytes), 512));
}
