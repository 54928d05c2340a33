// Stores that cannot be used, and one that fills up in the middle of a backup.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class StoreRefusalTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Theory]
    [InlineData("images")]
    [InlineData("show", "latest")]
    [InlineData("verify", "latest")]
    [InlineData("restore", "latest", "--disk", "new.img")]
    [InlineData("export", "latest", "--to", "new.img")]
    [InlineData("delete", "2026")]
    public void A_store_folder_that_is_missing_is_named_and_not_made(params string[] command)
    {
        var missing = Path.Combine(sample.NewFolder(), "not-mounted");
        Bootconsole.Run([.. command, "--store", missing]).Reports(1, missing, "No such file or directory", "mkdir");
        Assert.False(Path.Exists(missing));
    }

    [Fact]
    public void A_backup_makes_the_last_folder_of_the_path_and_no_more()
    {
        var folder = sample.NewFolder();
        Backup(sample.NewDisk(1 << 20), Path.Combine(folder, "not-mounted", "store")).Reports(1, "not-mounted/store", "mkdir");
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Backup(sample.NewDisk(1 << 20), Path.Combine(folder, "store")).Succeeds();
    }

    [Fact]
    public void A_store_that_is_a_file_is_named()
    {
        var file = sample.NewDisk(1 << 20);
        Backup(sample.Source, file).Reports(1, file, "File exists");
        Bootconsole.Run("images", "--store", file, "--json").ReportsJson(1, "failed", file, "Not a directory");
    }

    [Fact]
    public async Task A_read_only_store_takes_no_backup_and_no_deletion_but_gives_its_images()
    {
        await using var small = await SmallFileSystem.CreateAsync(24 << 20);
        SystemTool.Run("cp", "-a", sample.Store, Path.Combine(small.Path, "store"));
        SystemTool.Run("mount", "-o", "remount,ro", small.Path);
        var store = Path.Combine(small.Path, "store");
        Backup(sample.Source, store).Reports(1, "read-only", store);
        Bootconsole.Run("delete", "--store", store, sample.Image).Reports(1, "read-only", store);
        Bootconsole.Run("verify", "--store", store, "latest").Succeeds();
        var target = sample.NewPath(".img");
        Assert.Contains("takes no lease", Bootconsole.Run("restore", "--store", store, "latest", "--disk", target).Succeeds().Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fills_up_ends_the_backup_keeps_earlier_images_and_can_be_cleared()
    {
        await using var small = await SmallFileSystem.CreateAsync(12 << 20);
        var first = sample.NewDisk(1 << 20);
        var kept = Backup(first, small.Path, "--name", "kept", "--json").Succeeds().Document.GetProperty("image").GetString()!;
        var before = Content.Hash(sample.Source);
        Backup(sample.Source, small.Path, "--name", "too-large").Reports(1, "The store is full", "free", "Free some space");
        Assert.Equal(before, Content.Hash(sample.Source));
        var images = Bootconsole.Run("images", "--store", small.Path, "--json").Succeeds().Document.GetProperty("images").EnumerateArray().ToList();
        Assert.Equal(["kept", "too-large"], images.Select(image => image.GetProperty("name").GetString()));
        Assert.Equal("done", images[0].GetProperty("state").GetString());
        Assert.Contains(images[1].GetProperty("state").GetString(), new[] { "failed", "unfinished" });
        Assert.Empty(Directory.GetFiles(Path.Combine(small.Path, "leases")));
        Bootconsole.Run("verify", "--store", small.Path, kept).Succeeds();
        Bootconsole.Run("delete", "--store", small.Path, "too-large").Succeeds();
        Assert.Equal([kept], Directory.GetDirectories(Path.Combine(small.Path, "images")).Select(Path.GetFileName));
        Backup(first, small.Path, "--name", "again").Succeeds();
    }

    [Fact]
    public void A_store_without_images_says_so()
    {
        var empty = sample.NewFolder();
        Assert.Equal($"There are no images in {empty}.\n", Bootconsole.Run("images", "--store", empty).Succeeds().Output);
        Bootconsole.Run("verify", "--store", empty, "latest").Reports(3, "no finished image", empty);
    }

    private static Run Backup(string disk, string store, params string[] more) => Bootconsole.Run(["backup", "--disk", disk, "--store", store, "--no-encryption", .. more]);
}
