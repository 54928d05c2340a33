// What every store must do. The same tests run against memory, a folder, a bare sftp-server and real SSH servers.
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Stores.Tests.Contract;

/// <summary>The contract of <see cref="IReadStore"/>, <see cref="IWriteStore"/> and <see cref="IDeleteStore"/>.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private protected static readonly CancellationToken None = CancellationToken.None;

    private protected StorePlace Place { get; private set; } = null!;

    private protected IDeleteStore Store { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Place = await MakePlaceAsync();
        Store = await Place.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        if (Store is not null) await Store.DisposeAsync();
        if (Place is not null) await Place.DisposeAsync();
    }

    private protected abstract Task<StorePlace> MakePlaceAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32768)]
    [InlineData(131071)]
    [InlineData(131072)]
    [InlineData(131073)]
    [InlineData(261121)]
    [InlineData(7_340_033)]
    public async Task What_is_written_is_read_back_byte_for_byte(int length)
    {
        var bytes = RandomBytes.Of(length, length);
        await WriteAsync("file", bytes);
        Assert.Equal(bytes, await ReadAllAsync("file"));
    }

    [Fact]
    public async Task Pieces_of_all_sizes_are_appended_in_order()
    {
        var random = new Random(7);
        var bytes = RandomBytes.Of(7, 3_000_000);
        await using (var writer = await Store.CreateAsync(Path("file"), None))
        {
            for (var done = 0; done < bytes.Length;)
            {
                var count = Math.Min(random.Next(4) == 0 ? random.Next(400_000) : random.Next(5_000), bytes.Length - done);
                await writer.AppendAsync(bytes.AsMemory(done, count), None);
                done += count;
                Assert.Equal(done, writer.Length);
            }

            await writer.FinishAsync(None);
        }

        Assert.Equal(bytes, await ReadAllAsync("file"));
    }

    [Fact]
    public async Task The_callers_memory_is_free_after_an_append()
    {
        var piece = new byte[200_000];
        await using (var writer = await Store.CreateAsync(Path("file"), None))
        {
            for (var round = 0; round < 20; round++)
            {
                piece.AsSpan().Fill((byte)round);
                await writer.AppendAsync(piece, None);
            }

            await writer.FinishAsync(None);
        }

        Assert.Equal(Enumerable.Range(0, 20).SelectMany(round => Enumerable.Repeat((byte)round, 200_000)), await ReadAllAsync("file"));
    }

    [Fact]
    public async Task A_finished_file_takes_no_more()
    {
        await using var writer = await Store.CreateAsync(Path("file"), None);
        await writer.FinishAsync(None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.AppendAsync(new byte[1], None).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.FinishAsync(None));
    }

    [Fact]
    public async Task A_file_that_is_given_up_can_be_removed()
    {
        await using (var writer = await Store.CreateAsync(Path("file"), None)) await writer.AppendAsync(new byte[300_000], None);
        await Store.RemoveAsync(Path("file"), None);
        Assert.Null(await Store.FindAsync(Path("file"), None));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_not_created_again()
    {
        await WriteAsync("file", [1, 2, 3]);
        await FailsAsync(StoreProblem.Exists, () => Store.CreateAsync(Path("file"), None));
        await Store.CreateFolderAsync(Path("folder"), None);
        await FailsAsync(StoreProblem.Exists, () => Store.CreateAsync(Path("folder"), None));
        Assert.Equal([1, 2, 3], await ReadAllAsync("file"));
    }

    [Fact]
    public async Task What_is_not_there_is_called_missing()
    {
        await WriteAsync("file", [1]);
        foreach (var path in new[] { "nothing", "no/folder/file", "file/below" })
        {
            Assert.Null(await Store.FindAsync(Path(path), None));
            await FailsAsync(StoreProblem.Missing, () => Store.OpenReadAsync(Path(path), None));
            await FailsAsync(StoreProblem.Missing, () => Store.ListAsync(Path(path), None));
            await FailsAsync(StoreProblem.Missing, () => Store.RewriteAsync(Path(path), new byte[1], None));
            await FailsAsync(StoreProblem.Missing, () => Store.FlushFolderAsync(Path(path), None));
        }

        await FailsAsync(StoreProblem.Missing, () => Store.CreateAsync(Path("no/file"), None));
        await FailsAsync(StoreProblem.Missing, () => Store.ReplaceAsync(Path("no/file"), new byte[1], None));
        await FailsAsync(StoreProblem.Missing, () => Store.PublishAsync(Path("nothing"), Path("final"), 0, None));
        await FailsAsync(StoreProblem.Missing, () => Store.RenameAsync(Path("nothing"), Path("final"), None));
        await FailsAsync(StoreProblem.Missing, () => Store.ListAsync(Path("file"), None));
        await Store.CreateFolderAsync(Path("folder"), None);
        await FailsAsync(StoreProblem.Missing, () => Store.OpenReadAsync(Path("folder"), None));
        Assert.Equal(["file", "folder"], await NamesAsync(StorePath.Top));
    }

    [Fact]
    public async Task A_published_file_is_never_overwritten()
    {
        await WriteAsync("one.part", [1, 1, 1]);
        await WriteAsync("two.part", [2, 2]);
        await Store.PublishAsync(Path("one.part"), Path("final"), 3, None);
        await FailsAsync(StoreProblem.Exists, () => Store.PublishAsync(Path("two.part"), Path("final"), 2, None));
        Assert.Equal([1, 1, 1], await ReadAllAsync("final"));
        Assert.Equal(["final", "two.part"], await NamesAsync(StorePath.Top));
    }

    [Fact]
    public async Task A_file_of_the_wrong_length_is_not_published()
    {
        await WriteAsync("one.part", [1, 1, 1]);
        await Assert.ThrowsAsync<CorruptFault>(() => Store.PublishAsync(Path("one.part"), Path("final"), 4, None));
        Assert.Equal(["one.part"], await NamesAsync(StorePath.Top));
    }

    [Fact]
    public async Task Of_many_publishers_of_one_name_one_wins()
    {
        const int Rivals = 8;
        var stores = await Task.WhenAll(Enumerable.Range(0, Rivals).Select(_ => Place.OpenAsync()));
        for (byte rival = 0; rival < Rivals; rival++) await WriteAsync($"{rival}.part", [rival, rival]);
        var wins = await Task.WhenAll(stores.Select(async (store, rival) =>
        {
            try
            {
                await store.PublishAsync(Path($"{rival}.part"), Path("final"), 2, None);
                return rival;
            }
            catch (StoreFault fault) when (fault.Problem == StoreProblem.Exists)
            {
                return -1;
            }
        }));
        var winner = Assert.Single(wins, win => win >= 0);
        Assert.Equal([(byte)winner, (byte)winner], await ReadAllAsync("final"));
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task A_rename_leaves_its_folder_only_by_mistake()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.PublishAsync(Path("a/x.part"), Path("b/x"), 0, None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.RenameAsync(Path("a/x"), Path("x"), None));
    }

    [Fact]
    public async Task A_renamed_file_has_its_new_name_only_and_takes_no_other()
    {
        await WriteAsync("old", [1]);
        await WriteAsync("other", [2]);
        await FailsAsync(StoreProblem.Exists, () => Store.RenameAsync(Path("old"), Path("other"), None));
        await Store.RenameAsync(Path("old"), Path("new"), None);
        Assert.Equal(["new", "other"], await NamesAsync(StorePath.Top));
        Assert.Equal([1], await ReadAllAsync("new"));
        Assert.Equal([2], await ReadAllAsync("other"));
    }

    [Fact]
    public async Task Folders_are_made_with_those_above_them_and_twice_is_fine()
    {
        await Store.CreateFolderAsync(Path("a/b/c"), None);
        await Store.CreateFolderAsync(Path("a/b/c"), None);
        await Store.CreateFolderAsync(StorePath.Top, None);
        await WriteAsync("a/b/c/file", [5]);
        Assert.Equal([5], await ReadAllAsync("a/b/c/file"));
        Assert.True((await Store.FindAsync(Path("a/b"), None))!.IsFolder);
        Assert.True((await Store.FindAsync(StorePath.Top, None))!.IsFolder);
        await FailsAsync(StoreProblem.Exists, () => Store.CreateFolderAsync(Path("a/b/c/file"), None));
    }

    [Fact]
    public async Task A_listing_tells_names_kinds_lengths_and_times()
    {
        await Store.CreateFolderAsync(Path("folder"), None);
        await WriteAsync("folder/file", new byte[70_000]);
        await Store.CreateFolderAsync(Path("folder/below"), None);
        var entries = (await Store.ListAsync(Path("folder"), None)).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToArray();
        Assert.Equal(["below", "file"], entries.Select(entry => entry.Name));
        Assert.Equal([true, false], entries.Select(entry => entry.IsFolder));
        Assert.Equal([0L, 70_000L], entries.Select(entry => entry.Length));
        // The store's clock is this machine's here; an hour leaves room for any slow run and none for seconds taken for milliseconds.
        Assert.All(entries, entry => Assert.InRange(entry.Modified, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1)));
        Assert.All(entries, entry => Assert.Equal(0, entry.Modified.Millisecond));
        Assert.Equal(entries[1], await Store.FindAsync(Path("folder/file"), None));
    }

    [Fact]
    public async Task A_replaced_file_is_the_old_one_or_the_new_one_and_leaves_nothing_behind()
    {
        await Store.ReplaceAsync(Path("state.json"), Enumerable.Repeat((byte)0, 5000).ToArray(), None);
        await using var reading = await Place.OpenAsync();
        using var stop = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await using var reader = await reading.OpenReadAsync(Path("state.json"), None);
                var bytes = new byte[6000];
                var count = await reader.ReadAsync(0, bytes, None);
                Assert.Equal(5000, count);
                Assert.Single(bytes.Take(count).Distinct());
            }
        });
        for (byte version = 1; version < 40; version++) await Store.ReplaceAsync(Path("state.json"), Enumerable.Repeat(version, 5000).ToArray(), None);
        await stop.CancelAsync();
        await watching;
        Assert.Equal(39, (await ReadAllAsync("state.json"))[0]);
        Assert.Equal(["state.json"], await NamesAsync(StorePath.Top));
    }

    [Fact]
    public async Task A_lease_is_rewritten_in_place_and_never_made()
    {
        await WriteAsync("lease", "old words"u8.ToArray());
        var before = (await Store.FindAsync(Path("lease"), None))!.Modified;
        await Store.RewriteAsync(Path("lease"), "new"u8.ToArray(), None);
        Assert.Equal("new words"u8.ToArray(), await ReadAllAsync("lease"));
        Assert.True((await Store.FindAsync(Path("lease"), None))!.Modified >= before);
        await Store.RemoveAsync(Path("lease"), None);
        await FailsAsync(StoreProblem.Missing, () => Store.RewriteAsync(Path("lease"), "new"u8.ToArray(), None));
        Assert.Empty(await NamesAsync(StorePath.Top));
    }

    [Fact]
    public async Task What_is_removed_twice_is_removed()
    {
        await Store.CreateFolderAsync(Path("folder"), None);
        await WriteAsync("folder/file", [1]);
        await FailsAsync(StoreProblem.Other, () => Store.RemoveFolderAsync(Path("folder"), None));
        for (var round = 0; round < 2; round++) await Store.RemoveAsync(Path("folder/file"), None);
        await Store.FlushFolderAsync(Path("folder"), None);
        for (var round = 0; round < 2; round++) await Store.RemoveFolderAsync(Path("folder"), None);
        await Store.RemoveAsync(Path("folder/file"), None);
        Assert.Empty(await NamesAsync(StorePath.Top));
        // A folder that is made again is a folder again.
        await Store.CreateFolderAsync(Path("folder"), None);
        await WriteAsync("folder/file", [2]);
        Assert.Equal([2], await ReadAllAsync("folder/file"));
    }

    [Fact]
    public async Task Ranges_are_read_as_asked_also_many_at_once()
    {
        var bytes = RandomBytes.Of(3, 5_000_003);
        await WriteAsync("file", bytes);
        await using var reader = await Store.OpenReadAsync(Path("file"), None);
        Assert.Equal(bytes.Length, reader.Length);
        var random = new Random(3);
        var ranges = Enumerable.Range(0, 60).Select(_ => (Offset: random.Next(bytes.Length + 10), Length: random.Next(10) == 0 ? random.Next(3_000_000) : random.Next(300_000))).ToArray();
        await Task.WhenAll(ranges.Select(async range =>
        {
            // One byte more than asked for shows a write beyond the end.
            var buffer = new byte[range.Length + 1];
            var count = await reader.ReadAsync(range.Offset, buffer.AsMemory(0, range.Length), None);
            Assert.Equal(Math.Clamp(bytes.Length - range.Offset, 0, range.Length), count);
            Assert.Equal(bytes.Skip(range.Offset).Take(count), buffer.Take(count));
            Assert.All(buffer[count..], unread => Assert.Equal(0, unread));
        }));
    }

    [Fact]
    public async Task Nothing_is_read_at_and_after_the_end()
    {
        await WriteAsync("file", [1, 2, 3]);
        await using var reader = await Store.OpenReadAsync(Path("file"), None);
        var buffer = new byte[10];
        Assert.Equal(0, await reader.ReadAsync(3, buffer, None));
        Assert.Equal(0, await reader.ReadAsync(long.MaxValue - 20, buffer, None));
        Assert.Equal(1, await reader.ReadAsync(2, buffer, None));
        Assert.Equal(0, await reader.ReadAsync(0, Memory<byte>.Empty, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => reader.ReadAsync(-1, buffer, None).AsTask());
    }

    [Fact]
    public async Task The_space_is_told_truthfully_or_not_at_all()
    {
        var space = await Store.FindSpaceAsync(None);
        if (space is null) return;
        Assert.InRange(space.Free, 1, space.Total);
        if (Place.Folder.Length > 0) Assert.Equal(new DriveInfo(Place.Folder).TotalSize, space.Total);
    }

    [Fact]
    public async Task Two_connections_see_each_others_files()
    {
        await using var other = await Place.OpenAsync();
        await WriteAsync("file", [9]);
        Assert.NotNull(await other.FindAsync(Path("file"), None));
        await other.RemoveAsync(Path("file"), None);
        Assert.Null(await Store.FindAsync(Path("file"), None));
    }

    [Fact]
    public async Task A_cancelled_caller_is_told_so_and_the_store_goes_on()
    {
        await WriteAsync("file", [1, 2]);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ListAsync(StorePath.Top, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.OpenReadAsync(Path("file"), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CreateAsync(Path("other"), cancelled.Token));
        await using (var reader = await Store.OpenReadAsync(Path("file"), None))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.ReadAsync(0, new byte[2], cancelled.Token).AsTask());
        Assert.Equal([1, 2], await ReadAllAsync("file"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_random_run_agrees_with_a_plain_model(int seed) => await new StoreModelRun(Store, seed).RunAsync(steps: 250);

    private protected static StorePath Path(string text) => StorePath.Of(text);

    private protected static async Task<StoreFault> FailsAsync(StoreProblem problem, Func<Task> act)
    {
        var fault = await Assert.ThrowsAsync<StoreFault>(act);
        Assert.Equal(problem, fault.Problem);
        return fault;
    }

    private protected async Task WriteAsync(string path, byte[] bytes) => await StoreBytes.WriteAsync(Store, Path(path), bytes);

    private protected Task<byte[]> ReadAllAsync(string path) => StoreBytes.ReadAllAsync(Store, Path(path));

    private protected async Task<IEnumerable<string>> NamesAsync(StorePath folder) =>
        (await Store.ListAsync(folder, None)).Select(entry => entry.Name).Order(StringComparer.Ordinal);
}
