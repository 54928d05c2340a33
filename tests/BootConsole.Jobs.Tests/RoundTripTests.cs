// Backup, verification and restore of disks of every shape, byte for byte, with the exact account of what may differ.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;
using BootConsole.Images;

namespace BootConsole.Jobs.Tests;

public sealed class RoundTripTests
{
    private const byte Junk = 0xA5;

    public static TheoryData<SampleTable, long, int, byte, int> Disks => new()
    {
        // Table, length, sector size, pad, chunk size: lengths that are no multiple of a chunk, one chunk, less than one, one sector.
        { SampleTable.Gpt, (3 << 20) + 512 * 7, 512, 0x00, 64 << 10 },
        { SampleTable.Gpt, (3 << 20) + 512 * 7, 512, 0xE5, 64 << 10 },
        { SampleTable.Gpt, 5 << 20, 4096, 0x00, 64 << 10 },
        { SampleTable.Gpt, (5 << 20) + 4096, 4096, 0xE5, 128 << 10 },
        { SampleTable.Mbr, (1 << 20) + 512, 512, 0xE5, 64 << 10 },
        { SampleTable.Logical, 3 << 20, 512, 0x00, 64 << 10 },
        { SampleTable.Logical, (3 << 20) - 512, 512, 0xE5, 1 << 20 },
        { SampleTable.None, 64 << 10, 512, 0xE5, 64 << 10 },
        { SampleTable.None, (64 << 10) - 512, 512, 0x00, 64 << 10 },
        { SampleTable.None, 100 << 10, 4096, 0xE5, 1 << 20 },
        { SampleTable.None, 16 << 10, 512, 0xE5, 64 << 10 },
        { SampleTable.None, 512, 512, 0xE5, 64 << 10 },
        { SampleTable.None, (2 << 20) + 512, 512, 0xFF, 256 << 10 },
        { SampleTable.Gpt, 20 << 20, 512, 0xE5, 16 << 20 },
    };

    [Theory]
    [MemberData(nameof(Disks))]
    public async Task A_disk_comes_back_byte_for_byte(SampleTable table, long length, int sectorBytes, byte pad, int chunkBytes)
    {
        for (var seed = 1; seed <= 2; seed++)
        {
            var room = new JobRoom();
            var source = SampleDisk.Make(table, length, seed, sectorBytes);
            var before = source.Disk.Bytes.ToArray();
            var result = await room.BackupAsync([source.Plan(chunkBytes)], pad);
            Assert.Equal(before, source.Disk.Bytes);
            Assert.DoesNotContain(source.Disk.Calls, call => call.Deed is not DiskDeed.Read);
            RequireCounts(result.Manifest, source, pad, chunkBytes);
            var verified = await room.VerifyAsync(result.Image);
            Assert.Equal(result.Manifest.Disks[0].Grid.Count, verified.Chunks);
            Assert.Equal(result.Manifest.Disks[0].Segments.Sum(segment => segment.Length), verified.StoredBytes);
            await room.VerifyKeylessAsync(result.Image);
            var target = new TestDisk([.. Enumerable.Repeat(Junk, (int)length)], sectorBytes);
            await room.RestoreAsync(result.Image, target);
            RequireRestored(source, target.Bytes, pad, chunkBytes);
            Assert.Empty(room.Leftovers(result.Image));
        }
    }

    [Fact]
    public async Task Two_disks_in_one_image_come_back_each_to_its_own()
    {
        var room = new JobRoom();
        var (one, two) = (SampleDisk.Make(SampleTable.Gpt, 3 << 20, seed: 5), SampleDisk.Make(SampleTable.Mbr, 1 << 20, seed: 6));
        var result = await room.BackupAsync([one.Plan(), two.Plan(128 << 10)], 0xE5);
        Assert.Equal(2, result.Manifest.Disks.Count);
        var verified = await room.VerifyAsync(result.Image);
        Assert.Equal(result.Manifest.Disks.Sum(disk => disk.Grid.Count), verified.Chunks);
        Assert.Equal(result.Manifest.Disks.Sum(disk => disk.Segments.Sum(segment => segment.Length)), verified.StoredBytes);
        await room.VerifyKeylessAsync(result.Image);
        foreach (var (number, source, chunkBytes) in ((int, SampleDisk, int)[])[(0, one, 64 << 10), (1, two, 128 << 10)])
        {
            var target = new TestDisk([.. Enumerable.Repeat(Junk, source.Disk.Bytes.Length)]);
            await room.RestoreAsync(result.Image, target, number);
            RequireRestored(source, target.Bytes, 0xE5, chunkBytes);
        }
    }

    [Fact]
    public async Task A_disk_that_nothing_uses_is_padding_and_leaves_the_target_alone_but_for_its_edges()
    {
        var room = new JobRoom();
        var disk = new TestDisk([.. Enumerable.Repeat((byte)0x11, 8 << 20)]);
        var result = await room.BackupAsync([SampleDisk.PlanOf(disk, RangeSet.Empty)], 0xE5);
        Assert.Equal(result.Manifest.Disks[0].Grid.Count, result.Manifest.Disks[0].Counts.Unused);
        await room.VerifyAsync(result.Image);
        var target = new TestDisk([.. Enumerable.Repeat(Junk, 8 << 20)]);
        var plan = await room.PlanAsync(result.Image, target.Info);
        Assert.Equal((0, 6 << 20), (plan.ContentBytes, plan.SkippedBytes));
        await room.RestoreAsync(result.Image, target);
        Assert.All(target.Bytes[..(1 << 20)], value => Assert.Equal(0xE5, value));
        Assert.DoesNotContain(target.Bytes[(1 << 20)..(7 << 20)], value => value != Junk);
        Assert.All(target.Bytes[(7 << 20)..], value => Assert.Equal(0xE5, value));
    }

    [Fact]
    public async Task What_is_on_both_sides_of_the_plan_adds_up_to_the_target()
    {
        var room = new JobRoom();
        var source = SampleDisk.Make(SampleTable.Gpt, 5 << 20, seed: 9);
        var result = await room.BackupAsync(source);
        var plan = await room.PlanAsync(result.Image, source.Disk.Info);
        Assert.Equal(plan.Target.Length, plan.ContentBytes + plan.ZeroBytes + plan.SkippedBytes + plan.Shape.Head.Length + plan.Shape.Tail.Length);
        Assert.Equal(2, plan.Layout.Partitions.Count);
    }

    [Fact]
    public async Task The_logical_partitions_are_known_from_the_image_alone()
    {
        var room = new JobRoom();
        var source = SampleDisk.Make(SampleTable.Logical, 3 << 20);
        var result = await room.BackupAsync(source);
        var plan = await room.PlanAsync(result.Image, source.Disk.Info);
        Assert.True(plan.Layout.IsConsistent);
        Assert.Equal([1, 5, 6], plan.Layout.Partitions.Select(partition => partition.Number));
        Assert.Contains("3 partitions", plan.Sentences[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_pass_of_the_store_is_no_end_of_a_segment()
    {
        // Frames of 64 KiB in segments of one chunk each, and of all chunks: blocks, joins and ends all fall differently.
        foreach (var segmentBytes in (long[])[1, 70_000, long.MaxValue / 2])
        {
            var room = new JobRoom { SegmentBytes = segmentBytes };
            var source = SampleDisk.Make(SampleTable.Gpt, 6 << 20, seed: 11);
            var result = await room.BackupAsync(source, 0xE5);
            await room.VerifyAsync(result.Image);
            var target = new TestDisk(new byte[6 << 20]);
            await room.RestoreAsync(result.Image, target);
            Assert.Equal(Restored(source, new byte[6 << 20], 0xE5, SampleDisk.ChunkBytes), target.Bytes);
        }
    }

    /// <summary>What a target that had <paramref name="old"/> must have after a restore.</summary>
    internal static byte[] Restored(SampleDisk source, byte[] old, byte pad, int chunkBytes)
    {
        var (expected, padded) = (old.ToArray(), source.Padded(pad));
        var layout = PartitionTables.Read(source.Disk);
        var shape = TargetShape.For(layout, padded.Length, source.Disk.Info, []);
        var grid = new ChunkGrid(padded.Length, chunkBytes);
        for (var chunk = 0; chunk < grid.Count; chunk++)
        {
            var range = grid.Range(chunk);
            // An unused chunk is not written, but for the edges of disk and partitions, and the places of the tables.
            var written = source.Used.Overlaps(range) ? RangeSet.Of(range) : shape.Edges.Union(shape.Protected).Intersect(RangeSet.Of(range));
            foreach (var piece in written.Ranges) padded.AsSpan((int)piece.Start, (int)piece.Length).CopyTo(expected.AsSpan((int)piece.Start));
        }

        return expected;
    }

    private static void RequireRestored(SampleDisk source, byte[] target, byte pad, int chunkBytes) =>
        Assert.Equal(ChunkHash.Of(Restored(source, [.. Enumerable.Repeat(Junk, target.Length)], pad, chunkBytes)), ChunkHash.Of(target));

    private static void RequireCounts(Manifest manifest, SampleDisk source, byte pad, int chunkBytes)
    {
        var (padded, grid) = (source.Padded(pad), new ChunkGrid(source.Disk.Bytes.Length, chunkBytes));
        var ranges = Enumerable.Range(0, (int)grid.Count).Select(chunk => grid.Range(chunk)).ToList();
        var unused = ranges.Count(range => !source.Used.Overlaps(range));
        var zero = ranges.Count(range => source.Used.Overlaps(range) && !padded.AsSpan((int)range.Start, (int)range.Length).ContainsAnyExcept((byte)0));
        Assert.Equal(new KindCounts { Unused = unused, Zero = zero, Data = ranges.Count - unused - zero }, manifest.Disks[0].Counts);
    }
}
