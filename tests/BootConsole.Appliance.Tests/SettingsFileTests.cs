// Settings files: what they mean, every error by line and column, and stores by name.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class SettingsFileTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public void The_samples_of_the_repository_are_sound()
    {
        foreach (var file in Directory.GetFiles(Repository.File("config"), "*.toml"))
        {
            var run = Bootconsole.Run("check-config", file).Succeeds();
            Assert.NotEmpty(run.Output);
            Assert.Empty(run.Errors);
        }

        var document = Bootconsole.Run("check-config", Repository.File("config/interactive.toml"), "--json").Succeeds().Document;
        DocumentedJson.Section("check-config").Check(document);
        Assert.True(document.GetProperty("valid").GetBoolean());
    }

    [Theory]
    [InlineData("[pc", ":1:")]
    [InlineData("[pc]\nname = \"a\" b\n", ":2:12:")]
    [InlineData("[pc]\nname = \"office\"\nname = \"twice\"\n", ":3:")]
    [InlineData("[pc]\nname = \"a b\"\n", ":2:8: pc.name:")]
    [InlineData("[pc]\nname = \"office\"\nkeybord = \"us\"\n", "keyboard")]
    [InlineData("[pc]\nname = \"office\"\n[backup]\npad = 256\n", "0 to 255")]
    [InlineData("[pc]\nname = \"\\u001b[2J\"\n", "pc.name")]
    [InlineData("", "[pc]")]
    public void A_malformed_file_is_named_with_line_and_column(string text, string words)
    {
        var file = sample.NewPath(".toml");
        File.WriteAllText(file, text);
        var run = Bootconsole.Run("check-config", file);
        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.StartsWith(file + ":", run.Errors, StringComparison.Ordinal);
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", run.Errors, StringComparison.Ordinal);
        var document = Bootconsole.Run("check-config", file, "--json").Document;
        DocumentedJson.Section("check-config").Check(document);
        Assert.False(document.GetProperty("valid").GetBoolean());
        Assert.Contains(words, document.GetProperty("errors")[0].GetString()!, StringComparison.Ordinal);
        // A command that takes its store from the file starts nothing.
        Bootconsole.Run("images", "--config", file, "--store", "server").Reports(2, words, "check-config");
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_a_usage_error()
    {
        Bootconsole.Run("check-config", "/no-such-file.toml").Reports(2, "/no-such-file.toml");
        Bootconsole.Run("check-config", "/").Reports(2, "cannot be read");
        var binary = sample.NewPath();
        File.WriteAllBytes(binary, [0xff, 0xfe, 0, 1, 2]);
        var run = Bootconsole.Run("check-config", binary);
        Assert.True(run.ExitCode == 2 && run.Errors.StartsWith(binary + ":1:1:", StringComparison.Ordinal), run.ToString());
    }

    [Fact]
    public async Task A_store_is_reached_by_its_name_and_only_by_what_the_file_says()
    {
        await using var server = await PrivateSshd.StartAsync();
        using var medium = LabelledMedium.Ext4();
        var file = sample.NewPath(".toml");
        File.WriteAllText(file, $"""
            [pc]
            name = "office-pc"
            [server]
            url = "{server.Address()}"
            host_keys = ["{server.KnownHostsLine}"]
            identity = "{Path.Combine(server.Folder, "id")}"
            [[storage]]
            name = "folder"
            url = "{sample.Store}"
            [[storage]]
            name = "nas"
            url = "label:{medium.Label}"
            """);
        Bootconsole.Run("backup", "--config", file, "--store", "server", "--disk", sample.NewDisk(1 << 20), "--no-encryption").Succeeds();
        Assert.Contains("office-pc_backup", Bootconsole.Run("images", "--config", file, "--store", "server").Succeeds().Output, StringComparison.Ordinal);
        Assert.Contains(sample.Image, Bootconsole.Run("images", "--config", file, "--store", "folder").Succeeds().Output, StringComparison.Ordinal);
        Bootconsole.Run("images", "--config", file, "--store", "elsewhere").Reports(2, "elsewhere", "server or folder or nas");
        Bootconsole.Run("backup", "--config", file, "--store", "nas", "--disk", sample.NewDisk(1 << 20), "--no-encryption", "--verify").Succeeds();
        Assert.Contains("office-pc_backup", Bootconsole.Run("images", "--store", $"label:{medium.Label}").Succeeds().Output, StringComparison.Ordinal);
        Assert.False(medium.IsMounted);
        // Someone else's key in the file: the user's own known hosts are not asked.
        File.WriteAllText(file, File.ReadAllText(file).Replace(server.KnownHostsLine, $"[127.0.0.1]:{server.Port} {server.PublicKey("ca_host")}", StringComparison.Ordinal));
        Bootconsole.Run("images", "--config", file, "--store", "server").Reports(1, "host key");
    }
}
