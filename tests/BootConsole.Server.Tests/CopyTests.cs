// bootserver copy: what is in a copy, how many stay, and that a server comes back from one.
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

public sealed class CopyTests
{
    [Fact]
    public async Task A_server_that_lost_its_catalogue_and_its_keys_comes_back_from_a_copy_and_lets_its_PCs_in()
    {
        await using var server = await LiveServer.StartAsync();
        var (key, _) = await server.IssueAsync("office-pc");
        var copy = server.Run("copy", "--json").Succeeds().Document().GetProperty("path").GetString()!;
        Assert.Equal("700", server.Machine.Run("stat", "-c", "%a", copy).Trim());
        Assert.Equal("600", server.Machine.Run("stat", "-c", "%a", copy + "/ca/user").Trim());

        // A new machine: the stores are there, users, catalogue, keys and configuration are not.
        server.Machine.Run("sh", "-c", "cd /srv/bootconsole && rm -r catalogue/* ca etc log && sed -i '/^bootserver:/d; /^bc-/d; /^bootconsole-pcs:/d' /etc/passwd /etc/shadow /etc/group /etc/gshadow");
        server.Machine.Run("sh", "-c", $"cd /srv/bootconsole && cp {copy}/catalogue.db catalogue/ && cp -a {copy}/ca {copy}/etc .");
        var seen = server.Run("doctor", "--rebuild");
        Assert.True(seen.ExitCode == 0 && seen.Output.Contains("All is well.", StringComparison.Ordinal), seen.ToString());
        var back = server.Sftp(key, "bc-office-pc", $"put {key}.pub /images/mine");
        Assert.True(back.ExitCode == 0, back.ToString());
    }

    [Fact]
    public void As_many_copies_stay_as_were_asked_for_and_what_a_cut_left_is_cleared_away()
    {
        using var machine = PrivateMachine.Start();
        machine.Serve("init", LiveServer.Root, "--host", "x").Succeeds();
        machine.Run("sh", "-c", "cd /srv/bootconsole/backup && mkdir 20250101T000000Z 20250102T000000Z 20250103T000000Z 20250104T000000Z.part mine");
        machine.Serve("copy", "--keep", "0").Reports(2, "--keep");
        var removed = machine.Serve("copy", "--keep", "2", "--json").Succeeds().Document().GetProperty("removed");
        Assert.Equal(2, removed.GetArrayLength());
        var left = machine.Run("ls", LiveServer.Root + "/backup").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, left.Length);
        Assert.Contains("20250103T000000Z", left);
        Assert.Contains("mine", left);
    }
}
