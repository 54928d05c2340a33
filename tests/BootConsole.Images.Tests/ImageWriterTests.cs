// An image being made: who may make it, and what is left when it does not come to be.
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class ImageWriterTests
{
    private static readonly ImageId Id = SampleImage.Id;
    private readonly MemoryMedium _medium = new();

    [Fact]
    public async Task Of_two_jobs_with_one_id_the_second_is_refused_and_the_first_goes_on()
    {
        await using var first = await BeginAsync();
        var before = _medium.Files();
        var fault = await Assert.ThrowsAsync<RefusedFault>(BeginAsync);
        Assert.Equal(Id.Text, fault.Which);
        Assert.Equal(before, _medium.Files());
        await SampleImage.WriteAsync(first, Id);
        Assert.Equal("done", Assert.Single(await ImageList.ReadAsync(_medium.Open(), default)).State);
    }

    [Fact]
    public async Task An_id_that_is_finished_or_deleted_is_refused_and_nothing_of_it_is_touched()
    {
        var sample = await SampleImage.WriteAsync(_medium, Id);
        var before = _medium.Files();
        await Assert.ThrowsAsync<RefusedFault>(BeginAsync);
        Assert.Equal(before, _medium.Files());
        await _medium.Open().RenameAsync(StoreNames.Manifest(Id), StoreNames.Deleted(Id), default);
        before = _medium.Files();
        await Assert.ThrowsAsync<RefusedFault>(BeginAsync);
        Assert.Equal(before, _medium.Files());
        Assert.NotNull(sample.Manifest);
    }

    [Fact]
    public async Task A_job_that_finishes_while_another_of_its_id_begins_keeps_its_image()
    {
        var first = await BeginAsync();
        var watched = new WatchedStore(_medium.Open());
        watched.Before = (_, operation) =>
        {
            // The second job has its lease and is about to publish its record: until now it saw no manifest.
            if (operation.Kind != "publish" || operation.Path != StoreNames.State(Id)) return;
            watched.Before = null;
            SampleImage.WriteAsync(first, Id).GetAwaiter().GetResult();
            first.DisposeAsync().AsTask().GetAwaiter().GetResult();
        };
        await Assert.ThrowsAsync<RefusedFault>(() => BeginAsync(watched));
        Assert.Equal("done", Assert.Single(await ImageList.ReadAsync(_medium.Open(), default)).State);
        Assert.DoesNotContain(_medium.Files(), file => file.Name is "state.json" || file.Folder == StoreNames.Leases || file.Name.EndsWith(".part", StringComparison.Ordinal));
        await ImageReader.OpenAsync(_medium.Open(), Id, default);
    }

    [Fact]
    public async Task More_disks_than_an_image_can_have_are_refused_before_anything_is_written()
    {
        var disk = new StateDisk("/dev/sda", "", "", "", 512, 512, ChunkGrid.MinChunkBytes);
        await Assert.ThrowsAsync<RefusedFault>(() => ImageWriter.BeginAsync(_medium.Open(), new ImageDraft { Id = Id, Kind = ImageKind.Full, Pad = 0, Disks = [.. Enumerable.Repeat(disk, 65)] }, new FakeProcesses().Self, new FakeClock(), default));
        Assert.Empty(_medium.Files());
    }

    [Fact]
    public async Task A_beginning_that_fails_at_any_operation_leaves_nothing_behind()
    {
        var count = 0;
        foreach (var isLate in (bool[])[false, true])
        {
            for (var operation = 1; ; operation++)
            {
                var medium = new MemoryMedium();
                var watched = new WatchedStore(medium.Open());
                var struck = false;
                Action<int, StoreOperation> strike = (number, _) =>
                {
                    if (number != operation) return;
                    struck = true;
                    throw new StoreFault(StoreProblem.Denied, "planned");
                };
                (watched.Before, watched.After) = isLate ? (null, strike) : (strike, (Action<int, StoreOperation>?)null);
                try
                {
                    await (await BeginAsync(watched)).DisposeAsync();
                }
                catch (StoreFault)
                {
                    Assert.Empty(medium.Files());
                    Assert.Empty(await ImageList.ReadAsync(medium.Open(), default));
                    count++;
                }

                if (!struck) break;
            }
        }

        Assert.True(count > 15, $"only {count} operations failed");
    }

    [Fact]
    public async Task An_image_that_another_job_has_taken_over_is_neither_committed_nor_marked_nor_removed()
    {
        var image = await BeginAsync();
        using var zstd = new Codec.ZstdTransform(3);
        _medium.Damage(StoreNames.State(Id), bytes => System.Text.Encoding.UTF8.GetBytes(System.Text.RegularExpressions.Regex.Replace(System.Text.Encoding.UTF8.GetString(bytes), "\"token\": \"[0-9a-f]*\"", "\"token\": \"ffffffffffffffff\"")));
        var state = _medium.ReadAll(StoreNames.State(Id));
        await Assert.ThrowsAsync<RefusedFault>(() => SampleImage.WriteAsync(image, Id));
        var before = _medium.Files();
        await image.RecordFailureAsync("why", default);
        await image.DiscardAsync(default);
        await image.DisposeAsync();
        Assert.Equal(state, _medium.ReadAll(StoreNames.State(Id)));
        Assert.Equal(before.Where(file => file.Folder != StoreNames.Leases), _medium.Files());
        Assert.Equal("unfinished", Assert.Single(await ImageList.ReadAsync(_medium.Open(), default)).State);
    }

    [Fact]
    public async Task A_failure_is_written_into_the_record_and_the_image_is_listed_as_failed()
    {
        await using var image = await BeginAsync();
        await image.RecordFailureAsync("the disk is gone /dev/sda", default);
        var listing = Assert.Single(await ImageList.ReadAsync(_medium.Open(), default));
        Assert.Equal(("failed", "the disk is gone /dev/sda"), (listing.State, listing.Reason));
    }

    [Fact]
    public async Task A_discarded_image_leaves_nothing_and_its_state_record_goes_last()
    {
        var watched = new WatchedStore(_medium.Open());
        var image = await BeginAsync(watched);
        watched.Before = (_, operation) =>
        {
            if (operation.Kind == "publish" && operation.Path == StoreNames.Manifest(Id)) throw new StoreFault(StoreProblem.Denied, "planned");
        };
        await Assert.ThrowsAsync<StoreFault>(() => SampleImage.WriteAsync(image, Id));
        watched.Forget();
        await image.DiscardAsync(default);
        var removed = watched.Operations.Where(operation => operation.Kind == "remove" && operation.Path.Text.StartsWith("images/", StringComparison.Ordinal)).Select(operation => operation.Path).ToList();
        var isSegment = removed.Select(path => SegmentName.TryParseSegment(path.Name, out _)).ToList();
        Assert.True(isSegment[0] && isSegment.LastIndexOf(true) < isSegment.IndexOf(false), "segments go first");
        Assert.Equal(StoreNames.State(Id), removed[^1]);
        await image.DisposeAsync();
        Assert.Empty(_medium.Files());
        Assert.Null(await _medium.Open().FindAsync(StoreNames.Image(Id), default));
    }

    [Fact]
    public async Task An_image_that_was_committed_before_the_cancel_loses_its_manifest_before_its_first_segment()
    {
        var watched = new WatchedStore(_medium.Open());
        var image = await BeginAsync(watched);
        watched.After = (_, operation) =>
        {
            // The manifest is there, and the answer is lost in a cancel.
            if (operation.Kind == "publish" && operation.Path == StoreNames.Manifest(Id)) throw new OperationCanceledException();
        };
        await Assert.ThrowsAsync<OperationCanceledException>(() => SampleImage.WriteAsync(image, Id));
        watched.Forget();
        await image.DiscardAsync(default);
        Assert.Contains(StoreNames.Deleted(Id), watched.Operations.TakeWhile(operation => operation.Kind != "remove").Where(operation => operation.Kind == "rename").Select(operation => operation.Path));
        await image.DisposeAsync();
        Assert.Empty(_medium.Files());
    }

    [Fact]
    public async Task A_record_that_cannot_be_removed_after_the_commit_does_not_make_the_job_fail()
    {
        var watched = new WatchedStore(_medium.Open());
        await using var image = await BeginAsync(watched);
        watched.Before = (_, operation) =>
        {
            if (operation.Kind == "remove" && operation.Path == StoreNames.State(Id)) throw new TransportFault("cut");
        };
        await SampleImage.WriteAsync(image, Id);
        Assert.Equal("done", Assert.Single(await ImageList.ReadAsync(_medium.Open(), default)).State);
        watched.Before = null;
        await image.RecordFailureAsync("too late", default);
        Assert.Equal("done", Assert.Single(await ImageList.ReadAsync(_medium.Open(), default)).State);
    }

    [Theory]
    [InlineData("image.json")]
    [InlineData("SHA256SUMS")]
    [InlineData("state.json")]
    public async Task A_rename_whose_answer_is_lost_counts_when_the_bytes_are_there(string name)
    {
        foreach (var problem in (StoreProblem[])[StoreProblem.Other, StoreProblem.Missing, StoreProblem.Exists])
        {
            var medium = new MemoryMedium();
            var watched = new WatchedStore(medium.Open())
            {
                After = (_, operation) =>
                {
                    if (operation.Kind == "publish" && operation.Path.Name == name) throw new StoreFault(problem, "planned");
                },
            };
            await SampleImage.WriteAsync(watched, Id, new FakeClock());
            await ImageReader.OpenAsync(medium.Open(), Id, default);
            Assert.DoesNotContain(medium.Files(), file => file.Name.EndsWith(".part", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_name_that_is_taken_by_other_bytes_is_a_fault()
    {
        await using var image = await BeginAsync();
        var store = _medium.Open();
        await StoreBytes.PublishAsync(store, StoreNames.ManifestSum(Id), "other"u8.ToArray(), default);
        Assert.Equal(StoreProblem.Exists, (await Assert.ThrowsAsync<StoreFault>(() => SampleImage.WriteAsync(image, Id))).Problem);
        Assert.Equal("other"u8.ToArray(), _medium.ReadAll(StoreNames.ManifestSum(Id)));
    }

    [Fact]
    public async Task A_manifest_that_nobody_could_read_again_is_not_published()
    {
        await using var image = await BeginAsync();
        var sample = await SampleImage.WriteAsync(new MemoryMedium(), Id);
        await Assert.ThrowsAsync<CorruptFault>(() => image.CommitAsync(sample.Manifest with { Pad = 256 }, default));
        await Assert.ThrowsAsync<CorruptFault>(() => image.CommitAsync(sample.Manifest with { Notes = [new string('x', ImageJson.MaxManifestBytes)] }, default));
        Assert.DoesNotContain(_medium.Files(), file => file.Name.StartsWith("image.json", StringComparison.Ordinal));
    }

    private Task<ImageWriter> BeginAsync() => BeginAsync(_medium.Open());

    private static Task<ImageWriter> BeginAsync(IDeleteStore store) => ImageWriter.BeginAsync(store, new ImageDraft { Id = Id, Kind = ImageKind.Full, Pad = SampleImage.Pad, Disks = [] }, new FakeProcesses().Self, new FakeClock(), default);
}
