// What is under way at once: windows, channels, flushes, cancellation.
using BootConsole.Core;
using BootConsole.Stores.Sftp;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Sftp;

public sealed class SftpFlowTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static StorePath Path(string text) => StorePath.Of(text);

    [Fact]
    public async Task An_unanswered_write_fills_a_window_and_no_more()
    {
        var held = new List<FakeExchange>();
        var server = new FakeSftpServer(new FakeServerOptions());
        server.Send = exchange => Hold(held, exchange, SftpPacketType.Write);
        await using var store = await server.OpenAsync();
        await using var writer = await store.CreateAsync(Path("file"), None);
        using var cancel = new CancellationTokenSource();
        var append = writer.AppendAsync(new byte[20 << 20], cancel.Token).AsTask();
        // 2 MiB in blocks of 128 KiB, and a quarter more that waits for the first answers.
        await Eventually.BecomesTrueAsync(() => CountOf(held) == 20, "the window is full");
        Assert.False(append.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
        Assert.Equal(20, CountOf(held));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.FinishAsync(None));
        // The store goes on; the answers come late and free the window.
        foreach (var exchange in held) exchange.SendLate(exchange.Answer);
        server.Send = exchange => [exchange.Answer];
        await StoreBytes.WriteAsync(store, Path("other"), new byte[5 << 20]);
    }

    [Fact]
    public async Task The_earliest_refused_position_is_reported()
    {
        var held = new List<FakeExchange>();
        var server = new FakeSftpServer(new FakeServerOptions { RefusesWriteAt = offset => offset is 3 * 131072 or 7 * 131072, FreeBlocks = 0 });
        server.Send = exchange => Hold(held, exchange, SftpPacketType.Write);
        await using var store = await server.OpenAsync();
        await using var writer = await store.CreateAsync(Path("file"), None);
        await writer.AppendAsync(new byte[10 * 131072], None);
        var finish = writer.FinishAsync(None);
        await Eventually.BecomesTrueAsync(() => CountOf(held) == 10, "all blocks are out");
        // The last answer first.
        foreach (var exchange in Enumerable.Reverse(held)) exchange.SendLate(exchange.Answer);
        var fault = await Assert.ThrowsAsync<StoreFault>(() => finish);
        Assert.Equal(StoreProblem.Full, fault.Problem);
        Assert.EndsWith($"file at byte {3 * 131072}", fault.Which, StringComparison.Ordinal);
        Assert.Equal("0 B free", fault.Found);
    }

    [Fact]
    public async Task A_refused_write_is_heard_by_a_later_append()
    {
        var server = new FakeSftpServer(new FakeServerOptions { RefusesWriteAt = offset => offset > 0, FreeBlocks = 0 });
        await using var store = await server.OpenAsync();
        await using var writer = await store.CreateAsync(Path("file"), None);
        var fault = await Assert.ThrowsAsync<StoreFault>(async () =>
        {
            while (true) await writer.AppendAsync(new byte[100_000], None);
        });
        Assert.Equal(StoreProblem.Full, fault.Problem);
    }

    [Fact]
    public async Task A_failure_with_room_left_is_not_called_full()
    {
        var isRefused = false;
        var server = new FakeSftpServer(new FakeServerOptions { RefusesWriteAt = _ => !isRefused && (isRefused = true) });
        await using var store = await server.OpenAsync();
        var fault = await Assert.ThrowsAsync<StoreFault>(() => StoreBytes.WriteAsync(store, Path("file"), new byte[10]));
        Assert.Equal(StoreProblem.Other, fault.Problem);
        Assert.Contains("2.00 GiB free", fault.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_can_not_even_write_a_small_file_is_full_whatever_room_there_is_and_the_trial_leaves_nothing()
    {
        var server = new FakeSftpServer(new FakeServerOptions { RefusesWriteAt = _ => true });
        await using var store = await server.OpenAsync();
        var fault = await Assert.ThrowsAsync<StoreFault>(() => StoreBytes.WriteAsync(store, Path("file"), new byte[10]));
        Assert.Equal(StoreProblem.Full, fault.Problem);
        Assert.Contains("2.00 GiB free", fault.Found, StringComparison.Ordinal);
        Assert.Contains("quota", fault.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(await store.ListAsync(StorePath.Top, None), entry => entry.Name.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancelled_read_never_touches_its_buffer_again()
    {
        var held = new List<FakeExchange>();
        var server = new FakeSftpServer(new FakeServerOptions());
        server.Put("/store/file", RandomBytes.Of(1, 1_000_000));
        server.Send = exchange => Hold(held, exchange, SftpPacketType.Read);
        await using var store = await server.OpenAsync();
        await using var reader = await store.OpenReadAsync(Path("file"), None);
        using var cancel = new CancellationTokenSource();
        var buffer = new byte[1_000_000];
        var read = reader.ReadAsync(0, buffer, cancel.Token).AsTask();
        await Eventually.BecomesTrueAsync(() => CountOf(held) == 8, "all blocks are asked for");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        foreach (var exchange in held) exchange.SendLate(exchange.Answer);
        // This answer comes after those.
        Assert.NotNull(await store.FindAsync(Path("file"), None));
        Assert.All(buffer, value => Assert.Equal(0, value));
        server.Send = exchange => [exchange.Answer];
        Assert.Equal(RandomBytes.Of(1, 1_000_000), await StoreBytes.ReadAllAsync(store, Path("file")));
    }

    [Fact]
    public async Task What_was_opened_for_nobody_is_closed()
    {
        var held = new List<FakeExchange>();
        var closes = 0;
        var server = new FakeSftpServer(new FakeServerOptions());
        await using var store = await server.OpenAsync();
        server.Send = exchange =>
        {
            if (exchange.Type == SftpPacketType.Close) Interlocked.Increment(ref closes);
            return Hold(held, exchange, SftpPacketType.Open);
        };
        using var cancel = new CancellationTokenSource();
        var create = store.CreateAsync(Path("file"), cancel.Token);
        await Eventually.BecomesTrueAsync(() => CountOf(held) == 1, "the file is being opened");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        Assert.Equal(0, closes);
        held[0].SendLate(held[0].Answer);
        await Eventually.BecomesTrueAsync(() => closes == 1, "the handle is closed");
    }

    [Fact]
    public async Task A_long_flush_holds_up_nothing_else()
    {
        var held = new List<FakeExchange>();
        var server = new FakeSftpServer(new FakeServerOptions());
        await using var store = await server.OpenAsync();
        await using var writer = await store.CreateAsync(Path("first"), None);
        await writer.AppendAsync(new byte[1000], None);
        server.Send = exchange =>
        {
            if (!exchange.IsExtended("fsync@openssh.com")) return HeldChannels(held).Contains(exchange.Channel) ? [] : [exchange.Answer];
            lock (held) held.Add(exchange);
            return [];
        };
        var finish = writer.FinishAsync(None);
        await Eventually.BecomesTrueAsync(() => CountOf(held) == 1, "the flush is under way");
        // A channel is served in order: whatever came behind the flush would hang.
        Assert.NotNull(await Eventually.EndsAsync(store.FindAsync(Path("first"), None)));
        await using var second = await Eventually.EndsAsync(store.CreateAsync(Path("second"), None));
        await Eventually.EndsAsync(second.AppendAsync(new byte[10 << 20], None).AsTask());
        Assert.Equal(2, store.Channels);
        server.Send = exchange => [exchange.Answer];
        held[0].SendLate(held[0].Answer);
        await Eventually.EndsAsync(finish);
        await second.FinishAsync(None);
    }

    [Fact]
    public async Task A_server_with_one_channel_serves_flushes_in_turn()
    {
        var server = new FakeSftpServer(new FakeServerOptions()) { MostPipes = 1 };
        await using var store = await server.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async index =>
        {
            await StoreBytes.WriteAsync(store, Path($"{index}.part"), RandomBytes.Of(index, 3_000_000));
            await store.PublishAsync(Path($"{index}.part"), Path($"{index}"), 3_000_000, None);
        }));
        for (var index = 0; index < 5; index++) Assert.Equal(RandomBytes.Of(index, 3_000_000), await StoreBytes.ReadAllAsync(store, Path($"{index}")));
        Assert.Equal(1, store.Channels);
    }

    [Fact]
    public void On_a_slow_line_less_is_under_way()
    {
        var lane = new SftpLane(null!, 16);
        for (var answer = 0; answer < 100; answer++) lane.AdaptWindow(TimeSpan.FromSeconds(5));
        Assert.Equal(2, lane.Window);
        lane.AdaptWindow(TimeSpan.FromSeconds(3));
        Assert.Equal(2, lane.Window);
        for (var answer = 0; answer < 100; answer++) lane.AdaptWindow(TimeSpan.FromSeconds(0.1));
        Assert.Equal(16, lane.Window);
    }

    private static IEnumerable<byte[]?> Hold(List<FakeExchange> held, FakeExchange exchange, SftpPacketType type)
    {
        if (exchange.Type != type) return [exchange.Answer];
        lock (held) held.Add(exchange);
        return [];
    }

    private static int CountOf(List<FakeExchange> held)
    {
        lock (held) return held.Count;
    }

    private static int[] HeldChannels(List<FakeExchange> held)
    {
        lock (held) return [.. held.Select(exchange => exchange.Channel)];
    }
}
