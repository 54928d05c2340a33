// The memory store's crashes and planned faults: other tests rest on them.
using BootConsole.Core;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Stores.Tests;

public sealed class MemoryMediumTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static StorePath Path(string text) => StorePath.Of(text);

    [Fact]
    public async Task What_was_published_survives_every_crash()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var medium = new MemoryMedium();
            await PublishAsync(medium.Open(), "file", RandomBytes.Of(seed, 1000));
            medium.Crash(seed);
            Assert.Equal(RandomBytes.Of(seed, 1000), await StoreBytes.ReadAllAsync(medium.Open(), Path("file")));
        }
    }

    [Fact]
    public async Task What_was_not_flushed_is_whole_in_some_crashes_and_cut_blank_or_gone_in_others()
    {
        var outcomes = new HashSet<string>();
        for (var seed = 0; seed < 200; seed++)
        {
            var medium = new MemoryMedium();
            await using (var writer = await medium.Open().CreateAsync(Path("file"), None)) await writer.AppendAsync(Enumerable.Repeat((byte)1, 100).ToArray(), None);
            medium.Crash(seed);
            outcomes.Add(medium.Files().Count == 0 ? "gone" : medium.ReadAll(Path("file")) switch
            {
                { Length: 100 } bytes when bytes.All(value => value == 1) => "whole",
                { Length: < 100 } bytes when bytes.All(value => value == 1) => "cut",
                _ => "blank",
            });
        }

        Assert.Equal(["blank", "cut", "gone", "whole"], outcomes.Order());
    }

    [Fact]
    public async Task A_rename_that_was_not_flushed_leaves_exactly_one_of_both_names()
    {
        var names = new HashSet<string>();
        for (var seed = 0; seed < 50; seed++)
        {
            var medium = new MemoryMedium();
            var store = medium.Open();
            await StoreBytes.WriteAsync(store, Path("x.part"), [1, 2, 3]);
            await store.FlushFolderAsync(StorePath.Top, None);
            // The rename is one operation, the flush behind it the next.
            medium.Plan = FaultPlan.Cut(2);
            await Assert.ThrowsAsync<TransportFault>(() => store.PublishAsync(Path("x.part"), Path("x"), 3, None));
            medium.Plan = null;
            medium.Crash(seed);
            var name = Assert.Single(medium.Files());
            Assert.Equal([1, 2, 3], medium.ReadAll(name));
            names.Add(name.Text);
        }

        Assert.Equal(["x", "x.part"], names.Order());
    }

    [Fact]
    public async Task A_removal_and_a_rewrite_that_were_not_flushed_may_be_undone()
    {
        var outcomes = new HashSet<string>();
        for (var seed = 0; seed < 50; seed++)
        {
            var medium = new MemoryMedium();
            var store = medium.Open();
            await PublishAsync(store, "removed", [1]);
            await PublishAsync(store, "lease", [1]);
            await store.RemoveAsync(Path("removed"), None);
            await store.RewriteAsync(Path("lease"), new byte[] { 2 }, None);
            medium.Crash(seed);
            outcomes.Add($"{medium.Files().Count} files, lease {medium.ReadAll(Path("lease"))[0]}");
        }

        Assert.Equal(["1 files, lease 1", "1 files, lease 2", "2 files, lease 1", "2 files, lease 2"], outcomes.Order());
    }

    [Fact]
    public async Task A_store_without_fsync_loses_what_it_said_was_finished()
    {
        var lost = 0;
        for (var seed = 0; seed < 50; seed++)
        {
            var medium = new MemoryMedium { Flushes = false };
            Assert.False(medium.Open().ConfirmsDurability);
            await PublishAsync(medium.Open(), "file", new byte[100]);
            medium.Crash(seed);
            if (medium.Files().Count == 0 || medium.ReadAll(medium.Files()[0]).Length < 100) lost++;
        }

        Assert.InRange(lost, 10, 50);
    }

    [Fact]
    public async Task A_crash_and_a_cut_end_every_connection_and_open_file()
    {
        var medium = new MemoryMedium();
        foreach (var end in new Action[] { () => medium.Crash(1), medium.Cut })
        {
            var store = medium.Open();
            await store.ReplaceAsync(Path("file"), new byte[10], None);
            var reader = await store.OpenReadAsync(Path("file"), None);
            end();
            await Assert.ThrowsAsync<TransportFault>(() => reader.ReadAsync(0, new byte[1], None).AsTask());
            await Assert.ThrowsAsync<TransportFault>(() => store.ListAsync(StorePath.Top, None));
            Assert.Single(await medium.Open().ListAsync(StorePath.Top, None));
        }
    }

    [Fact]
    public async Task A_planned_fault_strikes_at_its_operation_before_or_after_it_took_effect()
    {
        foreach (var moment in Enum.GetValues<FaultMoment>())
        {
            var medium = new MemoryMedium();
            var store = medium.Open();
            await StoreBytes.WriteAsync(store, Path("x.part"), [1]);
            medium.Plan = FaultPlan.Refuse(1, StoreProblem.Other) with { Moment = moment };
            await Assert.ThrowsAsync<StoreFault>(() => store.RenameAsync(Path("x.part"), Path("x"), None));
            Assert.Equal(moment == FaultMoment.Before ? "x.part" : "x", Assert.Single(medium.Files()).Text);
            // Once only.
            Assert.Single(await store.ListAsync(StorePath.Top, None));
            Assert.Equal(2, medium.Operations);
        }
    }

    [Fact]
    public async Task A_cut_line_stays_cut()
    {
        var medium = new MemoryMedium { Plan = FaultPlan.Cut(2) };
        var store = medium.Open();
        await store.ListAsync(StorePath.Top, None);
        for (var attempt = 0; attempt < 3; attempt++) await Assert.ThrowsAsync<TransportFault>(() => store.ListAsync(StorePath.Top, None));
        medium.Plan = null;
        await store.ListAsync(StorePath.Top, None);
    }

    [Fact]
    public async Task A_full_medium_says_so()
    {
        var medium = new MemoryMedium { CapacityBytes = 100 };
        var store = medium.Open();
        await StoreBytes.WriteAsync(store, Path("first"), new byte[60]);
        Assert.Equal(StoreProblem.Full, (await Assert.ThrowsAsync<StoreFault>(() => StoreBytes.WriteAsync(store, Path("second"), new byte[60]))).Problem);
        Assert.Equal(new StoreSpace(100, 40), await store.FindSpaceAsync(None));
    }

    [Fact]
    public async Task Damage_is_seen_by_the_next_reader_only()
    {
        var medium = new MemoryMedium();
        await PublishAsync(medium.Open(), "file", [1, 2, 3]);
        medium.Damage(Path("file"), bytes => [.. bytes.Select(value => (byte)(value ^ 1))]);
        Assert.Equal([0, 3, 2], await StoreBytes.ReadAllAsync(medium.Open(), Path("file")));
    }

    private static async Task PublishAsync(MemoryStore store, string name, byte[] bytes)
    {
        await StoreBytes.WriteAsync(store, Path(name + ".part"), bytes);
        await store.PublishAsync(Path(name + ".part"), Path(name), bytes.Length, None);
    }
}
