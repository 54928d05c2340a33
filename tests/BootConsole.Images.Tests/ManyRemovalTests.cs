// Deleting several images at once: one sweep, and one that is in use keeps no other from going.
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class ManyRemovalTests
{
    private static readonly ImageId Full = SampleImage.Id, Child = IncrementalImage.Id, Other = ImageId.Create(SampleImage.Id.Time.AddDays(5), "pc", "other");
    private readonly FakeProcesses _processes = new();
    private readonly FakeClock _clock = new();
    private readonly MemoryMedium _medium;

    public ManyRemovalTests() => _medium = new MemoryMedium { Clock = _clock };

    [Fact]
    public async Task Several_images_go_with_one_look_at_the_whole_store()
    {
        await SampleImage.WriteAsync(_medium, Full);
        await SampleImage.WriteAsync(_medium, Other);
        var watched = new WatchedStore(_medium.Open());
        var report = await new ImageRemoval(watched, _processes).DeleteAllAsync([Full, Other, Full], default);
        Assert.Empty(_medium.Files());
        Assert.Equal([Full, Other], report.Images.Select(image => image.Id));
        Assert.All(report.Images, image => Assert.True(image.Refusal is null && image.Result.FreedBytes > 4_000 && image.Result.KeptFiles == 0));
        Assert.Equal(report.Images.Sum(image => image.Result.FreedBytes), report.Total.FreedBytes);
        Assert.Equal(1, watched.Operations.Count(operation => operation.Kind == "list" && operation.Path == StoreNames.Images));
    }

    [Fact]
    public async Task What_other_images_still_need_is_counted_for_its_image()
    {
        await IncrementalImage.WriteAsync(await SampleImage.WriteAsync(_medium, Full), Child, segments: 2);
        await SampleImage.WriteAsync(_medium, Other);
        var report = await new ImageRemoval(_medium.Open(), _processes).DeleteAllAsync([Full, Other], default);
        Assert.Equal([2, 0], report.Images.Select(image => image.Result.KeptFiles));
        Assert.Equal(2, report.Total.KeptFiles);
        await (await ImageReader.OpenAsync(_medium.Open(), Child, default)).CheckSegmentsAsync(0, default);
    }

    [Fact]
    public async Task One_in_use_stays_as_it_was_and_the_others_go()
    {
        await SampleImage.WriteAsync(_medium, Full);
        var before = _medium.Files();
        await SampleImage.WriteAsync(_medium, Other);
        await using var lease = await Lease.TakeAsync(_medium.Open(), Full, "restore", _processes.Self, _clock, default);
        var report = await new ImageRemoval(_medium.Open(), _processes).DeleteAllAsync([Full, Other], default);
        Assert.Contains("in use", report.Images[0].Refusal!.Message, StringComparison.Ordinal);
        Assert.Null(report.Images[1].Refusal);
        Assert.True(report.Images[1].Result.FreedBytes > 4_000);
        Assert.Equal(before, _medium.Files().Where(file => file.Folder != StoreNames.Leases));
        await (await ImageReader.OpenAsync(_medium.Open(), Full, default)).CheckSegmentsAsync(0, default);
    }

    [Fact]
    public async Task When_none_may_go_nothing_is_swept()
    {
        await SampleImage.WriteAsync(_medium, Full);
        await SampleImage.WriteAsync(_medium, Other);
        await using var lease = await Lease.TakeAsync(_medium.Open(), Full, "restore", _processes.Self, _clock, default);
        await _medium.Open().RenameAsync(StoreNames.Manifest(Other), StoreNames.Deleted(Other), default);
        var before = _medium.Files();
        var report = await new ImageRemoval(_medium.Open(), _processes).DeleteAllAsync([Full, ImageId.Create(Full.Time, "pc", "none")], default);
        Assert.All(report.Images, image => Assert.NotNull(image.Refusal));
        Assert.Equal(new RemovalResult(0, 0), report.Total);
        Assert.Equal(before, _medium.Files());
    }

    [Fact]
    public async Task A_cut_at_any_operation_leaves_whole_images_and_the_next_deletion_goes_on()
    {
        for (var operation = 1; ; operation++)
        {
            var medium = new MemoryMedium { Clock = _clock };
            await IncrementalImage.WriteAsync(await SampleImage.WriteAsync(medium, Full), Child);
            await SampleImage.WriteAsync(medium, Other);
            medium.Plan = FaultPlan.Cut(operation);
            var end = await Record.ExceptionAsync(() => new ImageRemoval(medium.Open(), _processes).DeleteAllAsync([Full, Other], default));
            medium.Plan = null;
            if (end is null) break;
            Assert.IsAssignableFrom<Fault>(end);
            var left = await ImageList.ReadAsync(medium.Open(), default);
            Assert.Contains(left, listing => listing.Id == Child);
            // A folder that lost its last file before its name shows as unfinished.
            foreach (var listing in left.Where(listing => listing.State == "done")) await (await ImageReader.OpenAsync(medium.Open(), listing.Id, default)).CheckSegmentsAsync(0, default);
            await new ImageRemoval(medium.Open(), _processes).DeleteAllAsync([.. left.Select(listing => listing.Id)], default);
            await new ImageRemoval(medium.Open(), _processes).SweepAsync(default);
            Assert.Empty(medium.Files());
        }
    }
}
