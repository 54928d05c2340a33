// A backup that is cancelled, cut off, refused or robbed of its power at every operation of the store.
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Jobs.Tests;

[Trait(FaultRounds.Sweep, FaultRounds.Faults)]
public sealed class BackupSweepTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backup_cancelled_at_any_operation_leaves_nothing_and_the_earlier_image_as_it_was(bool isLate)
    {
        var (struck, cancelled) = (0, 0);
        for (var operation = 1; ; operation++)
        {
            var (room, earlier) = await MakeAsync();
            using var cancel = new CancellationTokenSource();
            var watched = new WatchedStore(room.Medium.Open());
            // Late: it was done, and the answer is the cancel.
            if (isLate) watched.After = (number, _) => Strike(number);
            else watched.Before = (number, _) => Strike(number);
            room.Store = watched;
            BackupResult? result = null;
            var end = await Record.ExceptionAsync(async () => result = await BackupAsync(room, cancel.Token));
            room.Store = room.Medium.Open();
            if (watched.Operations.Count < operation) break;
            struck++;
            FaultTally.NoteCuts();
            if (end is null)
            {
                // Only a cancel after the commit comes too late; then the image is whole.
                await FaultTally.CheckAsync(() => room.VerifyAsync(result!.Image));
            }
            else
            {
                cancelled++;
                Assert.IsAssignableFrom<OperationCanceledException>(end);
                Assert.True(room.Leftovers(earlier).Count == 0, $"cancelled at {operation}, {watched.Operations[operation - 1]}: {string.Join(' ', room.Leftovers(earlier))}");
                Assert.Equal([earlier], (await ImageList.ReadAsync(room.Store, default)).Select(listing => listing.Id));
            }

            await FaultTally.CheckAsync(() => room.VerifyAsync(earlier));

            void Strike(int number)
            {
                if (number == operation) cancel.Cancel();
            }
        }

        Assert.True(cancelled > 50 && struck - cancelled < 10, $"{struck} operations, {cancelled} cancelled");
    }

    [Fact]
    public async Task A_backup_cancelled_at_any_read_of_the_disk_leaves_nothing()
    {
        for (var read = 1; ; read++)
        {
            var (room, earlier) = await MakeAsync();
            using var cancel = new CancellationTokenSource();
            var source = Source();
            var calls = 0;
            var plan = source.Plan();
            source.Disk.Before = _ =>
            {
                if (++calls == read) cancel.Cancel();
            };
            var end = await Record.ExceptionAsync(() => room.BackupAsync([plan], 0, null, cancel.Token));
            if (end is null && calls < read) return;
            FaultTally.NoteCuts();
            Assert.IsAssignableFrom<OperationCanceledException>(end);
            Assert.Empty(room.Leftovers(earlier));
            Assert.Null(await room.Store.FindAsync(StoreNames.Image(ImageId.Create(room.Clock.GetUtcNow(), "office-pc", "backup")), default));
        }
    }

    public static TheoryData<string, FaultMoment> Plans => new()
    {
        { "cut", FaultMoment.Before }, { "cut", FaultMoment.After }, { "denied once", FaultMoment.Before }, { "other once", FaultMoment.Before }, { "other once", FaultMoment.After },
        { "full for ever", FaultMoment.Before },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task A_fault_of_the_store_at_any_operation_is_named_and_harms_no_earlier_image(string kind, FaultMoment moment)
    {
        var (failed, marked) = (0, 0);
        for (var operation = 1; ; operation++)
        {
            var (room, earlier) = await MakeAsync();
            room.Medium.Plan = (kind switch
            {
                "cut" => FaultPlan.Cut(operation),
                "denied once" => FaultPlan.Refuse(operation, StoreProblem.Denied),
                "other once" => FaultPlan.Refuse(operation, StoreProblem.Other),
                _ => FaultPlan.Refuse(operation, StoreProblem.Full) with { StaysBroken = true },
            }) with
            { Moment = moment };
            BackupResult? result = null;
            var end = await Record.ExceptionAsync(async () => result = await BackupAsync(room, default));
            var isOver = room.Medium.Operations < operation;
            room.Medium.Plan = null;
            if (isOver) break;
            FaultTally.NoteCuts();
            await FaultTally.CheckAsync(() => room.VerifyAsync(earlier));
            var others = (await ImageList.ReadAsync(room.Store, default)).Where(listing => listing.Id != earlier).ToList();
            if (end is null)
            {
                // What failed did not matter: a renewal, a clearing away. The image is whole.
                Assert.Equal("done", Assert.Single(others).State);
                await FaultTally.CheckAsync(() => room.VerifyAsync(result!.Image));
                continue;
            }

            failed++;
            Assert.IsAssignableFrom<Fault>(end);
            // The line is back, the job is gone.
            room.Processes.Gone.Add(room.Processes.Self);
            foreach (var other in others)
            {
                // The answer to the commit itself may be lost; then the image is there, and whole.
                if (other.State == "done") await FaultTally.CheckAsync(() => room.VerifyAsync(other.Id));
                else Assert.True(other.State is "failed" or "unfinished", other.State);
                if (other.State == "failed") Assert.NotEmpty(other.Reason);
                marked += other.State == "failed" ? 1 : 0;
                await new ImageRemoval(room.Store, room.Processes).DeleteAsync(other.Id, default);
            }

            // What is no image yet goes with the next deletion.
            await new ImageRemoval(room.Store, room.Processes).SweepAsync(default);
            Assert.DoesNotContain(room.Medium.Files(), file => file.Text.StartsWith("images/", StringComparison.Ordinal) && !file.Text.StartsWith($"images/{earlier}/", StringComparison.Ordinal));
        }

        Assert.True(failed > 50, $"only {failed} operations failed");
        if (kind.EndsWith("once", StringComparison.Ordinal)) Assert.True(marked > 40, $"only {marked} of {failed} are marked as failed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_power_of_the_store_fails_at_any_operation_what_is_listed_as_done_is_whole(bool flushes)
    {
        var done = 0;
        for (var operation = 1; ; operation++)
        {
            var (room, earlier) = await MakeAsync(flushes);
            await room.Store.FlushFolderAsync(StoreNames.Leases, default);
            room.Medium.Plan = FaultPlan.Cut(operation);
            await Record.ExceptionAsync(() => BackupAsync(room, default));
            var isOver = room.Medium.Operations < operation;
            room.Medium.Plan = null;
            if (isOver) break;
            FaultTally.NoteCuts();
            if (!flushes) continue;
            room.Medium.Crash(seed: operation);
            room.Store = room.Medium.Open();
            await FaultTally.CheckAsync(() => room.VerifyAsync(earlier));
            foreach (var listing in await ImageList.ReadAsync(room.Store, default))
            {
                Assert.True(listing.State is "done" or "failed" or "unfinished", $"{listing.State} {listing.Reason}");
                if (listing.State == "done") await FaultTally.CheckAsync(() => room.VerifyAsync(listing.Id));
                if (listing.State == "done" && listing.Id != earlier) done++;
            }
        }

        if (flushes) Assert.True(done > 0, "the power failed after the commit, too");
    }

    [Fact]
    public async Task An_image_in_a_store_that_cannot_flush_says_so()
    {
        var (room, _) = await MakeAsync(flushes: false);
        Assert.False((await BackupAsync(room, default)).Manifest.DurabilityConfirmed);
        var (other, _) = await MakeAsync();
        Assert.True((await BackupAsync(other, default)).Manifest.DurabilityConfirmed);
    }

    [Fact]
    public async Task A_store_that_fills_up_anywhere_ends_in_a_fault_that_says_so_and_can_be_cleared()
    {
        var (made, _) = await MakeAsync();
        var before = Size(made);
        await BackupAsync(made, default);
        var needed = Size(made) - before;
        for (var free = 0L; free < needed + 2000; free += Math.Max(500, needed / 40))
        {
            var (room, earlier) = await MakeAsync();
            room.Medium.CapacityBytes = before + free;
            var end = await Record.ExceptionAsync(() => BackupAsync(room, default));
            await FaultTally.CheckAsync(() => room.VerifyAsync(earlier));
            if (free > needed + 1000) Assert.Null(end);
            if (end is null) continue;
            FaultTally.NoteCuts();
            Assert.Equal(StoreProblem.Full, Assert.IsType<StoreFault>(end).Problem);
            room.Processes.Gone.Add(room.Processes.Self);
            foreach (var listing in (await ImageList.ReadAsync(room.Store, default)).Where(listing => listing.Id != earlier)) await new ImageRemoval(room.Store, room.Processes).DeleteAsync(listing.Id, default);
            Assert.Empty(room.Leftovers(earlier));
            Assert.True((await new ImageRemoval(room.Store, room.Processes).DeleteAsync(earlier, default)).FreedBytes > 0);
        }
    }

    private static long Size(JobRoom room) => room.Medium.Files().Sum(file => (long)room.Medium.ReadAll(file).Length);

    private static SampleDisk Source() => SampleDisk.Make(SampleTable.Mbr, 700 << 10, seed: 8);

    private static Task<BackupResult> BackupAsync(JobRoom room, CancellationToken cancel) => room.BackupAsync(Source(), 0xE5, cancel);

    private static async Task<(JobRoom Room, ImageId Earlier)> MakeAsync(bool flushes = true)
    {
        var room = new JobRoom(new MemoryMedium { Flushes = flushes }) { SegmentBytes = 80_000 };
        return (room, (await room.BackupAsync(SampleDisk.Make(SampleTable.None, 64 << 10, seed: 2))).Image);
    }
}
