// Lines that are cut, servers that die, and what is told to whoever waits.
using BootConsole.Core;
using BootConsole.Stores.Sftp;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Ssh;

public sealed class SshCutTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static StorePath Path(string text) => StorePath.Of(text);

    private static Task<SftpStore> OpenAsync(PrivateSshd server, TcpFaultProxy proxy, int keepAliveSeconds = 15) => SftpStore.OpenAsync(
        server.AddressThrough(proxy.Port), server.SettingsThrough(proxy.Port) with { KeepAliveSeconds = keepAliveSeconds }, StoreAccess.Write, IfMissing.Refuse, None);

    [Fact]
    public async Task A_server_killed_while_it_is_written_to_ends_the_store_and_can_be_opened_again()
    {
        await using var server = await PrivateSshd.StartAsync();
        await using var proxy = new TcpFaultProxy(server.Port);
        var store = await OpenAsync(server, proxy);
        var folder = SshProcesses.RunFolderOf(proxy.Port);
        var writing = WriteForEverAsync(store, Path("x.part"));
        await Eventually.BecomesTrueAsync(() => proxy.BytesToServer > 5_000_000, "the file is being written");
        await server.KillAsync();
        var fault = await Eventually.EndsAsync(Assert.ThrowsAsync<TransportFault>(() => writing));
        Assert.True(fault.MayPass);
        Assert.True((await Assert.ThrowsAsync<TransportFault>(() => store.FindAsync(Path("x.part"), None))).MayPass);
        await store.DisposeAsync();
        Assert.Empty(SshProcesses.With(folder!));
        Assert.False(Directory.Exists(folder));

        await server.StartAgainAsync();
        await using var again = await OpenAsync(server, proxy);
        Assert.True((await again.FindAsync(Path("x.part"), None))!.Length > 0);
    }

    [Fact]
    public async Task A_server_killed_while_it_is_read_from_ends_every_read()
    {
        await using var server = await PrivateSshd.StartAsync();
        await using var proxy = new TcpFaultProxy(server.Port) { BytesPerSecond = 20_000_000 };
        await using (var file = File.Create(server.StoreFolder + "/file")) file.SetLength(200_000_000);
        await using var store = await OpenAsync(server, proxy);
        await using var reader = await store.OpenReadAsync(Path("file"), None);
        var reads = Enumerable.Range(0, 4).Select(index => reader.ReadAsync(index * 40_000_000, new byte[40_000_000], None).AsTask()).ToArray();
        await Eventually.BecomesTrueAsync(() => proxy.BytesToClient > 3_000_000, "the file is being read");
        await server.KillAsync();
        foreach (var read in reads) Assert.True((await Eventually.EndsAsync(Assert.ThrowsAsync<TransportFault>(() => read))).MayPass);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40_000)]
    [InlineData(1_000_000)]
    [InlineData(9_999_999)]
    public async Task A_line_cut_after_some_bytes_ends_in_a_fault_that_may_pass(long bytes)
    {
        await using var server = await PrivateSshd.StartAsync();
        await using var proxy = new TcpFaultProxy(server.Port);
        await using var store = await OpenAsync(server, proxy);
        proxy.CutAfterBytesToServer = proxy.BytesToServer + bytes;
        Assert.True((await Eventually.EndsAsync(Assert.ThrowsAsync<TransportFault>(() => WriteForEverAsync(store, Path("x.part"))))).MayPass);
    }

    [Fact]
    public async Task A_line_cut_on_the_way_back_ends_in_a_fault_that_may_pass()
    {
        await using var server = await PrivateSshd.StartAsync();
        await using var proxy = new TcpFaultProxy(server.Port);
        await using (var file = File.Create(server.StoreFolder + "/file")) file.SetLength(20_000_000);
        await using var store = await OpenAsync(server, proxy);
        await using var reader = await store.OpenReadAsync(Path("file"), None);
        proxy.CutAfterBytesToClient = proxy.BytesToClient + 5_000_000;
        Assert.True((await Eventually.EndsAsync(Assert.ThrowsAsync<TransportFault>(() => reader.ReadAsync(0, new byte[20_000_000], None).AsTask()))).MayPass);
    }

    [Fact]
    public async Task A_connection_closed_in_the_middle_ends_in_a_fault_that_may_pass()
    {
        await using var server = await PrivateSshd.StartAsync();
        await using var proxy = new TcpFaultProxy(server.Port);
        await using var store = await OpenAsync(server, proxy);
        var writing = WriteForEverAsync(store, Path("x.part"));
        await Eventually.BecomesTrueAsync(() => proxy.BytesToServer > 3_000_000, "the file is being written");
        proxy.Truncate();
        Assert.True((await Eventually.EndsAsync(Assert.ThrowsAsync<TransportFault>(() => writing))).MayPass);
    }

    [Fact]
    public async Task A_dead_line_is_noticed_by_its_silence()
    {
        await using var server = await PrivateSshd.StartAsync();
        await using var proxy = new TcpFaultProxy(server.Port);
        await using var store = await OpenAsync(server, proxy, keepAliveSeconds: 1);
        proxy.IsBlackHole = true;
        var fault = await Eventually.EndsAsync(Assert.ThrowsAsync<TransportFault>(() => store.ListAsync(StorePath.Top, None)));
        Assert.Equal("the server does not answer any more", fault.Message);
        Assert.True(fault.MayPass);
    }

    [Fact]
    public async Task A_store_is_closed_at_once_though_its_server_hangs()
    {
        await using var server = await PrivateSshd.StartAsync();
        await using var proxy = new TcpFaultProxy(server.Port);
        var store = await OpenAsync(server, proxy);
        var folder = SshProcesses.RunFolderOf(proxy.Port);
        proxy.IsBlackHole = true;
        using var cancel = new CancellationTokenSource();
        var writing = WriteForEverAsync(store, Path("x.part"), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.EndsAsync(writing));
        await Eventually.EndsAsync(store.DisposeAsync().AsTask());
        Assert.Empty(SshProcesses.With(folder!));
    }

    [Fact]
    public async Task Over_a_long_line_several_channels_carry_the_same_bytes()
    {
        await using var server = await PrivateSshd.StartAsync();
        await using var proxy = new TcpFaultProxy(server.Port) { DelayEachWay = TimeSpan.FromMilliseconds(25) };
        await using var store = await OpenAsync(server, proxy);
        // A flush wants a second channel for whatever comes meanwhile; the file then spreads over both.
        await StoreBytes.WriteAsync(store, Path("small"), [1]);
        await Eventually.BecomesTrueAsync(() => store.Channels > 1, "a second channel");
        var bytes = RandomBytes.Of(8, 8_000_000);
        await using (var writer = await store.CreateAsync(Path("x.part"), None))
        {
            for (var round = 0; round < 8; round++) await writer.AppendAsync(bytes, None);
            await writer.FinishAsync(None);
            await store.PublishAsync(Path("x.part"), Path("x"), writer.Length, None);
        }

        Assert.InRange(store.Channels, 2, 8);
        Assert.Equal(1, proxy.Connections);
        await using var reader = await store.OpenReadAsync(Path("x"), None);
        var buffer = new byte[bytes.Length];
        for (long offset = 0; offset < reader.Length; offset += bytes.Length)
        {
            Assert.Equal(bytes.Length, await reader.ReadAsync(offset, buffer, None));
            Assert.True(bytes.AsSpan().SequenceEqual(buffer), $"the bytes at {offset}");
        }
    }

    private static async Task WriteForEverAsync(SftpStore store, StorePath path, CancellationToken cancel = default)
    {
        var bytes = RandomBytes.Of(2, 1 << 20);
        await using var writer = await store.CreateAsync(path, cancel);
        while (true) await writer.AppendAsync(bytes, cancel);
    }
}
