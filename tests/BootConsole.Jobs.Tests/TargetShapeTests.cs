// The target of a restore as ranges: every byte has one turn.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Jobs.Tests;

public sealed class TargetShapeTests
{
    private const long MiB = 1 << 20;

    // Image and target of any two sizes from one sector, in sectors; partitions anywhere; with or without a GPT that is made anew, which takes 67 sectors at least.
    private static readonly Gen<(long Image, long Target, int Sector, DiskLayout Layout, bool IsRebuilt)> Cases =
        from sector in Gen.Elements(512, 4096)
        from imageSectors in Gen.Frequency((1, Gen.Choose(1, 100)), (3, Gen.Choose(100, 40_000)))
        from difference in Gen.Frequency((1, Gen.Constant(0)), (1, Gen.Choose(-40, 40)), (2, Gen.Choose(-20_000, 20_000)))
        from starts in Gen.Choose(0, imageSectors - 1).ListOf(3)
        from isRebuilt in Gen.Elements(true, false)
        let targetSectors = Math.Max(1, imageSectors + difference)
        let bounds = starts.Append(imageSectors).Order().ToList()
        let partitions = bounds.Zip(bounds.Skip(1)).Where(pair => pair.Second > pair.First).Select((pair, i) => new Partition(i + 1, ByteRange.FromEnds(pair.First * (long)sector, pair.Second * (long)sector), "83")).ToList()
        select (imageSectors * (long)sector, targetSectors * (long)sector, sector, new DiskLayout(TableKind.Mbr, sector, partitions), isRebuilt && targetSectors > imageSectors && imageSectors > 67);

    [Fact]
    public void Every_byte_of_the_target_that_the_image_has_is_written_once_or_held_back_or_erased() =>
        Prop.ForAll(Arb.From(Cases), RequireOneTurnForEveryByte).QuickCheckThrowOnFailure();

    // The ends of such targets meet; what the image does not have was once both erased and held back.
    [Theory]
    [InlineData(1, 1, 512)]
    [InlineData(1, 2, 512)]
    [InlineData(10, 40, 512)]
    [InlineData(1, 100, 512)]
    [InlineData(33, 67, 512)]
    [InlineData(40, 35, 512)]
    [InlineData(3, 12, 4096)]
    [InlineData(5, 6, 4096)]
    public void The_smallest_targets_have_one_turn_for_every_byte_too(int imageSectors, int targetSectors, int sector) =>
        RequireOneTurnForEveryByte((imageSectors * (long)sector, targetSectors * (long)sector, sector, new DiskLayout(TableKind.Mbr, sector, []), false));

    [Fact]
    public void The_first_and_last_MiB_of_disk_and_partitions_are_written_even_where_unused() => Prop.ForAll(Arb.From(Cases), one =>
    {
        var shape = Shape(one);
        var edges = RangeSet.Of(Chunks(one.Image).SelectMany(shape.WritableEdges));
        Assert.True(edges.Except(RangeSet.Of(Chunks(one.Image).SelectMany(shape.Writable))).IsEmpty);
        var done = edges.Union(shape.Erased).Union(RangeSet.Of(shape.Head, shape.Tail));
        List<ByteRange> wanted = [new(0, Math.Min(MiB, one.Target)), ByteRange.FromEnds(Math.Max(0, one.Target - MiB), one.Target)];
        foreach (var partition in one.Layout.Partitions.Where(partition => partition.Range.End <= one.Target))
            wanted.AddRange([new(partition.Range.Start, Math.Min(MiB, partition.Range.Length)), ByteRange.FromEnds(Math.Max(partition.Range.Start, partition.Range.End - MiB), partition.Range.End)]);
        // What neither the image nor the last MiB of the target has is not touched.
        var reachable = RangeSet.Of(new ByteRange(0, Math.Min(one.Image, one.Target)), ByteRange.FromEnds(Math.Max(0, one.Target - MiB), one.Target));
        foreach (var range in wanted) Assert.True(done.Union(RangeSet.Of(new ByteRange(0, one.Target)).Except(reachable)).Contains(range), $"{range} is not written");
        // And the middle of what nobody uses is left alone.
        var near = RangeSet.Of(one.Layout.Partitions.Select(partition => partition.Range).Append(new ByteRange(0, Math.Min(one.Image, one.Target)))
            .SelectMany(range => (ByteRange[])[new(range.Start, Math.Min(MiB, range.Length)), ByteRange.FromEnds(Math.Max(range.Start, range.End - MiB), range.End)]));
        Assert.True(edges.Except(near).IsEmpty);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Entries_that_stand_where_neither_end_is_are_refused()
    {
        var layout = new DiskLayout(TableKind.Gpt, 512, []);
        var info = new DiskInfo { Path = "t", CanonicalPath = "t", Length = 200 * MiB, SectorBytes = 512, PhysicalSectorBytes = 512, IsImageFile = true };
        TableWrite[] zeros = [new(50 * MiB, new byte[512])], entries = [new(50 * MiB, new byte[] { 1 }.Concat(new byte[511]).ToArray())];
        Assert.Contains(new ByteRange(50 * MiB, 512), TargetShape.For(layout, 100 * MiB, info, zeros).Erased.Ranges);
        Assert.Throws<RefusedFault>(() => TargetShape.For(layout, 100 * MiB, info, entries));
    }

    private static void RequireOneTurnForEveryByte((long Image, long Target, int Sector, DiskLayout Layout, bool IsRebuilt) one)
    {
        var shape = Shape(one);
        var common = new ByteRange(0, Math.Min(one.Image, one.Target));
        var written = RangeSet.Of(Chunks(one.Image).SelectMany(shape.Writable));
        foreach (var set in (RangeSet[])[RangeSet.Of(shape.Head, shape.Tail), shape.Erased]) Assert.True(written.Intersect(set).IsEmpty);
        Assert.True(shape.Erased.Intersect(RangeSet.Of(shape.Head, shape.Tail)).IsEmpty);
        Assert.False(shape.Head.Overlaps(shape.Tail));
        var all = written.Union(RangeSet.Of(shape.Head, shape.Tail)).Union(shape.Erased);
        Assert.True(all.Contains(common), $"{common} is not covered");
        Assert.True(all.Except(RangeSet.Of(new ByteRange(0, one.Target))).IsEmpty, "nothing lies behind the target");
        Assert.Equal(Chunks(one.Image).SelectMany(shape.Writable).Sum(piece => piece.Length), written.TotalBytes);
        Assert.All(written.Ranges.Concat([shape.Head, shape.Tail]).Concat(shape.Erased.Ranges), range => Assert.True(range.Start % one.Sector == 0 && range.Length % one.Sector == 0, $"{range} is not whole sectors"));
    }

    private static TargetShape Shape((long Image, long Target, int Sector, DiskLayout Layout, bool IsRebuilt) one)
    {
        var info = new DiskInfo { Path = "t", CanonicalPath = "t", Length = one.Target, SectorBytes = one.Sector, PhysicalSectorBytes = one.Sector, IsImageFile = true };
        // As GptRebuild clears the old backup: entries and header at the image's end, as far as the new ones leave room.
        var backup = (16 << 10) + one.Sector;
        var old = !one.IsRebuilt ? default : ByteRange.FromEnds(one.Image - backup, Math.Max(one.Image - backup, Math.Min(one.Image, one.Target - backup)));
        return TargetShape.For(one.Layout, one.Image, info, !old.IsEmpty ? [new TableWrite(old.Start, new byte[old.Length])] : []);
    }

    private static IEnumerable<ByteRange> Chunks(long bytes) => new Images.ChunkGrid(bytes, 64 << 10) is var grid ? Enumerable.Range(0, (int)grid.Count).Select(chunk => grid.Range(chunk)) : [];
}
