// Images that a server published for this PC: restored, verified, shown and exported by the commands, and changed by none.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class PublishedImageTests(EncryptedStore sample) : IClassFixture<EncryptedStore>
{
    private const string Folder = "head-office";

    [Fact]
    public void Every_reading_command_finds_a_published_incremental_image_with_its_key_and_its_parents()
    {
        var store = Publish(sample.NewFolder());
        var before = new StoreCopy(store, sample.Child).Hashes();
        var images = Bootconsole.Run("images", "--store", store, "--json").Succeeds().Document.GetProperty("images").EnumerateArray().ToList();
        Assert.Equal([sample.Full, sample.Child], images.Select(image => image.GetProperty("id").GetString()!));
        Assert.All(images, image => Assert.Equal(Folder, image.GetProperty("published").GetString()));
        // Encrypted, and still said: 1 MiB, 40 MiB of partitions, 33 sectors.
        Assert.All(images, image => Assert.Equal((41L << 20) + (33 * 512), image.GetProperty("disks")[0].GetProperty("minimumBytes").GetInt64()));
        Assert.Contains("Published for this PC", Bootconsole.Run("images", "--store", store).Succeeds().Output, StringComparison.Ordinal);
        Assert.Contains("shared/" + Folder, sample.Run("show", store, sample.Child).Succeeds().Output, StringComparison.Ordinal);
        Assert.Contains("at least 43008512 bytes", sample.Run("show", store, sample.Child).Succeeds().Output, StringComparison.Ordinal);
        Bootconsole.Run("verify", "--store", store, sample.Child, "--keyless").Succeeds();
        sample.Run("verify", store, "child").Succeeds();
        sample.AssertRestores(store, sample.Child, sample.Source);
        var exported = sample.NewPath(".img");
        sample.Run("export", store, sample.Full, "--to", exported).Succeeds();
        Assert.Equal(Content.Read(sample.Before, SampleStore.LinuxStart, EncryptedStore.UsedBytes), Content.Read(exported, SampleStore.LinuxStart, EncryptedStore.UsedBytes));
        Assert.Equal(before, new StoreCopy(store, sample.Child).Hashes());
    }

    [Fact]
    public void Nothing_that_writes_deletes_or_builds_on_images_touches_a_published_one()
    {
        var store = Publish(sample.NewFolder());
        var before = Shared(store);
        sample.Run("restore", store, "latest", "--disk", sample.NewPath(".img")).Reports(3, "no finished image", "named by their ids");
        Bootconsole.Run("delete", "--store", store, sample.Child).Reports(3, "no such image");
        Bootconsole.Run("prune", "--store", store, "--keep-last", "1").Succeeds();
        // The same PC, disk and password: nothing to build on all the same, and a key set of its own.
        var own = sample.Backup(store, sample.Source, "--name", "own", "--kind", "incremental");
        var listed = Bootconsole.Run("images", "--store", store, "--json").Succeeds().Document.GetProperty("images").EnumerateArray().ToList();
        Assert.Equal("full", listed.Single(image => image.GetProperty("id").GetString() == own).GetProperty("kind").GetString());
        Assert.NotEqual(sample.KeyId, Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(store, "keys")))));
        sample.AssertRestores(store, "latest", sample.Source);
        Bootconsole.Run("delete", "--store", store, own).Succeeds();
        Assert.Equal(before, Shared(store));
    }

    [Fact]
    public async Task Behind_a_server_the_shared_folder_belongs_to_root_and_is_read_only()
    {
        await using var server = await PrivateSshd.StartAsync(new SshdOptions { Chroot = true });
        Publish(server.StoreFolder);
        SystemTool.Run("chown", "-R", "root:root", Path.Combine(server.StoreFolder, "shared"));
        SystemTool.Run("chmod", "-R", "a-w,a+rX", Path.Combine(server.StoreFolder, "shared"));
        using var folder = new TempFolder();
        File.WriteAllText(folder["known_hosts"], server.KnownHostsLine + "\n");
        string[] way = ["--identity", Path.Combine(server.Folder, "id"), "--known-hosts", folder["known_hosts"]];
        var (store, before) = (server.Address().ToString(), Shared(server.StoreFolder));
        Assert.Contains(sample.Child, Bootconsole.Run(["images", "--store", store, .. way]).Succeeds().Output, StringComparison.Ordinal);
        sample.Run("verify", store, [sample.Child, .. way]).Succeeds();
        var target = folder["target.img"];
        sample.Run("restore", store, [sample.Child, "--disk", target, .. way]).Succeeds();
        Assert.Equal(Content.Read(sample.Source, SampleStore.LinuxStart, EncryptedStore.UsedBytes), Content.Read(target, SampleStore.LinuxStart, EncryptedStore.UsedBytes));
        Assert.Equal(before, Shared(server.StoreFolder));
        // No lease and no note of a bad segment: the store has what it had.
        Assert.Equal(["shared"], Directory.GetFileSystemEntries(server.StoreFolder).Select(Path.GetFileName));
    }

    private static IReadOnlyDictionary<string, string> Shared(string store) => new StoreCopy(Path.Combine(store, "shared"), "").Hashes();

    private string Publish(string store)
    {
        var folder = Directory.CreateDirectory(Path.Combine(store, "shared", Folder)).FullName;
        foreach (var part in (string[])["images", "keys"]) SystemTool.Run("cp", "-a", Path.Combine(sample.Store, part), folder);
        return store;
    }
}
