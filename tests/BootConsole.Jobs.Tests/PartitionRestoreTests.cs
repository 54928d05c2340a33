// Partitions restored alone: everything in them as in the image, nothing outside touched, other layouts refused.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;
using BootConsole.Images;
using BootConsole.TestKit;

namespace BootConsole.Jobs.Tests;

public sealed class PartitionRestoreTests
{
    private const long DiskBytes = 12 << 20;

    public static TheoryData<SampleTable, int[], int, bool> Cases => new()
    {
        // Partitions that start and end inside a chunk, at its edge, of less than 2 MiB, next to each other, logical ones.
        { SampleTable.Gpt, [1], 64 << 10, false },
        { SampleTable.Gpt, [2], 64 << 10, true },
        { SampleTable.Gpt, [2, 1], 1 << 20, false },
        { SampleTable.Mbr, [1], 64 << 10, false },
        { SampleTable.Mbr, [2], 16 << 20, true },
        { SampleTable.Logical, [5], 64 << 10, true },
        { SampleTable.Logical, [6, 5], 1 << 20, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_partition_gets_what_the_image_has_and_nothing_outside_it_is_touched(SampleTable table, int[] numbers, int chunkBytes, bool onlyDifferences)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var room = new JobRoom();
            var source = SampleDisk.Make(table, DiskBytes, seed);
            var image = (await room.BackupAsync([source.Plan(chunkBytes)], 0xE5)).Image;
            var layout = PartitionTables.Read(source.Disk);
            var chosen = layout.Partitions.Where(partition => numbers.Contains(partition.Number)).ToList();
            var old = OtherContent(source, seed);
            var target = new TestDisk([.. old]);
            var options = new RestoreOptions { Partitions = numbers, OnlyDifferences = onlyDifferences };
            await room.RestoreAsync(image, target, options: options);
            Assert.Equal(ChunkHash.Of(Expected(source, old, chosen, chunkBytes)), ChunkHash.Of(target.Bytes));
            var inside = RangeSet.Of(chosen.Select(partition => partition.Range));
            Assert.All(target.Calls.Where(call => call.Deed is DiskDeed.Write or DiskDeed.Zero), call => Assert.True(inside.Contains(call.Range), $"{call} lies outside"));
        }
    }

    [Fact]
    public async Task Both_ends_of_the_partition_are_zeroed_first_and_written_last_after_everything_was_read_back()
    {
        var room = new JobRoom();
        var source = SampleDisk.Make(SampleTable.Gpt, DiskBytes, seed: 5);
        var image = (await room.BackupAsync(source, 0xE5)).Image;
        var range = PartitionTables.Read(source.Disk).Partitions[0].Range;
        ByteRange first = new(range.Start, 1 << 20), last = new(range.End - (1 << 20), 1 << 20);
        var target = new TestDisk(OtherContent(source, 5));
        await room.RestoreAsync(image, target, options: new RestoreOptions { Partitions = [1] });
        var calls = target.Calls.SkipWhile(call => call.Deed == DiskDeed.Read).ToList();
        Assert.Equal([new DiskCall(DiskDeed.Write, first, true), new DiskCall(DiskDeed.Write, last, true), new DiskCall(DiskDeed.Flush, default, false)], calls.Take(3));
        Assert.Equal([(DiskDeed.Write, last), (DiskDeed.Flush, default), (DiskDeed.Write, first), (DiskDeed.Flush, default), (DiskDeed.Read, first), (DiskDeed.Read, last)], calls.TakeLast(6).Select(call => (call.Deed, call.Range)));
        var data = RangeSet.Of(calls.Skip(3).SkipLast(6).Where(call => call.Deed is DiskDeed.Write or DiskDeed.Zero).Select(call => call.Range));
        Assert.False(data.Overlaps(first) || data.Overlaps(last));
        Assert.True(data.Except(RangeSet.Of(calls.SkipLast(6).Where(call => call.Deed == DiskDeed.Read).Select(call => call.Range))).IsEmpty);
    }

    [Fact]
    public async Task Cut_anywhere_the_partition_has_no_beginning_and_goes_on_with_what_is_missing()
    {
        var room = new JobRoom();
        var source = SampleDisk.Make(SampleTable.Gpt, DiskBytes, seed: 6);
        var image = (await room.BackupAsync(source, 0xE5)).Image;
        var layout = PartitionTables.Read(source.Disk);
        var old = OtherContent(source, 6);
        var expected = Expected(source, old, [layout.Partitions[1]], SampleDisk.ChunkBytes);
        var start = (int)layout.Partitions[1].Range.Start;
        for (var write = 2; write < 40; write += 5)
        {
            var target = new TestDisk([.. old]) { FailAtWrite = write };
            if (await Record.ExceptionAsync(() => room.RestoreAsync(image, target, options: new RestoreOptions { Partitions = [2] })) is null) break;
            Assert.False(target.Bytes.AsSpan(start, 1 << 20).ContainsAnyExcept((byte)0));
            await room.RestoreAsync(image, target, options: new RestoreOptions { Partitions = [2], OnlyDifferences = true });
            Assert.Equal(ChunkHash.Of(expected), ChunkHash.Of(target.Bytes));
        }
    }

    [Fact]
    public async Task Another_layout_is_refused_with_both_named()
    {
        var room = new JobRoom();
        var source = SampleDisk.Make(SampleTable.Gpt, DiskBytes);
        var image = (await room.BackupAsync(source)).Image;
        var start = PartitionTables.Read(source.Disk).Partitions[0].Range.Start;
        using var folder = new TempFolder();
        foreach (var (name, script) in ((string, string)[])[
            ("moved", "label: gpt\nfirst-lba: 34\nstart=66, size=6144\n"), ("shorter", "label: gpt\nfirst-lba: 34\nstart=64, size=6143\n"),
            ("other number", "label: gpt\nfirst-lba: 34\n3: start=64, size=6144\n"), ("other type", "label: gpt\nfirst-lba: 34\nstart=64, size=6144, type=uefi\n"), ("MBR", "label: dos\nstart=64, size=6144\n")])
        {
            var file = PartitionedImage.Sparse(folder[name], DiskBytes);
            PartitionedImage.Sfdisk(file, script);
            var target = new TestDisk(File.ReadAllBytes(file));
            var fault = await Assert.ThrowsAsync<RefusedFault>(() => room.RestoreAsync(image, target, options: new RestoreOptions { Partitions = [1] }));
            Assert.Contains($"1 at byte {start}, {6144 * 512} bytes, type 0FC63DAF", fault.Expected, StringComparison.Ordinal);
            Assert.NotEqual(fault.Expected, fault.Found);
            Assert.DoesNotContain(target.Calls, call => call.Deed != DiskDeed.Read);
        }

        var blank = new TestDisk(new byte[DiskBytes]);
        Assert.Equal("no partition table", (await Assert.ThrowsAsync<RefusedFault>(() => room.RestoreAsync(image, blank, options: new RestoreOptions { Partitions = [1] }))).Found);
        Assert.Contains("the image has no such partition", (await Assert.ThrowsAsync<UsageFault>(() => room.RestoreAsync(image, blank, options: new RestoreOptions { Partitions = [3] }))).Message, StringComparison.Ordinal);
        var bare = (await room.BackupAsync(SampleDisk.Make(SampleTable.None, DiskBytes))).Image;
        await Assert.ThrowsAsync<RefusedFault>(() => room.RestoreAsync(bare, blank, options: new RestoreOptions { Partitions = [1] }));
    }

    [Fact]
    public async Task A_target_of_another_size_with_the_same_partition_is_taken()
    {
        var room = new JobRoom();
        var source = SampleDisk.Make(SampleTable.Mbr, DiskBytes, seed: 8);
        var image = (await room.BackupAsync(source, 0xE5)).Image;
        var layout = PartitionTables.Read(source.Disk);
        foreach (var bytes in (long[])[layout.Partitions[1].Range.End, DiskBytes + (3 << 20)])
        {
            var old = new byte[bytes];
            OtherContent(source, 8).AsSpan(0, (int)Math.Min(bytes, DiskBytes)).CopyTo(old);
            var target = new TestDisk([.. old]);
            await room.RestoreAsync(image, target, options: new RestoreOptions { Partitions = [2] });
            Assert.Equal(ChunkHash.Of(Expected(source, old, [layout.Partitions[1]], SampleDisk.ChunkBytes)), ChunkHash.Of(target.Bytes));
        }
    }

    // The same table and other content.
    private static byte[] OtherContent(SampleDisk source, int seed)
    {
        var bytes = RandomBytes.Of(seed + 500, source.Disk.Bytes.Length);
        foreach (var range in PartitionTables.Read(source.Disk).TableBytes.Ranges) source.Disk.Bytes.AsSpan((int)range.Start, (int)range.Length).CopyTo(bytes.AsSpan((int)range.Start));
        return bytes;
    }

    private static byte[] Expected(SampleDisk source, byte[] old, IReadOnlyList<Partition> partitions, int chunkBytes)
    {
        var (expected, padded) = (old.ToArray(), source.Padded(0xE5));
        var grid = new ChunkGrid(padded.Length, chunkBytes);
        foreach (var partition in partitions)
        {
            var edges = RangeSet.Of(new ByteRange(partition.Range.Start, Math.Min(1 << 20, partition.Range.Length)), ByteRange.FromEnds(Math.Max(partition.Range.Start, partition.Range.End - (1 << 20)), partition.Range.End));
            for (var chunk = 0; chunk < grid.Count; chunk++)
            {
                var range = grid.Range(chunk);
                var written = source.Used.Overlaps(range) ? RangeSet.Of(range.Intersect(partition.Range)) : edges.Intersect(RangeSet.Of(range));
                foreach (var piece in written.Ranges) padded.AsSpan((int)piece.Start, (int)piece.Length).CopyTo(expected.AsSpan((int)piece.Start));
            }
        }

        return expected;
    }
}
