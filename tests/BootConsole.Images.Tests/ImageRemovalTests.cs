// Deletion: what is needed stays, who works is not disturbed.
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class ImageRemovalTests
{
    private static readonly ImageId Full = SampleImage.Id, Child = IncrementalImage.Id, Other = ImageId.Create(SampleImage.Id.Time.AddDays(5), "pc", "other");
    private readonly FakeProcesses _processes = new();
    private readonly FakeClock _clock = new();
    private readonly MemoryMedium _medium;

    public ImageRemovalTests() => _medium = new MemoryMedium { Clock = _clock };

    [Fact]
    public async Task A_finished_image_is_removed_to_the_last_file_and_the_others_stay()
    {
        await SampleImage.WriteAsync(_medium, Full);
        var before = _medium.Files();
        await SampleImage.WriteAsync(_medium, Other);
        var bytes = _medium.Files().Except(before).Where(file => file.Text.Contains("/disk-0/", StringComparison.Ordinal)).Sum(file => (long)_medium.ReadAll(file).Length);
        Assert.Equal(new RemovalResult(bytes, 0), await DeleteAsync(Other));
        Assert.Equal(before, _medium.Files());
        Assert.Null(await _medium.Open().FindAsync(StoreNames.Image(Other), default));
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_refused() =>
        Assert.Contains("no such image", (await Assert.ThrowsAsync<RefusedFault>(() => DeleteAsync(Other))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_sweep_of_an_empty_store_frees_nothing() => Assert.Equal(new RemovalResult(0, 0), await new ImageRemoval(_medium.Open(), _processes).SweepAsync(default));

    [Fact]
    public async Task The_segments_that_another_image_needs_stay_and_go_with_it()
    {
        var full = await SampleImage.WriteAsync(_medium, Full);
        await IncrementalImage.WriteAsync(full, Child, segments: 2);
        var result = await DeleteAsync(Full);
        Assert.Equal(2, result.KeptFiles);
        Assert.Equal(
            [StoreNames.Deleted(Full), .. full.Manifest.Disks[0].Segments.Take(2).Select(segment => StoreNames.Disk(Full, 0) / segment.Name)],
            _medium.Files().Where(file => file.Text.StartsWith(StoreNames.Image(Full).Text + "/", StringComparison.Ordinal) && !IsTop(file, Full)).Prepend(StoreNames.Deleted(Full)));
        await (await ImageReader.OpenAsync(_medium.Open(), Child, default)).CheckSegmentsAsync(0, default);
        Assert.Equal([Child], (await ImageList.ReadAsync(_medium.Open(), default)).Select(listing => listing.Id));
        Assert.Equal(0, (await DeleteAsync(Child)).KeptFiles);
        Assert.Empty(_medium.Files());
        Assert.Empty(await _medium.Open().ListAsync(StoreNames.Images, default));
    }

    [Fact]
    public async Task An_unfinished_image_holds_every_file_of_the_images_it_names()
    {
        await SampleImage.WriteAsync(_medium, Full);
        await BeginUnfinishedAsync(Other, refersTo: Full);
        var before = _medium.Files().Where(file => file.Text.Contains("/disk-0/", StringComparison.Ordinal)).ToList();
        var result = await DeleteAsync(Full);
        Assert.Equal((0, before.Count), (result.FreedBytes, result.KeptFiles));
        Assert.Equal(before, _medium.Files().Where(file => file.Text.Contains("/disk-0/", StringComparison.Ordinal)));
        await DeleteAsync(Other);
        await new ImageRemoval(_medium.Open(), _processes).SweepAsync(default);
        Assert.Empty(_medium.Files());
    }

    [Fact]
    public async Task A_record_beside_a_manifest_holds_nothing()
    {
        await SampleImage.WriteAsync(_medium, Full);
        var other = await SampleImage.WriteAsync(_medium, Other);
        await BeginUnfinishedAsync(ImageId.Create(Other.Time, "pc", "spare"), refersTo: Full);
        var spare = StoreNames.State(ImageId.Create(Other.Time, "pc", "spare"));
        await StoreBytes.PublishAsync(_medium.Open(), StoreNames.State(Other), System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(_medium.ReadAll(spare)).Replace("spare", "other", StringComparison.Ordinal)), default);
        await DeleteAsync(ImageId.Create(Other.Time, "pc", "spare"));
        Assert.Equal(0, (await DeleteAsync(Full)).KeptFiles);
        Assert.DoesNotContain(_medium.Files(), file => file.Text.Contains(Full.Text, StringComparison.Ordinal));
        Assert.NotNull(other.Manifest);
    }

    [Theory]
    [InlineData("restore")]
    [InlineData("backup")]
    public async Task An_image_that_a_living_job_uses_is_refused_and_as_it_was(string purpose)
    {
        await SampleImage.WriteAsync(_medium, Full);
        await using var lease = await Lease.TakeAsync(_medium.Open(), Full, purpose, _processes.Self, _clock, default);
        var before = _medium.Files();
        var fault = await Assert.ThrowsAsync<RefusedFault>(() => DeleteAsync(Full));
        Assert.Contains(purpose, fault.Found, StringComparison.Ordinal);
        Assert.Contains("4711", fault.Found, StringComparison.Ordinal);
        Assert.Equal(before, _medium.Files());
        await ImageReader.OpenAsync(_medium.Open(), Full, default);
        _processes.Gone.Add(_processes.Self);
        await DeleteAsync(Full);
    }

    [Fact]
    public async Task An_image_whose_child_is_being_restored_is_refused()
    {
        var full = await SampleImage.WriteAsync(_medium, Full);
        await IncrementalImage.WriteAsync(full, Child);
        await using var lease = await Lease.TakeAsync(_medium.Open(), Child, "restore", _processes.Self, _clock, default);
        await Assert.ThrowsAsync<RefusedFault>(() => DeleteAsync(Full));
        await SampleImage.WriteAsync(_medium, Other);
        await DeleteAsync(Other);
    }

    [Fact]
    public async Task An_image_that_an_unfinished_one_of_a_living_job_names_is_refused_and_others_are_not()
    {
        await SampleImage.WriteAsync(_medium, Full);
        await SampleImage.WriteAsync(_medium, Other);
        await BeginUnfinishedAsync(Child, refersTo: Full);
        await using var lease = await Lease.TakeAsync(_medium.Open(), Child, "backup", _processes.Self, _clock, default);
        await Assert.ThrowsAsync<RefusedFault>(() => DeleteAsync(Full));
        await DeleteAsync(Other);
    }

    [Fact]
    public async Task A_living_job_without_records_stops_every_deletion_and_a_dead_one_none()
    {
        await SampleImage.WriteAsync(_medium, Full);
        await using var lease = await Lease.TakeAsync(_medium.Open(), Child, "backup", _processes.Self, _clock, default);
        await Assert.ThrowsAsync<RefusedFault>(() => DeleteAsync(Full));
        var otherClock = new FakeClock(_clock.GetUtcNow() + Lease.DeadAfter + TimeSpan.FromSeconds(1));
        _clock.Set(otherClock.GetUtcNow());
        await DeleteAsync(Full);
    }

    [Fact]
    public async Task A_deletion_that_was_cut_before_it_asked_asks_when_it_goes_on()
    {
        await SampleImage.WriteAsync(_medium, Full);
        await SampleImage.WriteAsync(_medium, Other);
        await _medium.Open().RenameAsync(StoreNames.Manifest(Full), StoreNames.Deleted(Full), default);
        await using (await Lease.TakeAsync(_medium.Open(), Full, "restore", _processes.Self, _clock, default))
        {
            // The deletion of another image sweeps; the restore under way keeps its segments.
            Assert.Contains("in use", (await Assert.ThrowsAsync<RefusedFault>(() => DeleteAsync(Other))).Message, StringComparison.Ordinal);
            Assert.True((await new ImageRemoval(_medium.Open(), _processes).SweepAsync(default)).KeptFiles > 4);
            // Named again, it is given back to its readers.
            await Assert.ThrowsAsync<RefusedFault>(() => DeleteAsync(Full));
        }

        await (await ImageReader.OpenAsync(_medium.Open(), Full, default)).CheckSegmentsAsync(0, default);
        await DeleteAsync(Full);
        Assert.Equal([Other], (await ImageList.ReadAsync(_medium.Open(), default)).Select(listing => listing.Id));
    }

    [Fact]
    public async Task Whatever_fails_while_users_are_looked_for_gives_the_image_back()
    {
        var isAsked = false;
        for (var operation = 3; !isAsked; operation++)
        {
            var medium = new MemoryMedium { Clock = _clock };
            await SampleImage.WriteAsync(medium, Full);
            await SampleImage.WriteAsync(medium, Other);
            await using var lease = await Lease.TakeAsync(medium.Open(), Other, "restore", _processes.Self, _clock, default);
            var watched = new WatchedStore(medium.Open())
            {
                Before = (number, step) =>
                {
                    isAsked |= step.Path == StoreNames.Images && step.Kind == "list";
                    if (number == operation) throw new StoreFault(StoreProblem.Other, "planned");
                },
            };
            if (await Record.ExceptionAsync(() => new ImageRemoval(watched, _processes).DeleteAsync(Full, default)) is null || isAsked) continue;
            await ImageReader.OpenAsync(medium.Open(), Full, default);
        }
    }

    [Theory]
    [InlineData("image.json")]
    [InlineData("image.json.sha256")]
    public async Task A_manifest_that_cannot_be_read_stops_all_removal_of_segments(string name)
    {
        await SampleImage.WriteAsync(_medium, Full);
        await SampleImage.WriteAsync(_medium, Other);
        _medium.Damage(StoreNames.Image(Other) / name, bytes => [.. bytes[..^9], (byte)'x', .. bytes[^8..]]);
        var before = Content();
        var fault = await Assert.ThrowsAsync<CorruptFault>(() => DeleteAsync(Full));
        Assert.Contains(Other.Text, fault.Which, StringComparison.Ordinal);
        Assert.Equal(before, Content());
        // The damaged one can be deleted, and then the first one's rest goes.
        await DeleteAsync(Other);
        Assert.Empty(_medium.Files());
    }

    [Fact]
    public async Task A_foreign_segments_name_that_changed_by_a_bit_stops_all_removal()
    {
        var full = await SampleImage.WriteAsync(_medium, Full);
        await IncrementalImage.WriteAsync(full, Child);
        _medium.Damage(StoreNames.Manifest(Child), bytes => System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(bytes).Replace("\"00000000-1.zst\"", "\"00000001-1.zst\"", StringComparison.Ordinal)));
        var before = Content();
        await Assert.ThrowsAsync<CorruptFault>(() => DeleteAsync(Full));
        Assert.Equal(before, Content());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    public async Task A_state_record_that_cannot_be_read_stops_all_removal_of_segments(string content)
    {
        await SampleImage.WriteAsync(_medium, Full);
        await BeginUnfinishedAsync(Child, refersTo: Full);
        _medium.Damage(StoreNames.State(Child), _ => System.Text.Encoding.UTF8.GetBytes(content));
        var before = Content();
        await Assert.ThrowsAsync<CorruptFault>(() => DeleteAsync(Full));
        Assert.Equal(before, Content());
    }

    [Fact]
    public async Task A_folder_with_neither_segment_nor_record_blocks_nothing()
    {
        await SampleImage.WriteAsync(_medium, Full);
        await _medium.Open().CreateFolderAsync(StoreNames.Tables(Child, 0), default);
        await DeleteAsync(Full);
        await DeleteAsync(Child);
        Assert.Empty(await _medium.Open().ListAsync(StoreNames.Images, default));
    }

    [Fact]
    public async Task What_is_not_of_the_format_stays_and_keeps_no_other_image_from_being_cleared()
    {
        await SampleImage.WriteAsync(_medium, Full);
        await SampleImage.WriteAsync(_medium, Other);
        var store = _medium.Open();
        await store.CreateFolderAsync(StoreNames.Image(Full) / "photos", default);
        await StoreBytes.PublishAsync(store, StoreNames.Image(Full) / "photos" / "cat.jpg", "meow"u8.ToArray(), default);
        await store.RenameAsync(StoreNames.Manifest(Other), StoreNames.Deleted(Other), default);
        Assert.Equal(1, (await DeleteAsync(Full)).KeptFiles);
        Assert.Equal([StoreNames.Deleted(Full), StoreNames.Image(Full) / "photos" / "cat.jpg"], _medium.Files());
    }

    [Fact]
    public async Task An_unfinished_image_of_a_living_job_is_refused_and_a_dead_ones_goes_segments_first()
    {
        var watched = new WatchedStore(_medium.Open());
        var image = await ImageWriter.BeginAsync(watched, new ImageDraft { Id = Other, Kind = ImageKind.Full, Pad = 0, Disks = [] }, _processes.Self, _clock, default);
        watched.Before = (_, operation) =>
        {
            if (operation.Kind == "create" && operation.Path.Name.StartsWith("image.json", StringComparison.Ordinal)) throw new StoreFault(StoreProblem.Denied, "planned");
        };
        await Assert.ThrowsAsync<StoreFault>(() => SampleImage.WriteAsync(image, Other));
        Assert.Contains("making", (await Assert.ThrowsAsync<RefusedFault>(() => DeleteAsync(Other))).Message, StringComparison.Ordinal);
        _processes.Gone.Add(_processes.Self);
        watched.Forget();
        Assert.True((await new ImageRemoval(watched, _processes).DeleteAsync(Other, default)).FreedBytes > 4_000);
        var removed = watched.Operations.Where(operation => operation.Kind == "remove" && operation.Path.Text.StartsWith("images/", StringComparison.Ordinal)).Select(operation => operation.Path).ToList();
        var isSegment = removed.Select(path => SegmentName.TryParseSegment(path.Name, out _)).ToList();
        Assert.True(isSegment.LastIndexOf(true) < isSegment.IndexOf(false), "segments go first");
        Assert.Equal(StoreNames.State(Other), removed[^1]);
    }

    [Fact]
    public async Task An_image_that_is_finished_while_it_is_being_deleted_as_unfinished_is_deleted_as_finished()
    {
        var image = await ImageWriter.BeginAsync(_medium.Open(), new ImageDraft { Id = Other, Kind = ImageKind.Full, Pad = SampleImage.Pad, Disks = [] }, _processes.Self, _clock, default);
        var watched = new WatchedStore(_medium.Open());
        watched.Before = (_, operation) =>
        {
            if (operation.Path != StoreNames.Leases) return;
            watched.Before = null;
            SampleImage.WriteAsync(image, Other).GetAwaiter().GetResult();
            image.DisposeAsync().AsTask().GetAwaiter().GetResult();
        };
        await new ImageRemoval(watched, _processes).DeleteAsync(Other, default);
        var first = watched.Operations.First(operation => operation.Kind is "rename" || (operation.Kind == "remove" && operation.Path.Text.StartsWith("images/", StringComparison.Ordinal)));
        Assert.Equal(new StoreOperation("rename", StoreNames.Deleted(Other)), first);
        Assert.Empty(_medium.Files());
    }

    [Fact]
    public async Task A_full_store_can_be_cleared_even_with_a_dead_lease_in_it()
    {
        await SampleImage.WriteAsync(_medium, Full);
        await using var lease = await Lease.TakeAsync(_medium.Open(), Other, "backup", _processes.Self, new FakeClock(), default);
        _clock.Move(Lease.DeadAfter + TimeSpan.FromSeconds(1));
        _medium.CapacityBytes = 0;
        Assert.True((await DeleteAsync(Full)).FreedBytes > 0);
    }

    private static bool IsTop(StorePath file, ImageId id) => file.Folder == StoreNames.Image(id);

    private List<StorePath> Content() => [.. _medium.Files().Where(file => file.Text.Contains("/disk-0/", StringComparison.Ordinal))];

    private Task<RemovalResult> DeleteAsync(ImageId id) => new ImageRemoval(_medium.Open(), _processes).DeleteAsync(id, default);

    // The record of an incremental job, which this version does not make itself.
    private async Task BeginUnfinishedAsync(ImageId id, ImageId refersTo)
    {
        var state = new StateRecord
        {
            Format = StateRecord.FormatName,
            Version = 1,
            Id = id.Text,
            State = JobState.Running,
            Token = "0123456789abcdef",
            Kind = ImageKind.Incremental,
            RefersTo = [refersTo.Text],
            Created = id.Time,
            Pc = id.Pc,
            Pad = 0,
            Disks = [],
        };
        await _medium.Open().CreateFolderAsync(StoreNames.Image(id), default);
        await StoreBytes.PublishAsync(_medium.Open(), StoreNames.State(id), ImageJson.Write(state), default);
    }
}
