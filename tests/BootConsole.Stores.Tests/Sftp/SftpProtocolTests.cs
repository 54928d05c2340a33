// What the store sends and what it makes of answers, held against a server in memory.
using BootConsole.Core;
using BootConsole.Stores.Sftp;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Sftp;

public sealed class SftpProtocolTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static StorePath Path(string text) => StorePath.Of(text);

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(4095)]
    public async Task Short_answers_to_reads_are_completed(int mostBytes)
    {
        var server = new FakeSftpServer(new FakeServerOptions { MostReadBytes = mostBytes, BlockBytes = 4096 });
        var bytes = RandomBytes.Of(1, 30_000);
        server.Put("/store/file", bytes);
        await using var store = await server.OpenAsync();
        Assert.Equal(bytes, await StoreBytes.ReadAllAsync(store, Path("file")));
    }

    [Theory]
    [InlineData(4096, 4096)]
    [InlineData(50_000, 50_000)]
    [InlineData(1 << 30, 128 * 1024)]
    [InlineData(0, 32768)]
    public async Task No_block_is_longer_than_the_servers_limit(int limit, int expected)
    {
        var longest = 0;
        var server = new FakeSftpServer(new FakeServerOptions { BlockBytes = (ulong)limit });
        server.Send = exchange =>
        {
            if (exchange.Type == SftpPacketType.Write) longest = Math.Max(longest, exchange.Request.Length - 1 - 4 - 8 - 8 - 4);
            if (exchange.Type == SftpPacketType.Read) longest = Math.Max(longest, BytesAsked(exchange.Request));
            return [exchange.Answer];
        };
        await using var store = await server.OpenAsync();
        await StoreBytes.WriteAsync(store, Path("file"), new byte[1_000_000]);
        Assert.Equal(expected, longest);
        longest = 0;
        await StoreBytes.ReadAllAsync(store, Path("file"));
        Assert.Equal(expected, longest);
    }

    [Fact]
    public async Task A_server_without_limits_gets_blocks_that_every_server_takes()
    {
        var longest = 0;
        var server = new FakeSftpServer(new FakeServerOptions { Extensions = [] });
        server.Send = exchange =>
        {
            longest = Math.Max(longest, exchange.Request.Length);
            return [exchange.Answer];
        };
        await using var store = await server.OpenAsync();
        await StoreBytes.WriteAsync(store, Path("file"), new byte[1_000_000]);
        Assert.InRange(longest, 32768, 34000);
        Assert.False(store.ConfirmsDurability);
        Assert.Null(await store.FindSpaceAsync(None));
    }

    [Fact]
    public async Task A_server_that_takes_next_to_nothing_is_refused()
    {
        var fault = await Assert.ThrowsAsync<TransportFault>(() => new FakeSftpServer(new FakeServerOptions { BlockBytes = 100 }).OpenAsync());
        Assert.False(fault.MayPass);
        Assert.Contains("100 bytes", fault.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public async Task Another_version_of_sftp_is_refused(byte version)
    {
        var server = new FakeSftpServer(new FakeServerOptions { Extensions = [] }) { Send = _ => [[0, 0, 0, 5, 2, 0, 0, 0, version]] };
        var fault = await Assert.ThrowsAsync<TransportFault>(() => server.OpenAsync());
        Assert.Contains($"version {version}", fault.Found, StringComparison.Ordinal);
        Assert.False(fault.MayPass);
    }

    [Fact]
    public async Task An_extension_of_another_version_is_not_used()
    {
        var extensions = FakeServerOptions.AllExtensions.Select(extension => (extension.Item1, extension.Item1.StartsWith("fsync", StringComparison.Ordinal) ? "9" : extension.Item2)).ToArray();
        await using var store = await new FakeSftpServer(new FakeServerOptions { Extensions = extensions }).OpenAsync();
        Assert.False(store.ConfirmsDurability);
    }

    [Fact]
    public async Task A_text_before_the_greeting_is_shown_with_its_cause()
    {
        var server = new FakeSftpServer(new FakeServerOptions()) { Send = exchange => ["Welcome to the\u001b[31m big server\n"u8.ToArray(), exchange.Answer] };
        var fault = await Assert.ThrowsAsync<TransportFault>(() => server.OpenAsync());
        Assert.Equal("the server's shell prints text where SFTP should start", fault.Message);
        Assert.StartsWith("Welcome to the[31m big server", fault.Found, StringComparison.Ordinal);
        Assert.False(fault.MayPass);
    }

    [Fact]
    public async Task A_short_text_and_then_the_end_is_shown_too()
    {
        var server = new FakeSftpServer(new FakeServerOptions()) { Send = _ => ["No.\n"u8.ToArray(), null] };
        Assert.Equal("No.", (await Assert.ThrowsAsync<TransportFault>(() => server.OpenAsync())).Found);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_no_greeting()
    {
        var server = new FakeSftpServer(new FakeServerOptions()) { Send = _ => [[0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]] };
        Assert.Equal("the server does not keep to the SFTP protocol", (await Assert.ThrowsAsync<TransportFault>(() => server.OpenAsync())).Message);
    }

    [Fact]
    public async Task A_listing_without_end_is_given_up()
    {
        var server = new FakeSftpServer(new FakeServerOptions { ListsForEver = true, MoreNames = [.. Enumerable.Range(0, 2000).Select(index => $"name-{index:000000000000000000000000000000}")] });
        await using var store = await server.OpenAsync();
        var fault = await Eventually.EndsAsync(Assert.ThrowsAsync<CorruptFault>(() => store.ListAsync(StorePath.Top, None)));
        Assert.Contains("too many names", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(await store.FindSpaceAsync(None));
    }

    [Fact]
    public async Task Dots_are_not_listed_and_a_line_end_in_a_name_is_only_a_name()
    {
        await using var store = await new FakeSftpServer(new FakeServerOptions { MoreNames = [".", "..", "two\nlines", "plain"] }).OpenAsync();
        Assert.Equal(["two\nlines", "plain"], (await store.ListAsync(StorePath.Top, None)).Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    public async Task A_listed_name_that_cannot_be_one_is_called_damage(string name)
    {
        await using var store = await new FakeSftpServer(new FakeServerOptions { MoreNames = [name] }).OpenAsync();
        await Assert.ThrowsAsync<CorruptFault>(() => store.ListAsync(StorePath.Top, None));
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_ends_the_store_with_one_reason_for_all()
    {
        var server = new FakeSftpServer(new FakeServerOptions());
        await using var store = await server.OpenAsync();
        server.Send = _ => [[0, 0, 0, 9, 101, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]];
        var first = await Assert.ThrowsAsync<TransportFault>(() => store.FindAsync(Path("file"), None));
        var second = await Assert.ThrowsAsync<TransportFault>(() => store.ListAsync(StorePath.Top, None));
        Assert.Equal("an answer to a question that was not asked", first.Found);
        Assert.Equal((first.Message, first.Found, first.MayPass), (second.Message, second.Found, second.MayPass));
        Assert.Equal("sftp://fake/store", first.Which);
    }

    [Fact]
    public async Task Everything_under_way_ends_when_the_connection_does()
    {
        var server = new FakeSftpServer(new FakeServerOptions());
        server.Put("/store/file", new byte[3_000_000]);
        await using var store = await server.OpenAsync();
        await using var reader = await store.OpenReadAsync(Path("file"), None);
        await using var writer = await store.CreateAsync(Path("new"), None);
        var held = 0;
        server.Send = exchange => ++held < 21 ? [] : [null];
        var reads = Enumerable.Range(0, 3).Select(_ => reader.ReadAsync(0, new byte[3_000_000], None).AsTask());
        var all = reads.Append(writer.AppendAsync(new byte[5_000_000], None).AsTask()).Append(store.FindAsync(Path("file"), None)).ToArray();
        foreach (var task in all) Assert.True((await Eventually.EndsAsync(Assert.ThrowsAsync<TransportFault>(() => task))).MayPass);
        await Assert.ThrowsAsync<TransportFault>(() => writer.FinishAsync(None));
    }

    private static int BytesAsked(byte[] read) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(read.AsSpan(read.Length - 4));
}
