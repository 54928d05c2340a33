// Space outside the partitions.
using BootConsole.Core;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Disks.Tests;

public sealed class GapPlanTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public void Partitions_data_and_unused_tile_the_disk_whatever_the_layout()
    {
        var layouts = from cuts in Gen.Choose(1, 4_000_000).ListOf()
                      from size in Gen.Choose(4_000_000, 6_000_000)
                      from policy in Gen.Elements(GapPolicy.Smart, GapPolicy.All)
                      from kind in Gen.Elements(TableKind.Gpt, TableKind.Mbr)
                      select (Cuts: cuts.Distinct().Order().ToArray(), Bytes: size * 512L, policy, kind);
        Prop.ForAll(layouts.ToArbitrary(), input =>
        {
            // Every second piece between two cuts is a partition.
            var partitions = input.Cuts.Zip(input.Cuts.Skip(1)).Where((_, index) => index % 2 == 0)
                .Select((pair, index) => new Partition(index + 1, ByteRange.FromEnds(pair.First * 512L, pair.Second * 512L), "83")).ToArray();
            AssertTiles(Layout(input.kind, partitions), input.Bytes, input.policy);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_middle_of_a_gap_over_64_MiB_is_left_out_and_said()
    {
        var layout = Layout(TableKind.Gpt, [new Partition(1, new ByteRange(MiB, 100 * MiB), "83"), new Partition(2, new ByteRange(201 * MiB, MiB), "83")]);
        var plan = GapPlan.For(layout, 266 * MiB, GapPolicy.Smart);
        Assert.Equal([ByteRange.FromEnds(102 * MiB, 200 * MiB)], plan.Unused.Ranges);
        Assert.Equal(["100 MiB from byte 105906176 belong to no partition; only the first and last MiB of them are saved."], plan.Notes);
        Assert.True(GapPlan.For(layout, 266 * MiB, GapPolicy.All).Unused.IsEmpty);
    }

    [Fact]
    public void A_gap_of_exactly_64_MiB_is_kept_whole()
    {
        var layout = Layout(TableKind.Gpt, [new Partition(1, new ByteRange(MiB, MiB), "83")]);
        Assert.True(GapPlan.For(layout, 66 * MiB, GapPolicy.Smart).Unused.IsEmpty);
        Assert.False(GapPlan.For(layout, 66 * MiB + 512, GapPolicy.Smart).Unused.IsEmpty);
    }

    [Fact]
    public void Table_bytes_inside_a_gap_are_data()
    {
        var record = new ByteRange(150 * MiB, 512);
        var layout = Layout(TableKind.Mbr, [new Partition(1, new ByteRange(MiB, MiB), "83")]) with { TableBytes = RangeSet.Of(record) };
        var plan = GapPlan.For(layout, 300 * MiB, GapPolicy.Smart);
        Assert.True(plan.Data.Contains(record));
        Assert.Equal(2, plan.Unused.Ranges.Count);
    }

    [Theory]
    [InlineData(TableKind.None, true)]
    [InlineData(TableKind.Gpt, false)]
    [InlineData(TableKind.Mbr, false)]
    public void Without_a_table_that_can_be_believed_every_byte_is_data(TableKind kind, bool isConsistent)
    {
        var plan = GapPlan.For(Layout(kind, []) with { IsConsistent = isConsistent }, 1L << 40, GapPolicy.Smart);
        Assert.Equal([new ByteRange(0, 1L << 40)], plan.Data.Ranges);
    }

    [Fact]
    public void A_distrusted_layout_keeps_every_byte_and_says_why()
    {
        var layout = Layout(TableKind.Mbr, [new Partition(1, new ByteRange(MiB, MiB), "83")]).Distrusted("The whole disk is an LVM member.");
        Assert.Empty(layout.Partitions);
        Assert.Equal(["The whole disk is an LVM member."], layout.Notes);
        Assert.Equal(300 * MiB, GapPlan.For(layout, 300 * MiB, GapPolicy.Smart).Data.TotalBytes);
    }

    internal static void AssertTiles(DiskLayout layout, long diskBytes, GapPolicy policy)
    {
        var plan = GapPlan.For(layout, diskBytes, policy);
        var partitions = RangeSet.Of(layout.Partitions.Select(partition => partition.Range));
        Assert.Equal(diskBytes, partitions.TotalBytes + plan.Data.TotalBytes + plan.Unused.TotalBytes);
        var tiled = partitions.Union(plan.Data).Union(plan.Unused);
        Assert.Equal([new ByteRange(0, diskBytes)], tiled.Ranges);
        Assert.True(plan.Unused.Intersect(layout.TableBytes).IsEmpty, "no byte of the table is left out");
        Assert.Equal(plan.Unused.IsEmpty, plan.Notes.Count == 0);
        foreach (var gap in partitions.Complement(new ByteRange(0, diskBytes)).Ranges)
        {
            Assert.True(plan.Data.Contains(new ByteRange(gap.Start, Math.Min(gap.Length, MiB))), "the first MiB of a gap is data");
            Assert.True(plan.Data.Contains(ByteRange.FromEnds(Math.Max(gap.Start, gap.End - MiB), gap.End)), "the last MiB of a gap is data");
        }
    }

    private static DiskLayout Layout(TableKind kind, IReadOnlyList<Partition> partitions) =>
        new(kind, 512, partitions) { TableBytes = RangeSet.Of(new ByteRange(0, 512)) };
}
