// A store that outlives its connection: reading goes on at any cut, writing is told, and nothing is tried for ever.
using BootConsole.Core;
using BootConsole.Stores.Sftp;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Stores.Tests.Renewal;

public sealed class RenewableStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Content = RandomBytes.Of(4, 5000);
    private readonly MemoryMedium _medium = new() { CapacityBytes = 1 << 20 };
    private readonly SkippingClock _clock = new();

    // What happens to the medium when a new connection is made; the old ones are dead by then.
    private Action _opened = () => { };
    private int _openings;

    [Fact]
    public async Task Whatever_reads_comes_through_a_cut_at_any_operation()
    {
        for (var operation = 1; ; operation++)
        {
            var room = new RenewableStoreTests();
            await using var store = await room.OpenAsync();
            room._medium.Plan = FaultPlan.Cut(operation);
            room._opened = () => room._medium.Plan = null;
            await ReadEverythingAsync(store);
            if (room._openings == 1) break;
            Assert.Equal(2, room._openings);
        }
    }

    [Fact]
    public async Task Whatever_reads_comes_through_any_two_cuts_also_when_the_second_comes_while_it_recovers_from_the_first()
    {
        var pairs = 0;
        for (var first = 1; ; first++)
        {
            var isOver = false;
            for (var second = 1; ; second++, pairs++)
            {
                var room = new RenewableStoreTests();
                await using var store = await room.OpenAsync();
                room._medium.Plan = FaultPlan.Cut(first);
                room._opened = () => room._medium.Plan = room._openings == 2 ? FaultPlan.Cut(second) : null;
                await ReadEverythingAsync(store);
                isOver = room._openings == 1;
                if (room._openings < 3) break;
                Assert.Equal(3, room._openings);
            }

            if (isOver) break;
        }

        Assert.True(pairs > 20, $"{pairs} pairs");
    }

    [Fact]
    public async Task What_writes_is_told_of_the_cut_and_works_again_after_connecting_anew()
    {
        foreach (var write in Writes)
        {
            var room = new RenewableStoreTests();
            await using var store = await room.OpenAsync();
            room._medium.Cut();
            Assert.True((await Assert.ThrowsAsync<TransportFault>(() => write(store))).MayPass);
            Assert.Equal(1, room._openings);
            await store.ReconnectAsync(None);
            await write(store);
            Assert.Equal(2, room._openings);
        }
    }

    [Fact]
    public async Task A_writer_of_a_lost_connection_stays_lost()
    {
        await using var store = await OpenAsync();
        await using var writer = await store.CreateAsync(Path("new.part"), None);
        await writer.AppendAsync(Content, None);
        _medium.Cut();
        await store.ReconnectAsync(None);
        Assert.True((await Assert.ThrowsAsync<TransportFault>(() => writer.AppendAsync(Content, None).AsTask())).MayPass);
        Assert.True((await Assert.ThrowsAsync<TransportFault>(() => writer.FinishAsync(None))).MayPass);
        Assert.Equal(Content.Length, _medium.ReadAll(Path("new.part")).Length);
    }

    [Fact]
    public async Task A_store_that_says_no_is_not_asked_twice()
    {
        await using var store = await OpenAsync();
        _medium.Plan = FaultPlan.Refuse(1, StoreProblem.Denied);
        Assert.Equal(StoreProblem.Denied, (await Assert.ThrowsAsync<StoreFault>(() => store.FindAsync(Path("file"), None))).Problem);
        await Assert.ThrowsAsync<StoreFault>(() => store.OpenReadAsync(Path("not-there"), None));
        Assert.Equal(1, _openings);
    }

    [Fact]
    public async Task The_first_opening_is_tried_once()
    {
        var tries = 0;
        await Assert.ThrowsAsync<TransportFault>(() => RenewableStore.OpenAsync(_ =>
        {
            tries++;
            throw new TransportFault("nothing answers") { MayPass = true };
        }, new RetryPolicy { Clock = _clock }, None));
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_waited_for_as_long_as_was_said()
    {
        await using var store = await OpenAsync(TimeSpan.FromMinutes(10));
        _medium.Cut();
        _opened = () => throw new TransportFault("nothing answers") { MayPass = true };
        Assert.Equal("nothing answers", (await Assert.ThrowsAsync<TransportFault>(() => store.FindAsync(Path("file"), None))).Message);
        Assert.Equal(TimeSpan.FromMinutes(10), _clock.GetElapsedTime(0));
    }

    [Fact]
    public async Task A_server_that_lets_everybody_in_and_then_hangs_up_is_not_tried_for_ever()
    {
        await using var store = await OpenAsync(TimeSpan.FromMinutes(10));
        await using var reader = await store.OpenReadAsync(Path("file"), None);
        _medium.Plan = FaultPlan.Cut(1);
        _opened = () => _medium.Plan = FaultPlan.Cut(1);
        await Assert.ThrowsAsync<TransportFault>(() => Eventually.EndsAsync(Task.Run(() => store.ListAsync(StorePath.Top, None))));
        Assert.Equal(TimeSpan.FromMinutes(10), _clock.GetElapsedTime(0));
        Assert.InRange(_openings, 10, 20);
        await Assert.ThrowsAsync<TransportFault>(() => Eventually.EndsAsync(Task.Run(() => reader.ReadAsync(0, new byte[10], None).AsTask())));
        Assert.Equal(TimeSpan.FromMinutes(20), _clock.GetElapsedTime(0));
    }

    [Fact]
    public async Task Many_that_lose_one_connection_make_one_new_one()
    {
        await using var store = await OpenAsync();
        var readers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.OpenReadAsync(Path("file"), None)));
        _medium.Cut();
        await Eventually.EndsAsync(Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(async () =>
        {
            Assert.NotNull(await store.FindAsync(Path("file"), None));
            var piece = new byte[100];
            Assert.Equal(100, await readers[index].ReadAsync(index, piece, None));
            Assert.Equal(Content[index..(index + 100)], piece);
            Assert.Equal(100, await readers[0].ReadAsync(index, piece, None));
        }))));
        Assert.Equal(2, _openings);
        foreach (var reader in readers) await reader.DisposeAsync();
    }

    [Fact]
    public async Task A_file_that_changed_its_length_or_went_away_meanwhile_is_not_read_on()
    {
        await using var store = await OpenAsync();
        await using var reader = await store.OpenReadAsync(Path("file"), None);
        _medium.Cut();
        _opened = () => _medium.Damage(Path("file"), bytes => [.. bytes, 0]);
        var fault = await Assert.ThrowsAsync<CorruptFault>(() => reader.ReadAsync(0, new byte[10], None).AsTask());
        Assert.Equal(("a file changed while it was read", "5000 bytes", "5001 bytes"), (fault.Message, fault.Expected, fault.Found));
        _medium.Cut();
        _opened = () => { };
        await store.ReconnectAsync(None);
        await store.RemoveAsync(Path("file"), None);
        _medium.Cut();
        Assert.Equal(StoreProblem.Missing, (await Assert.ThrowsAsync<StoreFault>(() => reader.ReadAsync(0, new byte[10], None).AsTask())).Problem);
    }

    [Fact]
    public async Task A_cancel_while_it_waits_ends_a_read()
    {
        var still = new FakeClock();
        await using var store = await OpenAsync(TimeSpan.FromHours(1), still);
        _medium.Cut();
        using var cancel = new CancellationTokenSource();
        var reading = store.FindAsync(Path("file"), cancel.Token);
        await Eventually.BecomesTrueAsync(() => still.Timers == 1, "it waits");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(reading));
    }

    [Fact]
    public async Task A_store_that_was_closed_is_not_opened_again()
    {
        using var folder = new TempFolder();
        var openings = 0;
        var store = await RenewableStore.OpenAsync(async cancel =>
        {
            openings++;
            return await SftpStore.OpenChildAsync("/usr/lib/openssh/sftp-server", [], folder.Path, StoreAccess.Write, IfMissing.Refuse, cancel);
        }, new RetryPolicy { Clock = _clock }, None);
        await StoreBytes.WriteAsync(store, Path("file"), Content);
        var reader = await store.OpenReadAsync(Path("file"), None);
        await store.DisposeAsync();
        await Assert.ThrowsAsync<TransportFault>(() => store.FindAsync(Path("file"), None));
        await Assert.ThrowsAsync<TransportFault>(() => reader.ReadAsync(0, new byte[10], None).AsTask());
        Assert.Equal(1, openings);
    }

    [Fact]
    public async Task Who_still_uses_a_connection_that_was_closed_to_be_made_anew_hears_that_another_may_do()
    {
        using var folder = new TempFolder();
        var store = await SftpStore.OpenChildAsync("/usr/lib/openssh/sftp-server", [], folder.Path, StoreAccess.Write, IfMissing.Refuse, None);
        await StoreBytes.WriteAsync(store, Path("file"), Content);
        var reader = await store.OpenReadAsync(Path("file"), None);
        var (fresh, begun, full, more) = (await store.CreateAsync(Path("fresh"), None), await store.CreateAsync(Path("begun"), None), await store.CreateAsync(Path("full"), None), await store.CreateAsync(Path("more"), None));
        await begun.AppendAsync(Content, None);
        // Answered or not when the connection goes: both happen.
        await full.AppendAsync(new byte[3 << 20], None);
        await store.DisposeAsync();
        foreach (var use in (Func<Task>[])
            [
                () => fresh.FinishAsync(None), () => begun.FinishAsync(None), () => full.FinishAsync(None), () => more.AppendAsync(new byte[3 << 20], None).AsTask(),
                () => reader.ReadAsync(0, new byte[10], None).AsTask(), () => store.FindAsync(Path("file"), None), () => store.CreateAsync(Path("other"), None), () => store.ReplaceAsync(Path("state"), Content, None),
            ])
        {
            var fault = await Eventually.EndsAsync(Assert.ThrowsAsync<TransportFault>(use));
            Assert.True(fault.MayPass, fault.Message);
        }

        foreach (var writer in (IStoreWriter[])[fresh, begun, full, more]) await writer.DisposeAsync();
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task A_real_server_that_is_restarted_is_read_on_from_and_written_to_after_connecting_anew()
    {
        await using var server = await PrivateSshd.StartAsync();
        await File.WriteAllBytesAsync(System.IO.Path.Combine(server.StoreFolder, "file"), Content);
        List<string> said = [];
        var openings = 0;
        await using var store = await RenewableStore.OpenAsync(async cancel =>
        {
            Interlocked.Increment(ref openings);
            return await SftpStore.OpenAsync(server.Address(), server.Settings, StoreAccess.Write, IfMissing.Refuse, cancel);
        }, new RetryPolicy { For = Eventually.Limit, Report = text => { lock (said) said.Add(text); } }, None);
        await using var reader = await store.OpenReadAsync(Path("file"), None);
        await using var lost = await store.CreateAsync(Path("lost.part"), None);
        await lost.AppendAsync(Content, None);

        await server.KillAsync();
        var reading = reader.ReadAsync(1000, new byte[4000], None).AsTask();
        var finding = store.FindAsync(Path("file"), None);
        await Eventually.BecomesTrueAsync(() => { lock (said) return said.Count >= 2; }, "both say that the connection is lost");
        await server.StartAgainAsync();
        Assert.Equal(4000, await Eventually.EndsAsync(reading));
        Assert.Equal(Content.Length, (await Eventually.EndsAsync(finding))!.Length);

        Assert.True((await Eventually.EndsAsync(Assert.ThrowsAsync<TransportFault>(() => lost.FinishAsync(None)))).MayPass);
        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.True((await Eventually.EndsAsync(Assert.ThrowsAsync<TransportFault>(() => StoreBytes.WriteAsync(store, Path("new"), Content)))).MayPass);
        await store.ReconnectAsync(None);
        await StoreBytes.WriteAsync(store, Path("new"), Content);
        Assert.Equal(Content, await StoreBytes.ReadAllAsync(store, Path("new")));
    }

    private static IEnumerable<Func<RenewableStore, Task>> Writes =>
    [
        store => store.CreateFolderAsync(Path("folder/below"), None),
        async store => await (await store.CreateAsync(Path("new.part"), None)).DisposeAsync(),
        store => store.PublishAsync(Path("file"), Path("final"), Content.Length, None),
        store => store.ReplaceAsync(Path("state.json"), Content, None),
        store => store.RewriteAsync(Path("file"), new byte[3], None),
        store => store.RemoveAsync(Path("file"), None),
        store => store.RemoveFolderAsync(Path("empty"), None),
        store => store.RenameAsync(Path("file"), Path("renamed"), None),
        store => store.FlushFolderAsync(StorePath.Top, None),
    ];

    private static StorePath Path(string text) => StorePath.Of(text);

    private static async Task ReadEverythingAsync(RenewableStore store)
    {
        Assert.Equal(["empty", "file"], (await store.ListAsync(StorePath.Top, None)).Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.Equal(Content.Length, (await store.FindAsync(Path("file"), None))!.Length);
        Assert.Null(await store.FindAsync(Path("nothing"), None));
        Assert.Equal(1 << 20, (await store.FindSpaceAsync(None))!.Total);
        await using var reader = await store.OpenReadAsync(Path("file"), None);
        var bytes = new byte[Content.Length];
        for (var offset = 0; offset < bytes.Length; offset += 1000) Assert.Equal(1000, await reader.ReadAsync(offset, bytes.AsMemory(offset, 1000), None));
        Assert.Equal(Content, bytes);
    }

    private async Task<RenewableStore> OpenAsync(TimeSpan? limit = null, TimeProvider? clock = null)
    {
        await using (var store = _medium.Open())
        {
            await StoreBytes.WriteAsync(store, Path("file"), Content);
            await store.CreateFolderAsync(Path("empty"), None);
        }

        return await RenewableStore.OpenAsync(_ =>
        {
            if (++_openings > 1)
            {
                _medium.Cut();
                _opened();
            }

            return Task.FromResult<IDeleteStore>(_medium.Open());
        }, new RetryPolicy { For = limit ?? TimeSpan.FromHours(1), Clock = clock ?? _clock }, None);
    }
}
