// In which order a restore writes, what a fault at any write leaves, and that no lie of the disk goes through.
using BootConsole.Core;
using BootConsole.Disks;
using BootConsole.Images;

namespace BootConsole.Jobs.Tests;

public sealed class RestoreOrderTests
{
    private const byte Junk = 0xA5;
    private const long DiskBytes = 3 << 20;

    [Fact]
    public async Task The_old_tables_are_zeroed_first_and_the_new_ones_written_last_after_everything_was_read_back()
    {
        var (room, image, _) = await BackupAsync();
        var target = Target();
        var shape = (await room.PlanAsync(image, target.Info)).Shape;
        await room.RestoreAsync(image, target);
        var calls = target.Calls;
        Assert.Equal([new DiskCall(DiskDeed.Write, shape.Head, true), new DiskCall(DiskDeed.Write, shape.Tail, true), new DiskCall(DiskDeed.Flush, default, false)], calls.Take(3));
        var flushed = calls.Index().Where(entry => entry.Item.Deed == DiskDeed.Flush).Select(entry => entry.Index).ToList();
        Assert.Equal(4, flushed.Count);
        var (data, readBack) = (calls.Skip(flushed[0] + 1).Take(flushed[1] - flushed[0] - 1).ToList(), calls.Skip(flushed[1] + 1).TakeWhile(call => call.Deed == DiskDeed.Read).ToList());
        Assert.All(data, call => Assert.True(call.Deed is DiskDeed.Write or DiskDeed.Zero && !shape.Protected.Overlaps(call.Range), $"{call}"));
        var written = RangeSet.Of(data.Select(call => call.Range));
        Assert.Equal(data.Sum(call => call.Range.Length), written.TotalBytes);
        Assert.True(written.Except(RangeSet.Of(readBack.Select(call => call.Range))).IsEmpty, "everything that was written is read back");
        // Then the backup table, flushed, then the head, flushed, then both are read.
        var last = calls.Skip(flushed[1] + 1 + readBack.Count).ToList();
        Assert.Equal([(DiskDeed.Write, shape.Tail), (DiskDeed.Flush, default), (DiskDeed.Write, shape.Head), (DiskDeed.Flush, default), (DiskDeed.Read, shape.Head), (DiskDeed.Read, shape.Tail)], last.Select(call => (call.Deed, call.Range)));
    }

    [Fact]
    public async Task Data_is_written_in_disk_order()
    {
        var (room, image, _) = await BackupAsync();
        var target = Target();
        await room.RestoreAsync(image, target);
        var data = target.Calls.SkipWhile(call => call.Deed != DiskDeed.Flush).Skip(1).TakeWhile(call => call.Deed != DiskDeed.Flush).Select(call => call.Range).ToList();
        Assert.Equal(data.Order(), data);
    }

    [Fact]
    public async Task A_fault_at_any_write_leaves_a_disk_that_cannot_boot_into_a_mixture()
    {
        var (room, image, source) = await BackupAsync();
        var shape = (await room.PlanAsync(image, source.Disk.Info)).Shape;
        var count = 0;
        for (var write = 1; ; write++)
        {
            var target = Target();
            target.FailAtWrite = write;
            var fault = await Record.ExceptionAsync(() => room.RestoreAsync(image, target));
            if (fault is null) break;
            count++;
            Assert.IsType<DiskFault>(fault);
            // The very first write failed: nothing has changed. After it, LBA 0 and the primary table are gone until the very last write.
            if (write == 1) Assert.Equal(Target().Bytes, target.Bytes);
            else Assert.DoesNotContain(Bytes(target, shape.Head), value => value != 0);
            if (write == 2) Assert.DoesNotContain(Bytes(target, shape.Tail), value => value != Junk);
            Assert.Empty(room.Leftovers(image));
        }

        Assert.True(count > 20, $"only {count} writes");
        var whole = Target();
        await room.RestoreAsync(image, whole);
        Assert.Equal(RoundTripTests.Restored(source, Target().Bytes, 0xE5, SampleDisk.ChunkBytes), whole.Bytes);
    }

    [Fact]
    public async Task The_backup_table_is_not_written_before_everything_else_was_read_back()
    {
        var (room, image, source) = await BackupAsync();
        var shape = (await room.PlanAsync(image, source.Disk.Info)).Shape;
        for (var write = 3; ; write++)
        {
            var target = Target();
            target.FailAtWrite = write;
            if (await Record.ExceptionAsync(() => room.RestoreAsync(image, target)) is null) return;
            var wasReadBack = target.Calls.Any(call => call.Deed == DiskDeed.Read);
            if (!wasReadBack) Assert.DoesNotContain(Bytes(target, shape.Tail), value => value != 0);
        }
    }

    public static TheoryData<string> Lies => ["lost", "one bit", "elsewhere"];

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_write_that_only_seems_to_work_is_found_and_the_tables_stay_unwritten(string lie)
    {
        var (room, image, source) = await BackupAsync();
        var shape = (await room.PlanAsync(image, source.Disk.Info)).Shape;
        var whole = Target();
        await room.RestoreAsync(image, whole);
        var (found, unseen) = (0, 0);
        for (var write = 1; write <= whole.Writes; write++)
        {
            var target = Target();
            target.LieAtWrite = write;
            var deed = whole.Calls.Where(call => call.Deed is DiskDeed.Write or DiskDeed.Zero).ElementAt(write - 1);
            target.Lie = (bytes, range) => Tell(lie, bytes, range, whole.Bytes);
            var fault = await Record.ExceptionAsync(() => room.RestoreAsync(image, target));
            if (fault is null)
            {
                // A lie about zeros that are overwritten at the end changes nothing.
                Assert.Equal(whole.Bytes, target.Bytes);
                Assert.True(write <= 2, $"write {write} of {deed.Range} lied unseen");
                unseen++;
                continue;
            }

            found++;
            var named = Assert.IsType<DiskFault>(fault);
            Assert.Equal(target.Info.Path, named.Which);
            Assert.True(named.Range!.Value.Overlaps(deed.Range), $"{named.Range} is named, {deed.Range} lied");
            // In the pass over the tables themselves the check comes after the writing.
            if (write <= whole.Writes - 2) Assert.DoesNotContain(Bytes(target, shape.Head).Concat(Bytes(target, shape.Tail)), value => value != 0);
        }

        Assert.True(found > 20 && unseen <= 2, $"{found} found, {unseen} unseen");
    }

    [Fact]
    public async Task A_target_that_cannot_be_read_back_gets_no_tables()
    {
        var (room, image, source) = await BackupAsync();
        var shape = (await room.PlanAsync(image, source.Disk.Info)).Shape;
        var target = Target();
        target.Bad = RangeSet.Of(new ByteRange(DiskBytes / 2, 512));
        await Assert.ThrowsAsync<DiskFault>(() => room.RestoreAsync(image, target));
        Assert.DoesNotContain(Bytes(target, shape.Head).Concat(Bytes(target, shape.Tail)), value => value != 0);
    }

    [Fact]
    public async Task A_target_that_is_another_disk_when_it_is_opened_again_gets_no_tables()
    {
        var (room, image, source) = await BackupAsync();
        var plan = await room.PlanAsync(image, source.Disk.Info);
        var target = Target();
        await Assert.ThrowsAsync<RefusedFault>(() => new RestoreJob(room.Context(), room.Store).RunAsync(plan, target, () => throw new RefusedFault("the disk is not the one that was chosen"), default));
        Assert.DoesNotContain(Bytes(target, plan.Shape.Head).Concat(Bytes(target, plan.Shape.Tail)), value => value != 0);
    }

    [Fact]
    public async Task A_cancel_at_any_write_leaves_no_tables_and_no_lease()
    {
        var (room, image, source) = await BackupAsync();
        var shape = (await room.PlanAsync(image, source.Disk.Info)).Shape;
        for (var step = 1; ; step++)
        {
            using var cancel = new CancellationTokenSource();
            var target = Target();
            var calls = 0;
            target.Before = _ =>
            {
                if (++calls == step) cancel.Cancel();
            };
            var end = await Record.ExceptionAsync(() => room.RestoreAsync(image, target, cancel: cancel.Token));
            Assert.Empty(room.Leftovers(image));
            if (end is null)
            {
                // Cancelled when only the tables were left: they are written whole.
                Assert.Equal(RoundTripTests.Restored(source, Target().Bytes, 0xE5, SampleDisk.ChunkBytes), target.Bytes);
                if (calls < step) return;
                continue;
            }

            Assert.IsAssignableFrom<OperationCanceledException>(end);
            Assert.DoesNotContain(Bytes(target, shape.Head), value => value != 0);
        }
    }

    private static void Tell(string lie, byte[] bytes, ByteRange range, byte[] truth)
    {
        if (lie == "lost") return;
        // Right but for one bit; or right, but a sector beside its place.
        truth.AsSpan((int)range.Start, (int)range.Length).CopyTo(bytes.AsSpan((int)range.Start));
        if (lie == "one bit") bytes[range.End - 1] ^= 0x10;
        else bytes.AsSpan((int)range.Start, 512).Fill(0x77);
    }

    private static async Task<(JobRoom Room, ImageId Image, SampleDisk Source)> BackupAsync()
    {
        var room = new JobRoom();
        var source = SampleDisk.Make(SampleTable.Gpt, DiskBytes, seed: 3);
        return (room, (await room.BackupAsync(source, 0xE5)).Image, source);
    }

    private static TestDisk Target() => new([.. Enumerable.Repeat(Junk, (int)DiskBytes)]);

    private static byte[] Bytes(TestDisk disk, ByteRange range) => disk.Bytes[(int)range.Start..(int)range.End];
}
