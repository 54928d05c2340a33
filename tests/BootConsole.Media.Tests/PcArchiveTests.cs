// What a boot medium carries for a PC: exactly what its settings name, and no secret that nobody asked for.
using BootConsole.Core;
using BootConsole.Media.Cpio;
using BootConsole.TestKit;

namespace BootConsole.Media.Tests;

public sealed class PcArchiveTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Tree => SampleSettings.FullTree(_folder["tree"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_archive_has_the_settings_the_named_files_and_the_certificate_and_nothing_else()
    {
        var entries = CpioArchive.Read(SampleSettings.Archive(SampleSettings.Pc + SampleSettings.Server + SampleSettings.TableKey, Tree).Bytes);
        Assert.Equal(
            ["etc 41ED", "etc/bootconsole 41ED", "etc/bootconsole.toml 81A4", "etc/bootconsole/id_ed25519 8180", "etc/bootconsole/id_ed25519-cert.pub 81A4", "etc/bootconsole/table.key 8180"],
            entries.Select(entry => $"{entry.Name} {entry.Mode:X4}"));
        Assert.Equal(SampleSettings.Pc + SampleSettings.Server + SampleSettings.TableKey, System.Text.Encoding.UTF8.GetString(entries[2].Content.Span));
    }

    [Fact]
    public void Settings_with_errors_are_told_with_file_line_and_column()
    {
        var fault = Assert.Throws<UsageFault>(() => SampleSettings.Archive("[pc]\nname = \"office-pc\"\nvlan = 5000\n", null));
        Assert.Contains("pc.toml:3:8", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_named_and_not_there_is_refused_with_the_place_where_it_belongs()
    {
        File.Delete(Path.Combine(Tree, "etc/bootconsole/id_ed25519"));
        var fault = Assert.Throws<RefusedFault>(() => SampleSettings.Archive(SampleSettings.Pc + SampleSettings.Server, _folder["tree"]));
        Assert.Contains(_folder["tree/etc/bootconsole/id_ed25519"], fault.Which, StringComparison.Ordinal);
        Assert.Contains("[server] identity", fault.Expected, StringComparison.Ordinal);
        Assert.Contains("--files", Assert.Throws<RefusedFault>(() => SampleSettings.Archive(SampleSettings.Pc + SampleSettings.Server, null)).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_a_folder_and_an_empty_file_are_refused_and_nothing_waits_for_them()
    {
        var key = Path.Combine(Tree, "etc/bootconsole/id_ed25519");
        foreach (var odd in new Action[] { () => SystemTool.Run("mkfifo", key), () => Directory.CreateDirectory(key), () => File.WriteAllText(key, "") })
        {
            SystemTool.Run("rm", "-rf", key);
            odd();
            Assert.Throws<RefusedFault>(() => SampleSettings.Archive(SampleSettings.Pc + SampleSettings.Server, _folder["tree"]));
        }
    }

    [Theory]
    [InlineData("/init")]
    [InlineData("/etc/passwd")]
    [InlineData("/etc/bootconsole/../../init")]
    [InlineData("/etc/bootconsole//x")]
    public void A_path_that_would_replace_something_else_of_the_root_is_refused(string path) =>
        Assert.Throws<RefusedFault>(() => SampleSettings.Archive(SampleSettings.Pc + SampleSettings.BackupPassword.Replace("/etc/bootconsole/pw", path, StringComparison.Ordinal), Tree));

    [Fact]
    public void What_ssh_would_not_take_for_a_private_key_is_refused()
    {
        SampleSettings.Put(Tree, "id_ed25519", "ssh-ed25519 AAAA this is the public one\n");
        Assert.Throws<RefusedFault>(() => SampleSettings.Archive(SampleSettings.Pc + SampleSettings.Server, _folder["tree"]));
    }

    [Theory]
    [InlineData(SampleSettings.BackupPassword, "[backup] password_file")]
    [InlineData(SampleSettings.Share, "[[storage]] nas: credentials")]
    [InlineData(SampleSettings.Server + SampleSettings.Restore, "[restore] identity")]
    public void What_opens_backups_is_refused_on_every_medium(string toml, string named)
    {
        var archive = SampleSettings.Archive(SampleSettings.Pc + toml, Tree);
        foreach (var isServedOpenly in new[] { false, true })
            Assert.Contains(named, Assert.Throws<RefusedFault>(() => archive.RefuseSecrets(isServedOpenly)).Which, StringComparison.Ordinal);
    }

    [Fact]
    public void The_keys_of_the_PC_may_be_on_a_medium_and_may_not_be_served()
    {
        var archive = SampleSettings.Archive(SampleSettings.Pc + SampleSettings.Server + SampleSettings.TableKey, Tree);
        archive.RefuseSecrets(isServedOpenly: false);
        var fault = Assert.Throws<RefusedFault>(() => archive.RefuseSecrets(isServedOpenly: true));
        Assert.Contains("[server] identity", fault.Which, StringComparison.Ordinal);
        Assert.Contains("[backup] table_key", fault.Which, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_key_set_in_the_place_of_the_table_key_is_found_out()
    {
        SampleSettings.Put(Tree, "table.key", "# key-set: x\nAGE-SECRET-KEY-1READSALL\n");
        Assert.Throws<RefusedFault>(() => SampleSettings.Archive(SampleSettings.Pc + SampleSettings.TableKey, _folder["tree"]).RefuseSecrets(isServedOpenly: false));
    }
}
