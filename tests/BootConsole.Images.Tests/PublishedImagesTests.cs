// Published images in a real folder: found, read whole, and out of reach of everything that writes.
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.Stores.Directories;
using BootConsole.TestKit;

namespace BootConsole.Images.Tests;

public sealed class PublishedImagesTests : IDisposable
{
    private const string Id = "2026-11-21T060400Z_office-pc_before-update";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_published_image_is_listed_apart_and_read_whole_through_a_view_that_nothing_can_be_written_to()
    {
        Publish("reception");
        await using var store = Open();
        Assert.Empty(await ImageList.ReadAsync(store, default));
        var listing = Assert.Single((await PublishedImages.ReadAsync(store, default)).Images);
        Assert.Equal((Id, "done", "reception"), (listing.Id.Text, listing.State, listing.Published));
        var found = await ImageList.FindAsync(store, Id, null, default);
        Assert.Equal("reception", found.Published);
        Assert.False(found.Store is IWriteStore);
        Assert.Equal(Path.Combine(_folder.Path, "shared", "reception"), found.Store.LocalFolder);
        var image = await ImageReader.OpenAsync(found.Store, found.Id, default);
        foreach (var (path, length, sha256) in image.AllFiles()) await image.CheckFileAsync(path, length, sha256, default);
        await image.CheckSegmentsAsync(0, default);
    }

    [Fact]
    public async Task Latest_is_never_a_published_image_and_the_own_one_comes_first()
    {
        Publish("reception");
        await using var store = Open();
        Assert.Contains("named by their ids", (await Assert.ThrowsAsync<RefusedFault>(() => ImageList.FindAsync(store, "latest", null, default))).Remedy, StringComparison.Ordinal);
        Assert.Equal("reception", (await ImageList.FindAsync(store, "2026-11-21", null, default)).Published);
        await Assert.ThrowsAsync<RefusedFault>(() => ImageList.ResolveAsync(store, "2026-11-21", null, default));
        await Assert.ThrowsAsync<RefusedFault>(() => ImageList.FindAsync(store, "2025", null, default));
        SystemTool.Run("cp", "-a", Path.Combine(Golden, "images"), _folder["images"]);
        foreach (var text in (string[])[Id, "2026-11-21", "before-update", "latest"]) Assert.Null((await ImageList.FindAsync(store, text, null, default)).Published);
    }

    [Fact]
    public async Task An_image_that_is_published_twice_is_refused_by_the_names_of_both_folders()
    {
        Publish("reception");
        Publish("workshop");
        await using var store = Open();
        foreach (var text in (string[])[Id, "before-update"])
        {
            var fault = await Assert.ThrowsAsync<RefusedFault>(() => ImageList.FindAsync(store, text, null, default));
            Assert.Equal("one image", fault.Expected);
        }
    }

    [Fact]
    public async Task What_is_half_copied_damaged_or_foreign_in_the_shared_folder_hides_nothing_else()
    {
        Publish("reception");
        Publish("half");
        File.Delete(_folder[$"shared/half/images/{Id}/image.json"]);
        Publish("torn");
        File.WriteAllText(_folder[$"shared/torn/images/{Id}/image.json"], "{");
        Directory.CreateDirectory(_folder["shared/empty"]);
        Directory.CreateDirectory(_folder["shared/-odd name"]);
        File.WriteAllText(_folder["shared/a-file"], "");
        Directory.CreateSymbolicLink(_folder["shared/link"], _folder["shared/reception"]);
        File.WriteAllText(_folder["shared/empty/images"], "a file where a folder belongs");
        await using var store = Open();
        var published = await PublishedImages.ReadAsync(store, default);
        Assert.Equal([("reception", "done"), ("torn", "damaged")], published.Images.Select(listing => (listing.Published!, listing.State)).Order());
        Assert.Contains("shared/empty cannot be read", Assert.Single(published.Troubles), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_view_finds_lists_and_reads_below_its_folder_and_stays_open_with_its_store()
    {
        Publish("reception");
        await using var store = Open();
        await using (var view = new FolderView(store, StorePath.Of("shared/reception")))
        {
            Assert.Equal(["images"], (await view.ListAsync(StorePath.Top, default)).Select(entry => entry.Name));
            Assert.NotNull(await view.FindAsync(StoreNames.Images, default));
            Assert.Null(await view.FindAsync(StoreNames.Shared, default));
            await using var reader = await view.OpenReadAsync(StorePath.Of($"images/{Id}/image.json"), default);
            Assert.Equal(new FileInfo(_folder[$"shared/reception/images/{Id}/image.json"]).Length, reader.Length);
            Assert.Contains("(shared/reception)", view.Description, StringComparison.Ordinal);
            Assert.Equal((await store.FindSpaceAsync(default))?.Total, (await view.FindSpaceAsync(default))?.Total);
        }

        Assert.NotEmpty(await store.ListAsync(StorePath.Top, default));
    }

    private static string Golden => Path.Combine(RepositoryFolder.Path, "tests/BootConsole.Images.Tests/Golden/store");

    private void Publish(string name)
    {
        Directory.CreateDirectory(_folder["shared/" + name]);
        SystemTool.Run("cp", "-a", Path.Combine(Golden, "images"), _folder[$"shared/{name}/images"]);
    }

    private DirectoryStore Open() => DirectoryStore.Open(_folder.Path, StoreAccess.Read);
}
