// Encrypted images from the command line: every command reads them, full or incremental, with the password, with a recipient's key, or without any.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class EncryptedImageTests(EncryptedStore sample) : IClassFixture<EncryptedStore>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_image_reads_in_every_way_whether_full_or_incremental(bool isChild)
    {
        var (image, disk) = isChild ? (sample.Child, sample.Source) : (sample.Full, sample.Before);
        sample.AssertRestores(sample.Store, image, disk);
        Assert.Contains("decode to what was saved", sample.Run("verify", sample.Store, image).Succeeds().Output, StringComparison.Ordinal);
        Assert.Contains("are as they were written", Bootconsole.Run("verify", "--store", sample.Store, image, "--keyless").Succeeds().Output, StringComparison.Ordinal);
        SystemTool.Run("sh", "-c", "cd \"$1\" && sha256sum --quiet -c SHA256SUMS && cd ../ && sha256sum --quiet -c image.json.sha256", "sh", Path.Combine(sample.Store, "images", image, "disk-0"));
        Assert.Contains("is what disk 0 of", sample.Run("verify", sample.Store, image, "--against", disk).Succeeds().Output, StringComparison.Ordinal);
        var exported = sample.NewPath(".raw");
        sample.Run("export", sample.Store, image, "--to", exported).Succeeds();
        Assert.Equal(Content.Read(disk, SampleStore.LinuxStart, EncryptedStore.UsedBytes), Content.Read(exported, SampleStore.LinuxStart, EncryptedStore.UsedBytes));
        var shown = sample.Run("show", sample.Store, image).Succeeds().Output;
        Assert.Contains($"yes, key set {sample.KeyId[..16]}", shown, StringComparison.Ordinal);
        Assert.Contains(isChild ? $"incremental, against {sample.Full}" : "Kind       full\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_incremental_image_stores_what_has_changed()
    {
        var images = Bootconsole.Run("images", "--store", sample.Store, "--json").Succeeds().Document.GetProperty("images").EnumerateArray().ToList();
        Assert.Equal(["full", "incremental"], images.Select(image => image.GetProperty("kind").GetString()));
        // Two MiB of random bytes, tables and layout; of the full image's nearly 13.
        Assert.InRange(images[1].GetProperty("storedBytes").GetInt64(), 2 << 20, 3 << 20);
    }

    [Fact]
    public void No_content_and_no_name_of_a_file_system_is_in_the_store_in_the_clear()
    {
        var needle = Content.Read(sample.Before, EncryptedStore.DataStart, 64);
        foreach (var file in Directory.EnumerateFiles(sample.Store, "*", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(file);
            Assert.True(bytes.AsSpan().IndexOf(needle) < 0, file);
            Assert.True(bytes.AsSpan().IndexOf("linux"u8) < 0, file);
            Assert.True(Path.GetFileName(file) is "image.json" or "image.json.sha256" or "image.json.mac" or "SHA256SUMS" || file.EndsWith(".age", StringComparison.Ordinal), file);
        }
    }

    [Fact]
    public void A_differential_image_builds_on_the_full_one_and_nothing_builds_on_a_copy()
    {
        var (copy, disk) = (sample.CopyStore(), sample.Source);
        using var change = sample.ChangeSource(6, 1);
        sample.Backup(copy.Folder, disk, "--name", "aside", "--kind", "copy");
        Assert.Equal(sample.Full, ParentOf(copy, sample.Backup(copy.Folder, disk, "--name", "diff", "--kind", "differential")));
        var last = sample.Backup(copy.Folder, disk, "--name", "last", "--kind", "incremental");
        Assert.EndsWith("_diff", ParentOf(copy, last), StringComparison.Ordinal);
        sample.AssertRestores(copy.Folder, last, disk);
    }

    [Fact]
    public void A_new_password_opens_what_the_old_one_did_and_no_image_is_written_anew()
    {
        var copy = sample.CopyStore();
        var before = copy.Hashes();
        var (changed, wrap) = (sample.NewPath(), Path.Combine(copy.Folder, "keys", sample.KeyId, "identity.2.age"));
        File.WriteAllText(changed, "another password\n");
        var run = Bootconsole.Run("password", "change", "--store", copy.Folder, "--password-file", sample.PasswordFile, "--pc", EncryptedStore.Pc, "--new-password-file", changed).Succeeds();
        Assert.Contains(sample.KeyId, run.Output, StringComparison.Ordinal);
        Assert.Equal(before.Keys.Where(file => !file.EndsWith("identity.1.age", StringComparison.Ordinal)).Append(wrap).Order(StringComparer.Ordinal), copy.Hashes().Keys.Order(StringComparer.Ordinal));
        Assert.All(copy.Hashes().Where(file => file.Key != wrap), file => Assert.Equal(before[file.Key], file.Value));
        sample.Run("verify", copy.Folder, sample.Child).Reports(1, "the password is wrong");
        Bootconsole.Run("verify", "--store", copy.Folder, sample.Child, "--password-file", changed).Succeeds();
        // The recipient's wrap is as it was.
        Bootconsole.Run("verify", "--store", copy.Folder, sample.Child, "--identity", sample.IdentityFile, "--key-id", sample.KeyId).Succeeds();
        Bootconsole.Run("password", "change", "--store", copy.Folder, "--pc", "another", "--password-file", changed, "--new-password-file", changed).Reports(3, "no encrypted image of this PC", "another");
    }

    [Fact]
    public void A_password_and_an_identity_may_come_through_a_pipe()
    {
        var script = $"\"$1\" verify --store \"$2\" latest --password-file <(cat \"$3\") && \"$1\" verify --store \"$2\" latest --identity <(cat \"$4\") --key-id {sample.KeyId}";
        SystemTool.Run("env", $"DOTNET_ROOT={Bootconsole.DotnetRoot}", "bash", "-c", script, "bash", Bootconsole.Program, sample.Store, sample.PasswordFile, sample.IdentityFile);
    }

    [Fact]
    public async Task At_a_terminal_the_password_is_asked_for_unseen_twice_for_a_backup_and_once_to_read()
    {
        using var terminal = new Terminal();
        var store = sample.NewFolder();
        terminal.Type($"bootconsole backup --disk {PartitionedImage.Sparse(sample.NewPath(".img"), 1 << 20)} --store {store} --pc pc; echo ended $?.");
        await terminal.ShowsAsync("New password for the backups of this PC:");
        terminal.Press("Enter");
        await terminal.ShowsAsync("The same again:");
        terminal.Press("Enter");
        await terminal.ShowsAsync("A password cannot be empty.");
        terminal.Type("tulips & onions");
        await Eventually.BecomesTrueAsync(() => terminal.Screen.Split("The same again:").Length == 3, "asked again");
        terminal.Type("tulips & onions");
        await terminal.ShowsAsync("A new key set was made: key id ", "ended 0.");
        Assert.DoesNotContain("tulips", terminal.Screen, StringComparison.Ordinal);
        terminal.Type($"clear; bootconsole verify --store {store} latest; echo again $?.");
        await terminal.ShowsAsync("Password of the image:");
        terminal.Type("tulips or onions");
        await terminal.ShowsAsync("The password is wrong", "again 1.");
        terminal.Type($"clear; bootconsole verify --store {store} latest; echo third $?.");
        await terminal.ShowsAsync("Password of the image:");
        terminal.Type("tulips & onions");
        await terminal.ShowsAsync("decode to what was saved", "third 0.");
        Assert.DoesNotContain("tulips", terminal.Screen, StringComparison.Ordinal);
    }

    private static string ParentOf(StoreCopy store, string image) =>
        System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(store.Folder, "images", image, "image.json"))).RootElement.GetProperty("parent").GetString()!;
}
