// What the timer runs: the administrator's command hears who is overdue, and no shell reads what it is told.
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Packaging;

public sealed class OverdueTests : IDisposable
{
    private readonly SampleServer _server = SampleServer.Start();

    public OverdueTests()
    {
        _server.Run("contract", "add", "basic", "--overdue-after", "2").Succeeds();
        _server.Run("pc", "add", "office", "--contract", "basic").Succeeds();
    }

    [Fact]
    public void As_long_as_nobody_is_overdue_the_command_is_not_run()
    {
        Assert.Equal(0, Tell("tee", "/srv/told").ExitCode);
        Assert.False(File.Exists(_server.Machine["/srv/told"]));
    }

    [Fact]
    public void The_command_gets_the_list_on_its_standard_input_and_neither_its_words_nor_the_list_are_read_by_a_shell()
    {
        _server.Sql("UPDATE pc SET added = '2020-01-01T00:00:00Z'");
        _server.Sql("UPDATE contract SET name = '`touch /srv/a` $(touch /srv/b); touch /srv/c'");
        var told = Tell("tee", "/srv/$(touch ${HOME}d) `e` ;'f");
        Assert.True(told.ExitCode == 0, told.ToString());
        var list = File.ReadAllText(_server.Machine["/srv/$(touch ${HOME}d) `e` ;'f"]);
        Assert.Contains("office", list, StringComparison.Ordinal);
        Assert.Contains("`touch /srv/a` $(touch /srv/b); touch /srv/c", list, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(_server.Machine["/srv"]).Length);
    }

    [Fact]
    public void A_check_that_fails_is_told_too()
    {
        File.WriteAllText(_server["catalogue/catalogue.db"], "no catalogue");
        Assert.Equal(0, Tell("tee", "/srv/told").ExitCode);
        Assert.StartsWith("The check of overdue PCs failed (exit code 1):\nbootserver: ", File.ReadAllText(_server.Machine["/srv/told"]), StringComparison.Ordinal);
        var silent = Tell();
        Assert.True(silent.ExitCode == 1 && silent.Output.Contains("check of overdue PCs failed", StringComparison.Ordinal), silent.ToString());
    }

    [Fact]
    public void Without_a_command_or_when_it_fails_the_unit_fails()
    {
        _server.Sql("UPDATE pc SET added = '2020-01-01T00:00:00Z'");
        var silent = Tell();
        Assert.True(silent.ExitCode == 10 && silent.Output.StartsWith("PC ", StringComparison.Ordinal) && silent.Output.Contains("office", StringComparison.Ordinal), silent.ToString());
        Assert.Equal(7, Tell("sh", "-c", "exit 7").ExitCode);
    }

    [Fact]
    public void Systemd_finds_nothing_wrong_with_the_units()
    {
        using var folder = new TempFolder();
        // The units name programs where the package puts them.
        foreach (var unit in Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "config/systemd")))
            File.WriteAllText(folder[Path.GetFileName(unit)], File.ReadAllText(unit).Replace("/usr/libexec/bootserver/overdue", Overdue, StringComparison.Ordinal).Replace("/usr/bin/bootserver", Path.Combine(Bootserver.Folder, "bootserver"), StringComparison.Ordinal));
        var result = SystemTool.Try("systemd-analyze", ["verify", "--man=no", .. Directory.GetFiles(folder.Path)]);
        Assert.True(result.ExitCode == 0 && !result.Error.Contains("bootserver", StringComparison.Ordinal), result.ToString());
    }

    public void Dispose() => _server.Dispose();

    private static string Overdue => Path.Combine(RepositoryFolder.Path, "config/deb/overdue");

    private Host.ProgramResult Tell(params string[] command) => _server.Machine.Try("env", ["-i", "PATH=/opt/bootserver:/usr/bin:/bin", Overdue, .. command]);
}
