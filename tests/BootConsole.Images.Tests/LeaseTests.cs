// Leases: how they live, and the two ways they die.
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class LeaseTests
{
    private static readonly ImageId Id = SampleImage.Id;
    private readonly FakeClock _storeClock = new();
    private readonly FakeClock _pcClock = new(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeProcesses _processes = new();
    private readonly MemoryMedium _medium;

    public LeaseTests() => _medium = new MemoryMedium { Clock = _storeClock };

    [Fact]
    public async Task A_lease_is_found_with_its_holder_and_gone_after_dispose()
    {
        await using (var lease = await TakeAsync())
        {
            var found = Assert.Single(await FindAsync());
            Assert.Equal((Id, lease.Token, "backup", _processes.Self), (found.Image, found.Token, found.Purpose, found.Job));
            Assert.Contains("4711 on this-pc", found.Holder, StringComparison.Ordinal);
        }

        Assert.Empty(await FindAsync());
        Assert.Empty(_medium.Files());
    }

    [Fact]
    public async Task A_lease_is_written_anew_every_thirty_seconds_until_it_is_given_back()
    {
        var watched = new WatchedStore(_medium.Open());
        var lease = await Lease.TakeAsync(watched, Id, "backup", _processes.Self, _pcClock, default);
        for (var turn = 1; turn <= 20; turn++)
        {
            _storeClock.Move(Lease.RenewEvery);
            _pcClock.Move(Lease.RenewEvery);
            await Eventually.BecomesTrueAsync(() => watched.Operations.Count(operation => operation.Kind == "rewrite") == turn, $"renewal {turn}");
        }

        Assert.Single(await FindAsync());
        await lease.DisposeAsync();
        _pcClock.Move(10 * Lease.RenewEvery);
        Assert.Equal(20, watched.Operations.Count(operation => operation.Kind == "rewrite"));
        Assert.Equal(0, _pcClock.Timers);
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_at_the_next_turn()
    {
        var watched = new WatchedStore(_medium.Open());
        await using var lease = await Lease.TakeAsync(watched, Id, "backup", _processes.Self, _pcClock, default);
        var (tries, isCut) = (0, true);
        watched.Before = (_, operation) =>
        {
            if (operation.Kind != "rewrite") return;
            tries++;
            if (isCut) throw new TransportFault("cut");
        };
        _pcClock.Move(Lease.RenewEvery);
        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref tries) == 1, "the first try");
        isCut = false;
        _storeClock.Move(TimeSpan.FromMinutes(4));
        await Eventually.BecomesTrueAsync(
            () =>
            {
                _pcClock.Move(Lease.RenewEvery);
                return Volatile.Read(ref tries) >= 2;
            },
            "the second try");
        _storeClock.Move(TimeSpan.FromMinutes(4));
        Assert.Single(await FindAsync());
    }

    [Fact]
    public async Task A_lease_dies_of_age_by_the_stores_clock_alone()
    {
        await using var lease = await TakeAsync();
        _storeClock.Move(Lease.DeadAfter);
        Assert.Single(await FindAsync());
        _storeClock.Move(TimeSpan.FromSeconds(1));
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task A_lease_from_the_stores_future_is_dead_too()
    {
        var now = _storeClock.GetUtcNow();
        _storeClock.Set(now.AddYears(10));
        await using var lease = await TakeAsync();
        Assert.Single(await FindAsync());
        _storeClock.Set(now);
        Assert.Empty(await FindAsync());
        _storeClock.Set(now.AddYears(10) - Lease.DeadAfter);
        Assert.Single(await FindAsync());
    }

    [Fact]
    public async Task The_pcs_clock_does_not_matter_and_the_difference_is_told()
    {
        await using var lease = await TakeAsync();
        Assert.Equal(_storeClock.GetUtcNow() - _pcClock.GetUtcNow(), lease.StoreClockAhead);
        Assert.Single(await FindAsync());
    }

    [Fact]
    public async Task A_lease_dies_when_its_own_machine_says_that_the_process_is_gone()
    {
        await using var lease = await TakeAsync();
        _processes.Gone.Add(_processes.Self with { ProcessId = 4712 });
        Assert.Single(await FindAsync());
        _processes.Gone.Add(_processes.Self);
        Assert.Empty(await FindAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("{\"image\":null,\"token\":null,\"purpose\":null,\"job\":null,\"started\":null}")]
    public async Task A_lease_that_cannot_be_read_lives_until_it_dies_of_age(string content)
    {
        await using var lease = await TakeAsync();
        _medium.Damage(StoreNames.Leases / $"{Id}.{lease.Token}", _ => System.Text.Encoding.UTF8.GetBytes(content));
        Assert.Equal("an unknown process", Assert.Single(await FindAsync()).Holder);
        _storeClock.Move(Lease.DeadAfter + TimeSpan.FromSeconds(1));
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task A_lease_longer_than_any_lives_until_it_dies_of_age()
    {
        await using var lease = await TakeAsync();
        _medium.Damage(StoreNames.Leases / $"{Id}.{lease.Token}", _ => new byte[ImageJson.MaxRecordBytes + 1]);
        Assert.Null(Assert.Single(await FindAsync()).Job);
    }

    [Theory]
    [InlineData("clock.0123456789abcdef.part")]
    [InlineData("2026-11-21T060400Z_office-pc_before-update")]
    [InlineData("2026-11-21T060400Z_office-pc_before-update.0123")]
    [InlineData("x.0123456789abcdef")]
    [InlineData("notes.txt")]
    public async Task Other_names_in_the_folder_are_no_leases(string name)
    {
        var store = _medium.Open();
        await store.CreateFolderAsync(StoreNames.Leases, default);
        await using (var file = await store.CreateAsync(StoreNames.Leases / name, default)) await file.FinishAsync(default);
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task A_full_store_can_still_be_asked_for_its_leases_and_its_time()
    {
        await using var lease = await TakeAsync();
        _medium.CapacityBytes = 0;
        Assert.Single(await FindAsync());
        _storeClock.Move(Lease.DeadAfter + TimeSpan.FromSeconds(1));
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task Where_not_even_an_empty_file_fits_a_lease_counts_as_living_unless_its_process_is_gone()
    {
        await using var lease = await TakeAsync();
        _storeClock.Move(Lease.DeadAfter + TimeSpan.FromSeconds(1));
        var watched = new WatchedStore(_medium.Open())
        {
            Before = (_, operation) =>
            {
                if (operation.Kind == "create") throw new StoreFault(StoreProblem.Full, "planned");
            },
        };
        Assert.Single(await LeaseSearch.FindLivingAsync(watched, _processes, default));
        _processes.Gone.Add(_processes.Self);
        Assert.Empty(await LeaseSearch.FindLivingAsync(watched, _processes, default));
    }

    [Fact]
    public async Task Taking_a_lease_that_fails_at_any_operation_leaves_none_behind()
    {
        for (var operation = 1; ; operation++)
        {
            foreach (var isLate in (bool[])[false, true])
            {
                var medium = new MemoryMedium();
                var watched = new WatchedStore(medium.Open());
                Action<int, StoreOperation> strike = (number, _) =>
                {
                    if (number == operation) throw new StoreFault(StoreProblem.Denied, "planned");
                };
                (watched.Before, watched.After) = isLate ? (null, strike) : (strike, (Action<int, StoreOperation>?)null);
                try
                {
                    await using var lease = await Lease.TakeAsync(watched, Id, "backup", _processes.Self, _pcClock, default);
                    if (operation <= watched.Operations.Count) Assert.Fail($"operation {operation} failed unseen");
                }
                catch (StoreFault)
                {
                    Assert.Empty(medium.Files());
                    continue;
                }

                Assert.InRange(operation, 6, 20);
                return;
            }
        }
    }

    [Fact]
    public async Task The_look_for_leases_leaves_nothing_behind_even_when_it_fails()
    {
        await using var lease = await TakeAsync();
        var count = 0;
        for (var operation = 1; ; operation++)
        {
            _medium.Plan = FaultPlan.Refuse(operation, StoreProblem.Denied);
            try
            {
                await FindAsync();
                _medium.Plan = null;
                break;
            }
            catch (StoreFault)
            {
                count++;
            }

            _medium.Plan = null;
            Assert.Single(_medium.Files());
        }

        Assert.True(count >= 4, $"only {count} operations could fail");
    }

    private Task<Lease> TakeAsync() => Lease.TakeAsync(_medium.Open(), Id, "backup", _processes.Self, _pcClock, default);

    private Task<IReadOnlyList<FoundLease>> FindAsync() => LeaseSearch.FindLivingAsync(_medium.Open(), _processes, default);
}
