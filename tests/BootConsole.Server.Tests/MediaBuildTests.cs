// bootserver media build, as an administrator types it.
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

public sealed class MediaBuildTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _base;

    public MediaBuildTests()
    {
        _base = SampleBase.Make(_folder["base"]);
        Directory.CreateDirectory(_folder["files/etc/bootconsole"]);
        File.WriteAllText(_folder["files/etc/bootconsole/id_ed25519"], "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
        File.WriteAllText(_folder["files/etc/bootconsole/id_ed25519-cert.pub"], "ssh-ed25519-cert-v01@openssh.com AAAA pc\n");
        File.WriteAllText(_folder["files/etc/bootconsole/table.key"], "# BootConsole table key.\n");
        File.WriteAllText(_folder["files/etc/bootconsole/restore.key"], "AGE-SECRET-KEY-1XXXX\n");
    }

    private static string Unattended => Path.Combine(RepositoryFolder.Path, "config/unattended-backup.toml");

    private static string Restoring => Path.Combine(RepositoryFolder.Path, "config/unattended-restore.toml");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("iso")]
    [InlineData("usb")]
    [InlineData("uki")]
    public void A_medium_is_made_and_its_private_files_are_named(string medium)
    {
        var run = Build(Unattended, medium, "pc.img").Succeeds();
        Assert.Contains($"{medium} for office-pc, ", run.Output, StringComparison.Ordinal);
        Assert.Contains("/etc/bootconsole/id_ed25519  (private)\n  /etc/bootconsole/id_ed25519-cert.pub\n  /etc/bootconsole/table.key  (private)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Whoever has the medium has the private files.", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["pc.img"]));
    }

    [Fact]
    public void With_json_the_answer_is_one_document()
    {
        var document = Build(Unattended, "iso", "pc.iso", "--json").Succeeds().Document();
        Assert.Equal(("done", "iso", _folder["pc.iso"]), (document.GetProperty("outcome").GetString(), document.GetProperty("medium").GetString(), document.GetProperty("path").GetString()));
        Assert.Equal(new FileInfo(_folder["pc.iso"]).Length, document.GetProperty("bytes").GetInt64());
        Assert.Equal("6.1.0-56-amd64", document.GetProperty("base").GetProperty("kernel").GetString());
        Assert.Equal([true, false, true], document.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("secret").GetBoolean()));
    }

    [Fact]
    public void Private_keys_are_served_and_backups_opened_only_when_that_was_asked_for()
    {
        Build(Unattended, "pxe", "tftp").Reports(3, "network boot", "[server] identity", "--with-secrets", "Nothing was written");
        Assert.False(Directory.Exists(_folder["tftp"]));
        Build(Unattended, "pxe", "tftp", "--with-secrets").Succeeds();

        var refused = Build(Restoring, "iso", "pc.iso", "--json");
        refused.Reports(3, "[restore] identity", "--with-secrets");
        Assert.Equal("refused", refused.Document().GetProperty("outcome").GetString());
        Assert.False(File.Exists(_folder["pc.iso"]));
        Build(Restoring, "iso", "pc.iso", "--with-secrets").Succeeds();
    }

    [Fact]
    public void Bad_settings_are_told_with_line_and_column()
    {
        File.WriteAllText(_folder["pc.toml"], "[pc]\nname = \"office pc\"\nkeybord = \"us\"\n");
        Build(_folder["pc.toml"], "iso", "pc.iso").Reports(2, "has 2 errors", "pc.toml:2:8", "pc.toml:3:1");
        Build(_folder["none.toml"], "iso", "pc.iso").Reports(2, "cannot be read", "none.toml");
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        Build(Unattended, "floppy", "pc.img").Reports(2, "unknown kind of medium", "floppy");
        Build(Unattended, "usb", "pc.img", "--room", "big").Reports(2, "--room", "big");
        Build(Unattended, "iso", "no/folder/pc.iso").Reports(3, "No such file");
        File.Delete(_folder["base/vmlinuz"]);
        Build(Unattended, "iso", "pc.iso").Reports(3, "base is not whole", "vmlinuz", "make image");
        Bootserver.Run("media", "build").Reports(2, "--config", "bootserver media build --help");
        Bootserver.Run("serve", "--x").Reports(2, "--x", "bootserver serve --help");
        Bootserver.Run("frobnicate").Reports(2);
    }

    [Fact]
    public void Without_the_files_that_the_settings_name_it_is_said_where_they_belong() =>
        Bootserver.Run("media", "build", "--config", Unattended, "--base", _base, "--medium", "iso", "--out", _folder["pc.iso"]).Reports(3, "DIR/etc/bootconsole/id_ed25519", "--files DIR");

    private BootConsole.Host.ProgramResult Build(string config, string medium, string target, params string[] more) =>
        Bootserver.Run(["media", "build", "--config", config, "--files", _folder["files"], "--base", _base, "--medium", medium, "--out", _folder[target], .. more]);
}
