// What a store has, whatever else lies in it.
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class ImageListTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 6, 4, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_store_without_images_has_none() => Assert.Empty(await ImageList.ReadAsync(new MemoryMedium().Open(), default));

    [Fact]
    public async Task Images_are_listed_in_order_of_time_each_with_its_state_and_foreign_names_are_not()
    {
        var sample = await SampleImage.WriteAsync(new MemoryMedium(), At(5));
        var store = sample.Medium.Open();
        var done = At(1);
        await SampleImage.WriteAsync(sample.Medium, done);
        var failed = At(2);
        await using (var writer = await BeginAsync(store, failed)) await writer.RecordFailureAsync("the disk is gone", default);
        var running = At(3);
        await using var open = await BeginAsync(store, running);
        var unrecorded = At(4);
        await store.CreateFolderAsync(StoreNames.Image(unrecorded), default);
        await store.CreateFolderAsync(StoreNames.Disk(unrecorded, 0), default);
        // Nothing of an image is in either of these.
        foreach (var bare in (ImageId[])[At(9), At(10)]) await store.CreateFolderAsync(StoreNames.Image(bare), default);
        await StoreBytes.PublishAsync(store, StoreNames.Part(StoreNames.State(At(10))), "half a record"u8.ToArray(), default);
        var damaged = At(6);
        await SampleImage.WriteAsync(sample.Medium, damaged);
        sample.Medium.Damage(StoreNames.Manifest(damaged), bytes => bytes[..100]);
        var deleted = At(7);
        await SampleImage.WriteAsync(sample.Medium, deleted);
        await store.RenameAsync(StoreNames.Manifest(deleted), StoreNames.Deleted(deleted), default);
        foreach (var name in (string[])["lost-found", "2026-11-21T060400Z_pc", "2026-11-21T060400Z_pc_a_b", "2026-13-21T060400Z_pc_a"]) await store.CreateFolderAsync(StoreNames.Images / name, default);
        await StoreBytes.PublishAsync(store, StoreNames.Images / At(8).Text, "a file of that name"u8.ToArray(), default);

        var list = await ImageList.ReadAsync(store, default);
        Assert.Equal(
            [(done, "done"), (failed, "failed"), (running, "unfinished"), (unrecorded, "unfinished"), (sample.ImageId, "done"), (damaged, "damaged")],
            list.Select(listing => (listing.Id, listing.State)));
        Assert.Equal("the disk is gone", list[1].Reason);
        Assert.Equal(ImageKind.Full, list[2].Kind);
        Assert.NotNull(list[2].Record);
        Assert.NotNull(list[0].Manifest);
        Assert.NotEmpty(list[5].Reason);
    }

    [Theory]
    [InlineData(StoreProblem.Denied)]
    [InlineData(StoreProblem.Other)]
    public async Task One_manifest_that_the_store_does_not_give_hides_no_other_image(StoreProblem problem)
    {
        var medium = new MemoryMedium();
        foreach (var minute in (int[])[1, 2, 3]) await SampleImage.WriteAsync(medium, At(minute));
        var watched = new WatchedStore(medium.Open())
        {
            Before = (_, operation) =>
            {
                if (operation.Path == StoreNames.Manifest(At(2))) throw new StoreFault(problem, "planned");
            },
        };
        Assert.Equal(["done", "damaged", "done"], (await ImageList.ReadAsync(watched, default)).Select(listing => listing.State));
    }

    [Fact]
    public async Task A_lost_line_ends_the_listing()
    {
        var sample = await SampleImage.WriteAsync();
        sample.Medium.Plan = FaultPlan.Cut(4);
        await Assert.ThrowsAsync<TransportFault>(() => ImageList.ReadAsync(sample.Medium.Open(), default));
    }

    [Fact]
    public async Task An_image_that_is_finished_during_the_look_is_listed_as_done()
    {
        var medium = new MemoryMedium();
        var writer = await BeginAsync(medium.Open(), At(1));
        var watched = new WatchedStore(medium.Open());
        // Between the look for the manifest, which finds none, and the look for the state record, which then finds none either.
        watched.Before = (_, operation) =>
        {
            if (operation.Path != StoreNames.State(At(1))) return;
            watched.Before = null;
            SampleImage.WriteAsync(writer, At(1)).GetAwaiter().GetResult();
        };
        Assert.Equal("done", Assert.Single(await ImageList.ReadAsync(watched, default)).State);
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task A_thousand_images_are_listed()
    {
        var sample = await SampleImage.WriteAsync();
        var store = sample.Medium.Open();
        var ids = Enumerable.Range(1, 999).Select(minute => ImageId.Create(Time.AddMinutes(minute), "pc", "n")).ToList();
        foreach (var id in ids)
        {
            await store.CreateFolderAsync(StoreNames.Image(id), default);
            await StoreBytes.PublishAsync(store, StoreNames.Manifest(id), ImageJson.Write(sample.Manifest with { Id = id.Text }), default);
        }

        var list = await ImageList.ReadAsync(store, default);
        Assert.Equal(1000, list.Count);
        Assert.All(list, listing => Assert.Equal("done", listing.State));
        Assert.Equal(list.Select(listing => listing.Id.Text).Order(StringComparer.Ordinal), list.Select(listing => listing.Id.Text));
    }

    [Fact]
    public async Task A_person_names_an_image_by_its_id_a_unique_prefix_its_name_or_latest()
    {
        var medium = new MemoryMedium();
        var (first, second, other) = (ImageId.Create(Time, "pc-a", "daily"), ImageId.Create(Time.AddDays(1), "pc-a", "weekly"), ImageId.Create(Time.AddDays(2), "pc-b", "daily"));
        foreach (var id in (ImageId[])[first, second, other]) await SampleImage.WriteAsync(medium, id);
        var unfinished = ImageId.Create(Time.AddDays(3), "pc-a", "cut");
        var store = medium.Open();
        await (await BeginAsync(store, unfinished)).DisposeAsync();

        Assert.Equal(other, await ImageList.ResolveAsync(store, "latest", null, default));
        Assert.Equal(second, await ImageList.ResolveAsync(store, "latest", "pc-a", default));
        Assert.Equal(second, await ImageList.ResolveAsync(store, "2026-11-22", null, default));
        Assert.Equal(second, await ImageList.ResolveAsync(store, "weekly", null, default));
        Assert.Equal(first, await ImageList.ResolveAsync(store, "daily", "pc-a", default));
        Assert.Equal(unfinished, await ImageList.ResolveAsync(store, "cut", null, default));
        var absent = ImageId.Create(Time, "pc-z", "none");
        Assert.Equal(absent, await ImageList.ResolveAsync(store, absent.Text, null, default));
        await RefusedAsync(store, "daily", "several");
        await RefusedAsync(store, "2026-11", "several");
        await RefusedAsync(store, "monthly", "no such image");
        await RefusedAsync(store, "../x", "no such image");
        await RefusedAsync(store, "", "no image was named");
        await RefusedAsync(store, "latest", "no finished image", "pc-z");
        Assert.Equal(first, await ImageList.ResolveAsync(store, "2026-11-21", null, default));
    }

    [Fact]
    public async Task The_empty_text_does_not_mean_the_only_image()
    {
        var sample = await SampleImage.WriteAsync();
        await RefusedAsync(sample.Medium.Open(), "", "no image was named");
    }

    private static async Task RefusedAsync(IReadStore store, string text, string words, string? pc = null) =>
        Assert.Contains(words, (await Assert.ThrowsAsync<RefusedFault>(() => ImageList.ResolveAsync(store, text, pc, default))).Message, StringComparison.Ordinal);

    private static ImageId At(int minute) => ImageId.Create(Time.AddMinutes(minute), "pc", "name");

    private static Task<ImageWriter> BeginAsync(IDeleteStore store, ImageId id) => ImageWriter.BeginAsync(store, new ImageDraft { Id = id, Kind = ImageKind.Full, Pad = SampleImage.Pad, Disks = [] }, new FakeProcesses().Self, new FakeClock(), default);
}
