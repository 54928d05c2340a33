// A server that says anything at all: the store ends in success or in a named fault, and never otherwise.
using BootConsole.Core;
using BootConsole.Stores.Sftp;
using BootConsole.Stores.Tests.Contract;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Sftp;

[Collection(nameof(AloneCollection))]
public sealed class SftpFuzzTests
{
    private const int Batch = 500;

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("BOOTCONSOLE_FUZZ_ROUNDS"), out var rounds) ? rounds : 20_000;

    [Fact]
    public async Task Spoiled_answers_end_in_success_or_in_a_fault()
    {
        var (successes, faults) = (0, 0);
        for (var first = 0; first < Rounds; first += Batch)
        {
            var allocated = GC.GetTotalAllocatedBytes();
            for (var seed = first; seed < Math.Min(first + Batch, Rounds); seed++)
            {
                var fault = await RunAsync(seed);
                Assert.True(fault is null or Fault, $"seed {seed}: {fault}");
                if (fault is null) successes++;
                else faults++;
            }

            // 64 MiB for a round would be too much; a sound one takes 1 or 2 (its buffers).
            Assert.InRange(GC.GetTotalAllocatedBytes() - allocated, 0, Batch * (8L << 20));
        }

        // Both must happen often, or the spoiling does nothing or too much.
        Assert.True(successes > Rounds / 50 && faults > Rounds / 5, $"{successes} successes, {faults} faults");
    }

    private static async Task<Exception?> RunAsync(int seed)
    {
        var spoiler = new AnswerSpoiler(seed);
        var server = new FakeSftpServer(new FakeServerOptions { BlockBytes = 8192 }) { Send = exchange => spoiler.Spoil(exchange.Answer) };
        server.Put("/store/a", null);
        server.Put("/store/a/x", RandomBytes.Of(1, FileBytes));
        return await Eventually.EndsAsync(Record.ExceptionAsync(() => UseAsync(server, new Random(seed))));
    }

    private const int FileBytes = 20_000;

    private static async Task UseAsync(FakeSftpServer server, Random random)
    {
        await using var store = await server.OpenAsync(random.Next(2) == 0 ? StoreAccess.Read : StoreAccess.Write);
        for (var step = 0; step < 2; step++) await Steps[random.Next(Steps.Length)](store);
    }

    private static readonly Func<SftpStore, Task>[] Steps =
    [
        store => store.CreateFolderAsync(StorePath.Of("a/b/c"), CancellationToken.None),
        store => store.ListAsync(StorePath.Of("a"), CancellationToken.None),
        store => store.FindAsync(StorePath.Of("a/x"), CancellationToken.None),
        store => store.FindSpaceAsync(CancellationToken.None),
        store => store.RewriteAsync(StorePath.Of("a/x"), new byte[30], CancellationToken.None),
        store => store.ReplaceAsync(StorePath.Of("a/state.json"), new byte[100], CancellationToken.None),
        store => store.RenameAsync(StorePath.Of("a/x"), StorePath.Of("a/z"), CancellationToken.None),
        store => store.PublishAsync(StorePath.Of("a/x"), StorePath.Of("a/y"), FileBytes, CancellationToken.None),
        store => store.RemoveAsync(StorePath.Of("a/x"), CancellationToken.None),
        store => store.RemoveFolderAsync(StorePath.Of("a"), CancellationToken.None),
        store => store.FlushFolderAsync(StorePath.Of("a"), CancellationToken.None),
        store => StoreBytes.WriteAsync(store, StorePath.Of("a/new"), new byte[FileBytes]),
        async store =>
        {
            await using var reader = await store.OpenReadAsync(StorePath.Of("a/x"), CancellationToken.None);
            // A spoiled length may be any; the caller's memory is its own.
            _ = await reader.ReadAsync(0, new byte[FileBytes], CancellationToken.None);
            _ = await reader.ReadAsync(FileBytes / 2, new byte[FileBytes], CancellationToken.None);
        },
    ];
}

/// <summary>Tests that measure the process run alone.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
