// The small parts that every map is built of, against slow models.
using BootConsole.Core;
using BootConsole.Disks.UsedMaps;

namespace BootConsole.Disks.Tests.UsedMaps;

public sealed class UsedRangesModelTests
{
    private const int UnitBytes = 3;

    [Fact]
    public void Runs_of_bits_and_of_single_units_are_those_of_a_slow_model()
    {
        var random = new Random(21);
        for (var round = 0; round < 2000; round++)
        {
            var units = random.Next(1, 400);
            var states = RandomStates(random, units);
            var heap = new ByteRange(1000, units * UnitBytes);
            var expected = RangeSet.Of(Enumerable.Range(0, units).Where(unit => states[unit]).Select(unit => new ByteRange(1000 + unit * UnitBytes, UnitBytes)));

            var fromBits = new UsedRangeBuilder(1000);
            var bits = new UnitRuns(heap, UnitBytes, fromBits);
            // More bits than units, as in every bitmap whose last byte is not full.
            var bitmap = new byte[(units + 7) / 8 + 2];
            for (var unit = 0; unit < units; unit++) bitmap[unit / 8] |= (byte)(states[unit] ? 1 << (unit % 8) : 0);
            bitmap[^1] = 0xFF;
            var cut = random.Next(bitmap.Length);
            bits.AddBits(bitmap.AsSpan(0, cut));
            bits.AddBits(bitmap.AsSpan(cut));

            var fromUnits = new UsedRangeBuilder(1000);
            var single = new UnitRuns(heap, UnitBytes, fromUnits);
            foreach (var state in states) single.Add(state);

            Assert.Equal(expected.Ranges, fromBits.Build().Ranges);
            Assert.Equal(expected.Ranges, fromUnits.Build().Ranges);
            Assert.Equal((states.Count(state => state), true), ((int)bits.UsedUnits, bits.IsComplete));
            Assert.Equal(bits.UsedUnits, single.UsedUnits);
        }
    }

    [Fact]
    public void A_limited_builder_keeps_every_byte_and_stays_within_its_limit()
    {
        var random = new Random(22);
        for (var round = 0; round < 500; round++)
        {
            var limit = random.Next(1, 20);
            var builder = new UsedRangeBuilder(limit);
            var added = new List<ByteRange>();
            long position = 0;
            for (var i = random.Next(200); i > 0; i--)
            {
                added.Add(new ByteRange(position, random.Next(0, 50_000)));
                position = added[^1].Start + random.Next(0, 100_000);
                builder.Add(added[^1]);
            }

            var built = builder.Build();
            Assert.InRange(built.Ranges.Count, 0, limit);
            Assert.Empty(RangeSet.Of(added).Except(built).Ranges);
        }
    }

    [Fact]
    public void Below_its_limit_a_builder_adds_nothing()
    {
        var builder = new UsedRangeBuilder(3);
        foreach (var start in new[] { 0, 10, 20 }) builder.Add(new ByteRange(start, 5));
        Assert.Equal([new ByteRange(0, 5), new ByteRange(10, 5), new ByteRange(20, 5)], builder.Build().Ranges);
    }

    [Fact]
    public void A_table_that_points_behind_the_partition_is_refused_although_the_disk_goes_on()
    {
        using var disk = new MemoryDisk([], length: 10_000);
        var reader = new PartitionReader(disk, new ByteRange(1000, 2000), new JobProgress(), CancellationToken.None);
        Assert.Equal(500, reader.Read(1500, 500).Length);
        Assert.Throws<UnprovenMapException>(() => reader.Read(1501, 500));
        Assert.Throws<UnprovenMapException>(() => reader.Read(-1, 500));
        Assert.Throws<UnprovenMapException>(() => reader.Stream(new ByteRange(1999, 2), _ => { }));
    }

    [Theory]
    [InlineData("1101050000", 1, 5, 1)]
    [InlineData("210300010000", 1, 256, 3)]
    [InlineData("01080000", 1, -1, 8)]
    [InlineData("1108FF0000", 1, -1, 8)]
    public void Mapping_pairs_are_decoded(string pairs, int runs, long place, long count)
    {
        var decoded = NtfsRuns.Decode(Convert.FromHexString(pairs), firstVcn: 7, clusters: 300);
        Assert.Equal(runs, decoded.Count);
        Assert.Equal(new NtfsRun(7, place, count), decoded[0]);
    }

    [Fact]
    public void Mapping_pairs_step_backwards_too() =>
        Assert.Equal(
            [new NtfsRun(0, 100, 4), new NtfsRun(4, 96, 2), new NtfsRun(6, -1, 1), new NtfsRun(7, 97, 1)],
            NtfsRuns.Decode(Convert.FromHexString("110464" + "1102FC" + "0101" + "110101" + "00"), 0, 300));

    [Theory]
    [InlineData("")]
    [InlineData("11")]
    [InlineData("110105")]
    [InlineData("1001")]
    [InlineData("11000500")]
    [InlineData("11FF0500")]
    [InlineData("19010101010101010101010101")]
    [InlineData("2102FF0000")]
    [InlineData("2102810200")]
    [InlineData("1101FE00")]
    public void Broken_mapping_pairs_are_refused(string pairs) =>
        Assert.Throws<UnprovenMapException>(() => NtfsRuns.Decode(Convert.FromHexString(pairs), 0, clusters: 256));

    // Long and short runs alike.
    private static bool[] RandomStates(Random random, int units)
    {
        var states = new bool[units];
        var state = random.Next(2) == 0;
        for (var unit = 0; unit < units;)
        {
            for (var run = random.Next(1, random.Next(2) == 0 ? 4 : 150); run > 0 && unit < units; run--) states[unit++] = state;
            state = !state;
        }

        return states;
    }
}
