// bootserver pc: users, folders, cards; what is refused, and that nothing is left then.
namespace BootConsole.Server.Tests;

public sealed class PcTests : IDisposable
{
    private readonly SampleServer _server = SampleServer.Start();

    public PcTests() => _server.Run("contract", "add", "basic", "--overdue-after", "2").Succeeds();

    [Fact]
    public void A_pc_has_a_user_without_password_and_shell_and_a_store_that_is_its_own_below_a_folder_of_root()
    {
        _server.Run("pc", "add", "office", "--contract", "basic", "--mac", "52-54-00-12-34-56").Succeeds();

        Assert.Equal("root:root 755", _server.Owner("pcs/office"));
        Assert.Equal("root:root 755", _server.Owner("pcs/office/shared"));
        foreach (var folder in (string[])["images", "leases", "keys", "bad", "runs"]) Assert.Equal("bc-office:bc-office 700", _server.Owner("pcs/office/" + folder));
        Assert.Equal($"{SampleServer.Root}/pcs/office:/usr/sbin/nologin", string.Join(':', _server.Machine.Run("getent", "passwd", "bc-office").Trim().Split(':')[5..]));
        Assert.Equal("*", _server.Machine.Run("getent", "shadow", "bc-office").Split(':')[1]);
        Assert.Contains("bc-office", _server.Machine.Run("getent", "group", "bootconsole-pcs"), StringComparison.Ordinal);
        Assert.Equal("52:54:00:12:34:56", _server.Ask("pc", "show", "office").GetProperty("cards")[0].GetString());
    }

    [Fact]
    public void The_list_shows_who_is_overdue_and_the_check_fails_then()
    {
        _server.Run("pc", "add", "office", "--contract", "basic").Succeeds();
        Assert.Contains("No PC is overdue.", _server.Run("pc", "list", "--overdue").Succeeds().Output, StringComparison.Ordinal);
        Assert.Contains("never", _server.Run("pc", "list").Succeeds().Output, StringComparison.Ordinal);

        _server.Sql("UPDATE pc SET added = '2020-01-01T00:00:00Z'");
        var check = _server.Run("pc", "list", "--overdue");
        Assert.True(check.ExitCode == 10 && check.Output.Contains("OVERDUE", StringComparison.Ordinal), check.ToString());
        Assert.Contains("OVERDUE", _server.Run("pc", "list").Succeeds().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pc_is_changed_and_keeps_what_is_not_named()
    {
        _server.Run("contract", "add", "vault", "--deletion", "forbidden").Succeeds();
        _server.Run("pc", "add", "office", "--contract", "basic", "--mac", "52:54:00:12:34:56", "--address", "192.0.2.17/24", "--gateway", "192.0.2.1").Succeeds();
        var changed = _server.Ask("pc", "change", "office", "--contract", "vault");
        Assert.Equal(("vault", "192.0.2.17/24", "192.0.2.1", 1), (changed.GetProperty("contract").GetString(), changed.GetProperty("address").GetString(), changed.GetProperty("gateway").GetString(), changed.GetProperty("cards").GetArrayLength()));
        Assert.Equal("root:bc-office 1770", _server.Owner("pcs/office/images"));
        Assert.Equal(0, _server.Ask("pc", "change", "office", "--mac", "none").GetProperty("cards").GetArrayLength());
    }

    [Theory]
    [InlineData(2, "1 to 28", "Büro")]
    [InlineData(2, "1 to 28", "a/../b")]
    [InlineData(2, "network card", "other", "--mac", "52:54:00")]
    [InlineData(3, "another pc", "other", "--mac", "52:54:00:12:34:56")]
    [InlineData(3, "already", "office")]
    [InlineData(2, "address", "other", "--address", "192.0.2.17")]
    [InlineData(2, "address", "other", "--address", "192.0.2.300/24")]
    [InlineData(2, "address", "other", "--gateway", "router")]
    [InlineData(2, "no contract", "other", "--contract", "none")]
    [InlineData(3, "has ended", "other", "--contract", "old")]
    [InlineData(2, "missing.toml", "other", "--settings", "/srv/missing.toml")]
    public void What_is_wrong_is_refused_and_neither_a_user_nor_a_folder_is_made(int code, string words, params string[] arguments)
    {
        _server.Run("contract", "add", "old", "--from", "2020-01-01", "--until", "2020-12-31").Succeeds();
        _server.Run("pc", "add", "office", "--contract", "basic", "--mac", "52:54:00:12:34:56").Succeeds();
        var before = _server.Machine.Run("getent", "passwd");
        _server.Run(["pc", "add", .. arguments, .. arguments.Contains("--contract") ? Array.Empty<string>() : ["--contract", "basic"]]).Reports(code, words);
        Assert.Equal(before, _server.Machine.Run("getent", "passwd"));
        Assert.Equal(["office"], Directory.GetDirectories(_server["pcs"]).Select(path => Path.GetFileName(path)));
        Assert.Single(_server.Ask("pc", "list").GetProperty("pcs").EnumerateArray());
    }

    [Fact]
    public void A_user_of_the_system_that_is_no_pc_is_never_taken()
    {
        _server.Machine.Run("useradd", "--system", "--no-create-home", "bc-other");
        _server.Run("pc", "add", "other", "--contract", "basic").Reports(3, "no PC's");
    }

    [Fact]
    public void An_addition_that_was_cut_off_is_finished_by_the_same_command()
    {
        _server.Run("pc", "add", "office", "--contract", "basic").Succeeds();
        _server.Sql("DELETE FROM pc WHERE name = 'office'");
        _server.Run("pc", "add", "office", "--contract", "basic").Succeeds();
    }

    [Fact]
    public void With_images_a_pc_is_removed_only_when_it_is_said_what_becomes_of_them()
    {
        _server.Run("pc", "add", "office", "--contract", "basic").Succeeds();
        Directory.CreateDirectory(_server["pcs/office/images/2026-11-21T060400Z_office_x"]);
        _server.Run("pc", "remove", "office").Reports(3, "--delete-images", "--keep-images");
        _server.Run("pc", "remove", "office", "--keep-images", "--delete-images").Reports(2);
        Assert.Contains("office", _server.Run("pc", "list").Succeeds().Output, StringComparison.Ordinal);

        Assert.Equal("kept", _server.Ask("pc", "remove", "office", "--keep-images").GetProperty("store").GetString());
        var aside = Path.GetFileName(Assert.Single(Directory.GetDirectories(_server["pcs"])));
        Assert.StartsWith("office.removed-", aside, StringComparison.Ordinal);
        Assert.Equal("root:root 700", _server.Owner($"pcs/{aside}/images"));
        Assert.NotEqual(0, _server.Machine.Try("getent", "passwd", "bc-office").ExitCode);

        _server.Run("pc", "add", "office", "--contract", "basic").Succeeds();
        _server.Run("pc", "remove", "office").Succeeds();
        Assert.False(Directory.Exists(_server["pcs/office"]));
        _server.Run("pc", "remove", "office").Reports(2, "no PC of this name");
    }

    [Fact]
    public async Task Removal_ends_what_still_runs_as_the_pc()
    {
        _server.Run("pc", "add", "office", "--contract", "basic").Succeeds();
        Directory.CreateDirectory(_server["pcs/office/images/2026-11-21T060400Z_office_x"]);
        using var session = System.Diagnostics.Process.Start("nsenter", ["-m", "-t", _server.Machine.Id, "--", "setpriv", "--reuid=bc-office", "--regid=bc-office", "--clear-groups", "sleep", "infinity"]);
        await TestKit.Eventually.BecomesTrueAsync(() => _server.Machine.Try("pgrep", "-u", "bc-office").ExitCode == 0, "the session runs");
        Assert.Equal("deleted", _server.Ask("pc", "remove", "office", "--delete-images").GetProperty("store").GetString());
        await session.WaitForExitAsync();
        Assert.False(Directory.Exists(_server["pcs/office"]));
    }

    public void Dispose() => _server.Dispose();
}
