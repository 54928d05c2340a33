// When further channels are opened, and which way.
using BootConsole.Core;
using BootConsole.Stores.Sftp;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Sftp;

public sealed class SftpLanesTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Refused_sessions_become_connections_and_refused_connections_end_the_growth()
    {
        var server = new FakeSftpServer(new FakeServerOptions()) { MostPipes = 2, MostSeparatePipes = 1 };
        await using var store = await server.OpenAsync();
        var held = new List<FakeExchange>();
        server.Send = exchange =>
        {
            lock (held)
            {
                if (exchange.IsExtended("fsync@openssh.com")) held.Add(exchange);
                return held.Any(other => other.Channel == exchange.Channel) ? [] : [exchange.Answer];
            }
        };
        // Each flush occupies a channel, so that each further file wants another one.
        var finishes = new List<Task>();
        for (var index = 0; index < 3; index++)
        {
            var writer = await Eventually.EndsAsync(store.CreateAsync(StorePath.Of($"{index}"), None));
            await writer.AppendAsync(new byte[10], None);
            finishes.Add(writer.FinishAsync(None));
            await Eventually.BecomesTrueAsync(() => Flushes(held) == index + 1, "the flush is under way");
        }

        Assert.Equal(3, store.Channels);
        Assert.Equal([SftpWay.Shared, SftpWay.Shared, SftpWay.Shared, SftpWay.Separate], server.Asked.Take(4));
        // No more to be had: the fourth file waits for its turn on a channel that flushes.
        var fourth = store.CreateAsync(StorePath.Of("fourth"), None);
        await Eventually.BecomesTrueAsync(() => server.Asked.Count == 5, "one more is asked for");
        server.Send = exchange => [exchange.Answer];
        foreach (var exchange in held.ToArray()) exchange.SendLate(exchange.Answer);
        await Eventually.EndsAsync(Task.WhenAll(finishes));
        await (await Eventually.EndsAsync(fourth)).DisposeAsync();
        Assert.Equal(3, store.Channels);
    }

    [Fact]
    public async Task On_a_near_line_one_channel_is_enough()
    {
        using var folder = new TempFolder();
        await using var store = await SftpStore.OpenChildAsync("/usr/lib/openssh/sftp-server", [], folder.Path, StoreAccess.Write, IfMissing.Refuse, None);
        await using (var writer = await store.CreateAsync(StorePath.Of("file"), None))
        {
            for (var round = 0; round < 20; round++) await writer.AppendAsync(new byte[5_000_000], None);
            Assert.Equal(1, store.Channels);
            await writer.FinishAsync(None);
        }
    }

    [Fact]
    public async Task The_end_of_one_channel_is_the_end_of_the_store()
    {
        var server = new FakeSftpServer(new FakeServerOptions());
        await using var store = await server.OpenAsync();
        await StoreBytes.WriteAsync(store, StorePath.Of("file"), new byte[10]);
        await Eventually.BecomesTrueAsync(() => store.Channels == 2, "a second channel");
        await using var writer = await store.CreateAsync(StorePath.Of("new"), None);
        server.Send = exchange => exchange.Channel == 1 ? [null] : [];
        // Something on each channel; only one of them breaks.
        var waiting = Enumerable.Range(0, 4).Select(_ => store.FindAsync(StorePath.Of("file"), None)).Append<Task>(writer.AppendAsync(new byte[8 << 20], None).AsTask()).ToArray();
        foreach (var task in waiting) await Eventually.EndsAsync(Assert.ThrowsAsync<TransportFault>(() => task));
        await Assert.ThrowsAsync<TransportFault>(() => store.CreateAsync(StorePath.Of("more"), None));
    }

    private static int Flushes(List<FakeExchange> held)
    {
        lock (held) return held.Count;
    }
}
