// A restore that writes only differences: the same disk in the end as a full one, with nothing fetched and written that is there already.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Disks.Tables;
using BootConsole.Images;
using BootConsole.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Jobs.Tests;

public sealed class DeltaRestoreTests
{
    private const byte Junk = 0xA5;
    private const int DiskBytes = 4 << 20;

    private static readonly RestoreOptions Delta = new() { OnlyDifferences = true };

    [Fact]
    public async Task Of_an_equal_disk_nothing_is_fetched_and_only_the_tables_are_written()
    {
        var (room, image, source) = await BackupAsync();
        var target = new TestDisk([.. Enumerable.Repeat(Junk, DiskBytes)]);
        await room.RestoreAsync(image, target);
        var (before, calls) = (target.Bytes.ToArray(), target.Calls.Count);
        var result = await room.RestoreAsync(image, target, options: Delta);
        Assert.Equal(before, target.Bytes);
        Assert.Equal((0, 0), (result.FetchedBytes, result.WrittenBytes));
        var plan = await room.PlanAsync(image, target.Info, options: Delta);
        // Chunks with protected places are compared whole.
        Assert.InRange(result.ComparedBytes, plan.ContentBytes + plan.ZeroBytes, plan.ContentBytes + plan.ZeroBytes + plan.Shape.Protected.TotalBytes);
        // First all is read, then the tables are erased, and at last written, as in every restore.
        var mine = target.Calls.Skip(calls).ToList();
        var erased = mine.FindIndex(call => call.Deed != DiskDeed.Read);
        Assert.True(erased > 0);
        Assert.Equal(
            [(DiskDeed.Write, plan.Shape.Head), (DiskDeed.Write, plan.Shape.Tail), (DiskDeed.Flush, default), (DiskDeed.Flush, default), (DiskDeed.Write, plan.Shape.Tail), (DiskDeed.Flush, default),
                (DiskDeed.Write, plan.Shape.Head), (DiskDeed.Flush, default), (DiskDeed.Read, plan.Shape.Head), (DiskDeed.Read, plan.Shape.Tail)],
            mine.Skip(erased).Select(call => (call.Deed, call.Range)));
        Assert.True(mine[erased].IsZero && mine[erased + 1].IsZero);
        Assert.Contains(plan.Sentences, sentence => sentence.Contains("only chunks that differ are fetched and written", StringComparison.Ordinal));
        Assert.Equal(source.Padded(0xE5)[..512], target.Bytes[..512]);
    }

    [Fact]
    public async Task Exactly_the_chunks_that_were_changed_are_fetched_written_and_read_back()
    {
        var (room, image, source) = await BackupAsync();
        var grid = new ChunkGrid(DiskBytes, SampleDisk.ChunkBytes);
        var target = new TestDisk([.. Enumerable.Repeat(Junk, DiskBytes)]);
        await room.RestoreAsync(image, target);
        var whole = target.Bytes.ToArray();
        var shape = (await room.PlanAsync(image, target.Info)).Shape;
        var random = new Random(3);
        for (var round = 0; round < 10; round++)
        {
            var changed = Enumerable.Range(0, (int)grid.Count).Where(chunk => source.Used.Overlaps(grid.Range(chunk)) && random.Next(10) == 0).ToList();
            foreach (var chunk in changed) target.Bytes[grid.Range(chunk).Start + random.Next(SampleDisk.ChunkBytes)] ^= (byte)(1 << random.Next(8));
            var calls = target.Calls.Count;
            var result = await room.RestoreAsync(image, target, options: Delta);
            Assert.Equal(whole, target.Bytes);
            var expected = RangeSet.Of(changed.SelectMany(chunk => shape.Writable(grid.Range(chunk))));
            var mine = target.Calls.Skip(calls).SkipWhile(call => call.Deed == DiskDeed.Read).ToList();
            var data = mine.Where(call => call.Deed is DiskDeed.Write or DiskDeed.Zero && !shape.Protected.Overlaps(call.Range)).ToList();
            Assert.Equal(expected.Ranges, RangeSet.Of(data.Select(call => call.Range)).Ranges);
            Assert.Equal(expected.TotalBytes, result.WrittenBytes);
            Assert.Equal(expected.Ranges, RangeSet.Of(mine.Where(call => call.Deed == DiskDeed.Read && !shape.Protected.Overlaps(call.Range)).Select(call => call.Range)).Ranges);
            Assert.Equal(changed.Count > 0, result.FetchedBytes > 0 || result.WrittenBytes > 0);
        }
    }

    [Fact]
    public async Task What_the_image_lost_never_overwrites_what_the_target_has()
    {
        var room = new JobRoom();
        var source = SampleDisk.Make(SampleTable.Gpt, DiskBytes, seed: 21);
        var chunk = new ByteRange(20 * SampleDisk.ChunkBytes, SampleDisk.ChunkBytes);
        source = source with { Used = source.Used.Union(RangeSet.Of(chunk)) };
        var truth = source.Padded(0xE5);
        var lost = new ByteRange(chunk.Start + 4096, 1536);
        source.Disk.Bad = RangeSet.Of(lost);
        var image = (await room.BackupAsync(source, 0xE5)).Image;
        // The target is the disk itself, healed; beside the lost bytes it has changed.
        var target = new TestDisk([.. truth]);
        var calls = target.Calls.Count;
        var equal = await room.RestoreAsync(image, target, options: Delta);
        Assert.Equal(truth[(int)chunk.Start..(int)chunk.End], target.Bytes[(int)chunk.Start..(int)chunk.End]);
        Assert.DoesNotContain(target.Calls.Skip(calls), call => call.Deed == DiskDeed.Write && call.Range.Overlaps(chunk));
        Assert.Equal(0, equal.FetchedBytes);
        target.Bytes[chunk.Start + 10] ^= 1;
        var result = await room.RestoreAsync(image, target, options: Delta);
        Assert.Equal(truth[(int)chunk.Start..(int)chunk.End], target.Bytes[(int)chunk.Start..(int)chunk.End]);
        Assert.DoesNotContain(target.Calls.Skip(calls), call => call.Deed == DiskDeed.Write && call.Range.Overlaps(lost));
        Assert.Equal(chunk.Length - lost.Length, result.WrittenBytes);
        Assert.Contains((await room.PlanAsync(image, target.Info, options: Delta)).Sentences, sentence => sentence.Contains("left as the target has them", StringComparison.Ordinal));
        // A restore in full cannot know better than the image.
        await room.RestoreAsync(image, target);
        Assert.All(target.Bytes[(int)lost.Start..(int)lost.End], value => Assert.Equal(0xE5, value));
    }

    [Fact]
    public async Task What_cannot_be_read_of_the_target_is_written()
    {
        var (room, image, _) = await BackupAsync();
        var target = Healing([.. Enumerable.Repeat(Junk, DiskBytes)]);
        await room.RestoreAsync(image, target);
        var whole = target.Bytes.ToArray();
        target.Bad = RangeSet.Of(new ByteRange(0, 512), new ByteRange((1 << 20) + 1024, 512), new ByteRange(3 << 20, 2048));
        await room.RestoreAsync(image, target, options: Delta);
        Assert.Equal(whole, target.Bytes);
    }

    [Fact]
    public async Task A_fault_of_the_comparison_leaves_the_target_as_it_was()
    {
        var (room, image, _) = await BackupAsync();
        var target = new TestDisk([.. Enumerable.Repeat(Junk, DiskBytes)]) { Problem = DiskProblem.Gone, Bad = RangeSet.Of(new ByteRange(3 << 20, 512)) };
        await Assert.ThrowsAsync<DiskFault>(() => room.RestoreAsync(image, target, options: Delta));
        Assert.DoesNotContain(target.Calls, call => call.Deed != DiskDeed.Read);
    }

    [Fact]
    public async Task A_restore_that_was_cut_goes_on_with_what_is_missing()
    {
        var (room, image, source) = await BackupAsync();
        var whole = new TestDisk([.. Enumerable.Repeat(Junk, DiskBytes)]);
        var full = await room.RestoreAsync(image, whole);
        long least = long.MaxValue;
        for (var write = 2; write <= whole.Writes; write += 3)
        {
            var target = new TestDisk([.. Enumerable.Repeat(Junk, DiskBytes)]) { FailAtWrite = write };
            await Assert.ThrowsAsync<DiskFault>(() => room.RestoreAsync(image, target));
            var result = await room.RestoreAsync(image, target, options: Delta);
            Assert.Equal(whole.Bytes, target.Bytes);
            Assert.InRange(result.WrittenBytes, 0, full.WrittenBytes);
            least = Math.Min(least, result.WrittenBytes);
        }

        // At the end only the chunks whose protected part is missing are left.
        Assert.InRange(least, 0, 2 * SampleDisk.ChunkBytes);
        Assert.Equal(RoundTripTests.Restored(source, [.. Enumerable.Repeat(Junk, DiskBytes)], 0xE5, SampleDisk.ChunkBytes), whole.Bytes);
    }

    // Any disk, any target: what stands there in the end is what a full restore leaves, but for what the image lost and the target has.
    [Fact]
    public void Any_target_becomes_what_a_full_restore_makes_of_it()
    {
        var cases =
            from table in Gen.Elements(SampleTable.Gpt, SampleTable.Mbr, SampleTable.Logical, SampleTable.None)
            from sector in Gen.Elements(512, 4096)
            from seed in Gen.Choose(1, 1_000_000)
            from extra in Gen.Elements(0, 0, 1, 40, 600)
            from pad in Gen.Elements<byte>(0, 0xE5)
            from likeness in Gen.Elements(0, 90, 100)
            select (table, sector, seed, extra, pad, likeness);
        Prop.ForAll(Arb.From(cases), one => RunAsync(one.table, one.sector, one.seed, one.extra, one.pad, one.likeness).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

        static async Task RunAsync(SampleTable table, int sectorBytes, int seed, int extraSectors, byte pad, int likeness)
        {
            var random = new Random(seed);
            var room = new JobRoom();
            var source = SampleDisk.Make(table, 3 << 20, seed % 7 + 1, sectorBytes);
            var tables = PartitionTables.Read(source.Disk).TableBytes.Union(RangeSet.Of(new ByteRange(0, 64 << 10)));
            source.Disk.Bad = Places(random, 3 << 20, sectorBytes).Except(tables);
            var image = (await room.BackupAsync(source, pad)).Image;
            // Like the source here and there, at a chunk's grain and below it.
            var old = RandomBytes.Of(seed, (3 << 20) + extraSectors * sectorBytes);
            var padded = source.Padded(pad);
            for (var position = 0; position < padded.Length; position += 8192)
                if (random.Next(100) < likeness) padded.AsSpan(position, 8192).CopyTo(old.AsSpan(position));
            var (full, target) = (new TestDisk([.. old], sectorBytes), Healing([.. old], sectorBytes));
            await room.RestoreAsync(image, full);
            var bad = random.Next(3) == 0 ? Places(random, old.Length, sectorBytes) : RangeSet.Empty;
            target.Bad = bad;
            var lost = RangeSet.Of((await ImageReader.OpenAsync(room.Store, image, default)).Manifest.Disks[0].Unreadable.Select(range => new ByteRange(range.Start, range.Length)));
            await room.RestoreAsync(image, target, options: Delta);
            var expected = full.Bytes.ToArray();
            foreach (var range in lost.Except(bad).Ranges) old.AsSpan((int)range.Start, (int)range.Length).CopyTo(expected.AsSpan((int)range.Start));
            Assert.Equal(ChunkHash.Of(expected), ChunkHash.Of(target.Bytes));
            target.Bad = RangeSet.Empty;
            var again = await room.RestoreAsync(image, target, options: Delta);
            Assert.Equal(ChunkHash.Of(expected), ChunkHash.Of(target.Bytes));
            // What differs for ever is where the target's own tables stand instead of the image's.
            Assert.InRange(again.WrittenBytes, 0, extraSectors == 0 ? 0 : 4 * SampleDisk.ChunkBytes);
        }
    }

    private static RangeSet Places(Random random, long length, int sectorBytes) =>
        RangeSet.Of(Enumerable.Range(0, 3).Select(_ => new ByteRange(random.NextInt64(length / sectorBytes - 8) * sectorBytes, random.Next(1, 8) * sectorBytes)));

    // A disk as they are: a bad sector is replaced by a good one when it is written.
    private static TestDisk Healing(byte[] bytes, int sectorBytes = 512)
    {
        TestDisk? disk = null;
        disk = new TestDisk(bytes, sectorBytes) { Before = call => disk!.Bad = call.Deed is DiskDeed.Write or DiskDeed.Zero ? disk.Bad.Except(RangeSet.Of(call.Range)) : disk.Bad };
        return disk;
    }

    private static async Task<(JobRoom Room, ImageId Image, SampleDisk Source)> BackupAsync()
    {
        var room = new JobRoom();
        var source = SampleDisk.Make(SampleTable.Gpt, DiskBytes, seed: 20);
        return (room, (await room.BackupAsync(source, 0xE5)).Image, source);
    }
}
