// What becomes of the space that nothing uses: left, discarded after the data, or wiped and read back.
using BootConsole.Core;
using BootConsole.Disks.Tables;
using BootConsole.Images;
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests;

public sealed class UnusedSpaceTests
{
    private const byte Junk = 0xA5;
    private const long DiskBytes = 24 << 20, LargerBytes = DiskBytes + (5 << 20) + 512;

    public static TheoryData<long, bool, bool> Targets => new() { { DiskBytes, false, false }, { DiskBytes, true, false }, { LargerBytes, false, false }, { LargerBytes, true, false }, { DiskBytes, true, true } };

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Wiped_it_is_zero_and_everything_else_as_ever(long targetBytes, bool onlyDifferences, bool isPartition)
    {
        var (room, image, source) = await BackupAsync();
        var options = new RestoreOptions { OnlyDifferences = onlyDifferences, Partitions = isPartition ? [1] : [] };
        var (left, wiped) = (Target(source, targetBytes), Target(source, targetBytes));
        await room.RestoreAsync(image, left, options: options);
        var result = await room.RestoreAsync(image, wiped, options: options with { Unused = UnusedSpace.Wipe });
        var unused = Unused(source, targetBytes, isPartition);
        var expected = left.Bytes.ToArray();
        foreach (var range in unused.Ranges) expected.AsSpan((int)range.Start, (int)range.Length).Clear();
        Assert.Equal(ChunkHash.Of(expected), ChunkHash.Of(wiped.Bytes));
        Assert.True(unused.TotalBytes > 1 << 20);
        Assert.InRange(result.WrittenBytes, unused.TotalBytes - (isPartition ? 2 << 20 : 0), targetBytes);
        // All of it was read back after it was written.
        var calls = wiped.Calls.ToList();
        var lastZero = calls.FindLastIndex(call => call.Deed == DiskDeed.Zero);
        var protectedPlaces = (await PlanAsync(room, image, wiped, options)).Shape.Protected;
        Assert.True(unused.Except(protectedPlaces).Except(RangeSet.Of(calls.Skip(lastZero).Where(call => call.Deed == DiskDeed.Read).Select(call => call.Range))).IsEmpty);
        if (!onlyDifferences) return;
        var again = await room.RestoreAsync(image, wiped, options: options with { Unused = UnusedSpace.Wipe });
        Assert.InRange(again.WrittenBytes, 0, targetBytes == DiskBytes ? 0 : 4 * SampleDisk.ChunkBytes);
    }

    [Fact]
    public async Task A_wipe_that_only_seems_to_work_is_found()
    {
        var (room, image, source) = await BackupAsync();
        var whole = Target(source, LargerBytes);
        await room.RestoreAsync(image, whole, options: new RestoreOptions { Unused = UnusedSpace.Wipe });
        var zeroings = whole.Calls.Where(call => call.Deed is DiskDeed.Write or DiskDeed.Zero).Index().Where(call => call.Item.Deed == DiskDeed.Zero).ToList();
        foreach (var lie in (int[])[zeroings[0].Index, zeroings[^1].Index])
        {
            var target = Target(source, LargerBytes);
            target.LieAtWrite = lie + 1;
            await Assert.ThrowsAsync<DiskFault>(() => room.RestoreAsync(image, target, options: new RestoreOptions { Unused = UnusedSpace.Wipe }));
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Discarded_it_may_read_as_anything_and_everything_else_is_as_ever(long targetBytes, bool onlyDifferences, bool isPartition)
    {
        var (room, image, source) = await BackupAsync();
        var options = new RestoreOptions { OnlyDifferences = onlyDifferences, Partitions = isPartition ? [1] : [], Unused = UnusedSpace.Discard };
        var (left, discarded) = (Target(source, targetBytes), Target(source, targetBytes, discards: 0xDD));
        var without = await room.RestoreAsync(image, left, options: options);
        Assert.Equal(0, without.DiscardedBytes);
        Assert.Contains("the device cannot discard", Assert.Single(without.Warnings), StringComparison.Ordinal);
        Assert.Single(left.Calls, call => call.Deed == DiskDeed.Discard);
        var result = await room.RestoreAsync(image, discarded, options: options);
        Assert.Empty(result.Warnings);
        var ranges = RangeSet.Of(discarded.Calls.Where(call => call.Deed == DiskDeed.Discard).Select(call => call.Range));
        Assert.Equal(ranges.TotalBytes, result.DiscardedBytes);
        Assert.True(ranges.TotalBytes > 1 << 20);
        Assert.True(ranges.Except(Unused(source, targetBytes, isPartition)).IsEmpty);
        var expected = left.Bytes.ToArray();
        foreach (var range in ranges.Ranges) expected.AsSpan((int)range.Start, (int)range.Length).Fill(0xDD);
        Assert.Equal(ChunkHash.Of(expected), ChunkHash.Of(discarded.Bytes));
        // Before the read-back, so that it would see a device that discards too much.
        var calls = discarded.Calls.ToList();
        Assert.True(calls.FindLastIndex(call => call.Deed == DiskDeed.Discard) < calls.FindLastIndex(call => call.Deed == DiskDeed.Read));
    }

    private static TestDisk Target(SampleDisk source, long bytes, byte? discards = null)
    {
        var content = Enumerable.Repeat(Junk, (int)bytes).ToArray();
        foreach (var range in PartitionTables.Read(source.Disk).TableBytes.Ranges) source.Disk.Bytes.AsSpan((int)range.Start, (int)range.Length).CopyTo(content.AsSpan((int)range.Start));
        return new TestDisk(content) { Discarded = discards };
    }

    private static Task<RestorePlan> PlanAsync(JobRoom room, ImageId image, TestDisk target, RestoreOptions options) => room.PlanAsync(image, target.Info, options: options, open: target.Again);

    private static RangeSet Unused(SampleDisk source, long targetBytes, bool isPartition)
    {
        var grid = new ChunkGrid(DiskBytes, SampleDisk.ChunkBytes);
        var chunks = RangeSet.Of(Enumerable.Range(0, (int)grid.Count).Select(chunk => grid.Range(chunk)).Where(range => !source.Used.Overlaps(range)));
        return isPartition
            ? chunks.Intersect(RangeSet.Of(PartitionTables.Read(source.Disk).Partitions[0].Range))
            : chunks.Union(RangeSet.Of(ByteRange.FromEnds(DiskBytes, targetBytes))).Except(RangeSet.Of(new ByteRange(targetBytes - 33 * 512, 33 * 512)));
    }

    // A pad that is neither zero nor the junk; much of the disk in unused chunks.
    private static async Task<(JobRoom Room, ImageId Image, SampleDisk Source)> BackupAsync()
    {
        var room = new JobRoom();
        var source = SampleDisk.Make(SampleTable.Gpt, DiskBytes, seed: 31);
        var unused = RangeSet.Of(new ByteRange(2 << 20, 1 << 20), new ByteRange((3 << 20) + SampleDisk.ChunkBytes, 5 * SampleDisk.ChunkBytes), new ByteRange(20 << 20, 1 << 20));
        source = source with { Used = source.Used.Except(unused.Except(PartitionTables.Read(source.Disk).TableBytes)) };
        return (room, (await room.BackupAsync(source, 0xE5)).Image, source);
    }
}
