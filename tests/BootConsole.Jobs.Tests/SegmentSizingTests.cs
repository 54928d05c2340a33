// Lengths of segments by measured rate, alone and in a backup over a store of a known speed.
using BootConsole.Core;
using BootConsole.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Jobs.Tests;

public sealed class SegmentSizingTests
{
    private const double Mbit = 1e6 / 8;

    [Theory]
    [InlineData(1, 16)]
    [InlineData(10, 16)]
    [InlineData(10.01, 64)]
    [InlineData(100, 64)]
    [InlineData(101, 256)]
    [InlineData(1000, 256)]
    [InlineData(1001, 1024)]
    [InlineData(1e6, 1024)]
    public void A_steady_line_leads_to_its_entry_of_the_table(double mbitPerSecond, long mebibytes)
    {
        var sizing = new SegmentSizing(SegmentRate.Usual);
        Assert.Equal(16L << 20, sizing.Next(null));
        for (var segment = 0; segment < 3; segment++) sizing.Next(mbitPerSecond * Mbit);
        Assert.Equal(mebibytes << 20, sizing.Next(mbitPerSecond * Mbit));
    }

    [Fact]
    public void The_length_grows_step_by_step_and_shrinks_at_once()
    {
        var sizing = new SegmentSizing(SegmentRate.Usual);
        Assert.Equal([16, 64, 256, 1024, 16, 64], new double?[] { null, 9e9, 9e9, 9e9, 0, 9e9 }.Select(rate => sizing.Next(rate) >> 20));
        Assert.Equal(64L << 20, sizing.Next(null));
    }

    [Fact]
    public void A_first_measurement_counts_from_the_first_segment_on() => Assert.Equal(16L << 20, new SegmentSizing(SegmentRate.Usual).Next(9e9));

    [Fact]
    public void No_length_is_longer_than_the_table_has_for_the_rate() => Prop.ForAll(
        Arb.From(Gen.Choose(0, 2_000_000).Select(value => value * 1000.0).ListOf()),
        rates =>
        {
            var sizing = new SegmentSizing(SegmentRate.Usual);
            return rates.All(rate => sizing.Next(rate) <= SegmentRate.Usual.First(entry => entry.UpToBytesPerSecond is null || rate <= entry.UpToBytesPerSecond).SegmentBytes);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task In_a_backup_the_rate_of_one_segment_decides_on_the_next()
    {
        var room = new JobRoom();
        var source = SampleDisk.Make(SampleTable.None, 4 << 20, seed: 5);
        var plan = source.Plan();
        // At most 64 KiB go in 20 ms: 3 MB/s, less where the disk holds little.
        room.Store = new WatchedStore(room.Medium.Open()) { Before = (_, operation) => room.Clock.Move(TimeSpan.FromMilliseconds(operation.Kind == "append" ? 20 : 0)) };
        SegmentRate[] table = [new(100_000, 50_000), new(50_000_000, 300_000), new(null, 4 << 20)];
        var result = await new BackupJob(room.Context(), room.Store).RunAsync([plan], JobRoom.Options with { SegmentByRate = table }, default);
        var lengths = result.Manifest.Disks[0].Segments.Select(segment => segment.Length).ToList();
        Assert.InRange(lengths[0], 50_000, 130_000);
        Assert.All(lengths[1..^1], length => Assert.InRange(length, 300_000, 400_000));
        await room.VerifyAsync(result.Image);
    }
}
