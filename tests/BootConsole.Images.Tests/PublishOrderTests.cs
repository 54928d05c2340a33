// In which order an image comes into being: what a name stands for is there before the name is.
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

public sealed class PublishOrderTests
{
    [Fact]
    public async Task A_segment_comes_before_its_table_all_before_the_manifest_and_the_state_record_goes_last()
    {
        var (operations, manifest) = await RecordAsync();
        var disk = manifest.Disks[0];
        var published = operations.Where(operation => operation.Kind == "publish").Select(operation => operation.Path.Text).ToList();
        var (image, disk0) = ($"images/{manifest.Id}", $"images/{manifest.Id}/disk-0");
        List<string> expected = [published[0], $"{image}/state.json"];
        foreach (var (segment, table) in disk.Segments.Zip(disk.Tables)) expected.AddRange([$"{disk0}/{segment.Name}", $"{disk0}/tables/{table.Name}"]);
        expected.AddRange([$"{disk0}/SHA256SUMS", $"{disk0}/layout.json", $"{image}/image.json.sha256", $"{image}/image.json"]);
        Assert.StartsWith($"leases/{manifest.Id}.", published[0], StringComparison.Ordinal);
        Assert.Equal(expected, published);
        var last = operations.Where(operation => operation.Kind is "publish" or "remove").Select(operation => $"{operation.Kind} {operation.Path}").TakeLast(3);
        Assert.Equal([$"publish {image}/image.json", $"remove {image}/state.json", $"remove {published[0]}"], last);
    }

    [Fact]
    public async Task Every_file_is_finished_before_it_gets_its_name()
    {
        var (operations, _) = await RecordAsync();
        foreach (var (index, publish) in operations.Index().Where(entry => entry.Item.Kind == "publish"))
        {
            var finished = operations.Take(index).Last(operation => operation.Kind == "finish" && operation.Path.Text.StartsWith(publish.Path.Text + ".", StringComparison.Ordinal));
            Assert.EndsWith(".part", finished.Path.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(operations.Skip(index), operation => operation.Kind is "append" or "finish" && operation.Path == finished.Path);
        }
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_nothing_but_the_state_record_and_the_lease_is_removed()
    {
        var (operations, manifest) = await RecordAsync();
        Assert.DoesNotContain(operations, operation => operation.Kind is "replace" or "rename" or "rewrite" or "remove-folder");
        var removed = operations.Where(operation => operation.Kind == "remove").Select(operation => operation.Path).ToList();
        Assert.Equal(2, removed.Count);
        Assert.All(removed, path => Assert.True(path == StoreNames.State(SampleImage.Id) || path.Folder == StoreNames.Leases, path.Text));
        var created = operations.Where(operation => operation.Kind is "create" or "publish").ToList();
        Assert.Equal(created.Count, created.Distinct().Count());
        Assert.NotEmpty(manifest.Disks);
    }

    [Fact]
    public async Task The_owner_is_asked_for_once_more_right_before_the_manifest()
    {
        var (operations, manifest) = await RecordAsync();
        var (state, sum) = (StoreNames.State(SampleImage.Id), $"images/{manifest.Id}/image.json.sha256");
        var asked = operations.Index().Last(entry => entry.Item.Kind == "read" && entry.Item.Path == state).Index;
        var layout = operations.Index().Single(entry => entry.Item.Kind == "publish" && entry.Item.Path == StoreNames.Layout(SampleImage.Id, 0)).Index;
        var begun = operations.Index().First(entry => entry.Item.Kind == "create" && entry.Item.Path.Text.StartsWith(sum, StringComparison.Ordinal)).Index;
        Assert.InRange(asked, layout + 1, begun - 1);
    }

    [Fact]
    public async Task At_most_one_segment_awaits_its_flush_while_another_is_open()
    {
        var (operations, _) = await RecordAsync();
        var unpublished = new HashSet<string>();
        foreach (var operation in operations)
        {
            var name = operation.Path.Name.Split('.')[0];
            if (operation.Kind == "create" && operation.Path.Text.Contains(".zst.", StringComparison.Ordinal) && !operation.Path.Text.Contains(".table.", StringComparison.Ordinal)) unpublished.Add(name);
            if (operation.Kind == "publish" && SegmentName.TryParseTable(operation.Path.Name, out _)) unpublished.Remove(name);
            Assert.InRange(unpublished.Count, 0, 2);
        }

        Assert.Empty(unpublished);
    }

    [Fact]
    public async Task A_failed_publication_ends_the_writing_at_once_and_not_a_segment_later()
    {
        var watched = new WatchedStore(new MemoryMedium().Open());
        await using var writer = await ImageWriter.BeginAsync(watched, new ImageDraft { Id = SampleImage.Id, Kind = ImageKind.Full, Pad = 0, Disks = [] }, new FakeProcesses().Self, new FakeClock(), default);
        using var zstd = new Codec.ZstdTransform(3);
        await using var disk = await writer.OpenDiskAsync(0, new ChunkGrid(100L * SampleImage.ChunkBytes, SampleImage.ChunkBytes), segmentBytes: () => 10, zstd, default);
        watched.Before = (_, operation) =>
        {
            if (operation.Kind == "publish") throw new StoreFault(StoreProblem.Denied, "planned");
        };
        await disk.AppendAsync(ChunkKind.Data, default, new byte[20], default);
        await Assert.ThrowsAsync<StoreFault>(async () => await disk.AppendAsync(ChunkKind.Data, default, new byte[2], default));
    }

    private static async Task<(IReadOnlyList<StoreOperation> Operations, Manifest Manifest)> RecordAsync()
    {
        var watched = new WatchedStore(new MemoryMedium().Open());
        var manifest = await SampleImage.WriteAsync(watched, SampleImage.Id, new FakeClock(SampleImage.Id.Time));
        return (watched.Operations, manifest);
    }
}
