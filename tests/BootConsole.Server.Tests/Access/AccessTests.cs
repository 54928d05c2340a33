// PCs at a real server: sshd, ssh and sftp of the system, users, chroot, certificates and the oracle.
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Access;

public sealed class AccessTests
{
    private const string User = "bc-office-pc";

    [Fact]
    public async Task A_PC_comes_in_to_its_store_and_can_neither_leave_it_nor_see_a_neighbour_nor_do_anything_else()
    {
        await using var server = await LiveServer.StartAsync();
        var (key, _) = await server.IssueAsync("office-pc");
        var (other, _) = await server.IssueAsync("other-pc");
        Succeeds(server.Sftp(other, "bc-other-pc", $"put {other}.pub /images/secret"));

        var view = Succeeds(server.Sftp(key, User, $"put {key}.pub /images/mine", "get /images/mine /dev/null", "ls -1 /", "ls -1 /..", "ls -1 /shared/../../..")).Output;
        view = string.Join('\n', view.Split('\n').Where(line => !line.StartsWith("sftp>", StringComparison.Ordinal) && !line.Contains("Fetching", StringComparison.Ordinal) && !line.Contains("Uploading", StringComparison.Ordinal)));
        Assert.Contains("/contract.json", view, StringComparison.Ordinal);
        foreach (var name in (string[])["etc", "pcs", "other-pc", "catalogue", "ca", "secret"]) Assert.DoesNotContain(name, view, StringComparison.Ordinal);
        foreach (var way in (string[])["/../other-pc/images/secret", "/srv/bootconsole/pcs/other-pc/images/secret", "/../../ca/user", "/etc/passwd"])
            Fails(server.Sftp(key, User, $"get {way} /dev/null"), "not found");
        Succeeds(server.Sftp(key, User, "symlink /../../ca/user /images/link"));
        Fails(server.Sftp(key, User, "get /images/link /dev/null"), "No such file");
        // The top and what the server keeps there are not the PC's.
        foreach (var command in (string[])[$"put {key}.pub /here", "rm /contract.json", "rename /images /pictures", "mkdir /shared/x", $"put {key}.pub /contract.json"]) Fails(server.Sftp(key, User, command), "");
        // A neighbour's files are the neighbour's also beside sftp.
        Assert.NotEqual(0, server.Machine.Try("setpriv", "--reuid", User, "--regid", User, "--clear-groups", "cat", "/srv/bootconsole/pcs/other-pc/images/secret").ExitCode);

        Assert.Contains("sftp connections only", server.Ssh(key, User, "id").Output + server.Ssh(key, User, "id").Error, StringComparison.Ordinal);
        Assert.Contains("PTY allocation request failed", server.Ssh(key, User, "-tt").Error, StringComparison.Ordinal);
        Assert.Contains("prohibited", server.Ssh(key, User, "-W", $"127.0.0.1:{server.Port}").Error, StringComparison.Ordinal);
        Assert.Contains("forwarding failed", server.Ssh(key, User, "-o", "ExitOnForwardFailure=yes", "-N", "-R", "0:127.0.0.1:1").Error, StringComparison.Ordinal);
        Assert.Empty(server.Refusals);
    }

    [Fact]
    public async Task Who_is_not_exactly_whom_a_boot_image_was_made_for_does_not_come_in_and_is_logged()
    {
        await using var server = await LiveServer.StartAsync();
        var (key, _) = await server.IssueAsync("office-pc");
        Succeeds(server.Sftp(key, User, "ls"));

        Refused(server, server.Sftp(key, "bc-other-pc", "ls"), "user=bc-other-pc key=office-pc/1 serial=1 reason=\"the user is not that of the PC");
        var (principal, _) = await server.IssueAsync("other-pc", principal: "office-pc");
        Refused(server, server.Sftp(principal, User, "ls"), "key=office-pc/2 serial=2 reason=\"the key id is not that of the boot image");
        var (unknown, _) = await server.IssueAsync("office-pc", serial: 99, isOnRecord: false);
        Refused(server, server.Sftp(unknown, User, "ls"), "serial=99 reason=\"no boot image was issued");
        // What was issued under a number before a catalogue came back from a copy, which gives the number out again.
        var (former, _) = await server.IssueAsync("office-pc", serial: 1, isOnRecord: false);
        Refused(server, server.Sftp(former, User, "ls"), "key=office-pc/1 serial=1 reason=\"the key is not that of the boot image");
        // A key without a certificate never gets as far as the oracle.
        File.Delete(key + "-cert.pub");
        var before = server.Refusals;
        Fails(server.Sftp(key, User, "ls"), "Permission denied");
        Assert.Equal(before, server.Refusals);
    }

    [Fact]
    public async Task A_revoked_boot_image_is_refused_by_the_catalogue_alone_and_by_the_list_of_revoked_certificates_alone()
    {
        await using var server = await LiveServer.StartAsync();
        var (first, firstSerial) = await server.IssueAsync("office-pc");
        var (second, secondSerial) = await server.IssueAsync("office-pc");
        Succeeds(server.Sftp(first, User, "ls"));
        Succeeds(server.Sftp(second, User, "ls"));

        server.Revoke(firstSerial);
        Refused(server, server.Sftp(first, User, "ls"), $"serial={firstSerial} reason=\"the boot image is revoked");
        Succeeds(server.Sftp(second, User, "ls"));

        var before = server.Refusals;
        await new Server.Certificates.RevocationList(ServerTree.At(server[""].TrimEnd('/')), new ProgramRunner()).WriteAsync([secondSerial], CancellationToken.None);
        Fails(server.Sftp(second, User, "ls"), "Permission denied");
        await Eventually.BecomesTrueAsync(() => server.Log.Contains("revoked", StringComparison.Ordinal), "sshd says why");
        Assert.Equal(before, server.Refusals);
        Succeeds(server.Sftp((await server.IssueAsync("office-pc")).Key, User, "ls"));
    }

    [Fact]
    public async Task The_next_session_after_the_end_of_a_contract_can_only_read_and_after_its_grace_there_is_none()
    {
        await using var server = await LiveServer.StartAsync();
        var (key, _) = await server.IssueAsync("office-pc");
        Succeeds(server.Sftp(key, User, $"put {key}.pub /images/mine"));

        server.Run("contract", "change", "basic", "--until", LiveServer.Day(-1), "--grace", "30").Succeeds();
        Succeeds(server.Sftp(key, User, "get /images/mine /dev/null"));
        foreach (var command in (string[])[$"put {key}.pub /images/more", $"put {key}.pub /images/mine", "rm /images/mine", "mkdir /images/folder", "rename /images/mine /images/yours", "chmod 600 /images/mine"]) Fails(server.Sftp(key, User, command), "denied");

        server.Run("contract", "change", "basic", "--until", LiveServer.Day(-40), "--grace", "30").Succeeds();
        Refused(server, server.Sftp(key, User, "ls"), "reason=\"the contract has ended");

        server.Run("contract", "change", "basic", "--until", LiveServer.Day(40)).Succeeds();
        Succeeds(server.Sftp(key, User, $"put {key}.pub /images/more"));
    }

    [Fact]
    public async Task When_the_number_of_images_is_reached_folders_cannot_be_made_and_all_else_works()
    {
        await using var server = await LiveServer.StartAsync();
        server.Run("contract", "change", "basic", "--images", "1").Succeeds();
        var (key, _) = await server.IssueAsync("office-pc");
        Succeeds(server.Sftp(key, User, "mkdir /images/a", $"put {key}.pub /images/a/image.json"));
        server.Remember("office-pc", "a");

        Fails(server.Sftp(key, User, "mkdir /images/b"), "denied");
        Succeeds(server.Sftp(key, User, $"put {key}.pub /leases/x", "rename /images/a/image.json /images/a/deleted.json", "rm /images/a/deleted.json", "rmdir /images/a", "rm /leases/x"));
    }

    [Fact]
    public async Task Its_own_sshd_listens_where_it_was_told_to_and_nowhere_else()
    {
        await using var server = await LiveServer.StartAsync();
        Assert.Equal([$"Server listening on 127.0.0.1 port {server.Port}."], server.Log.Split('\n').Where(line => line.Contains("listening", StringComparison.Ordinal) || line.Contains("Bind", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task While_the_catalogue_is_locked_damaged_or_gone_nobody_comes_in_and_nobody_waits()
    {
        await using var server = await LiveServer.StartAsync();
        var (key, _) = await server.IssueAsync("office-pc");
        Succeeds(server.Sftp(key, User, "ls"));

        const string hold = "import sqlite3, sys; c = sqlite3.connect('/srv/bootconsole/catalogue/catalogue.db', isolation_level=None); c.execute('PRAGMA locking_mode=EXCLUSIVE'); c.execute('BEGIN EXCLUSIVE'); c.execute('DELETE FROM event'); print('held', flush=True); sys.stdin.read()";
        await using (var holder = server.Machine.Begin("python3", "-c", hold))
        {
            var word = new byte[5];
            await Eventually.EndsAsync(holder.Output.ReadExactlyAsync(word).AsTask());
            Refused(server, server.Sftp(key, User, "ls"), "reason=\"The catalogue is locked");
        }

        Succeeds(server.Sftp(key, User, "ls"));
        Directory.Move(server["catalogue"], server["elsewhere"]);
        Refused(server, server.Sftp(key, User, "ls"), "reason=\"The catalogue cannot be opened");
        Directory.Move(server["elsewhere"], server["catalogue"]);
        server.Machine.Run("sh", "-c", "cd /srv/bootconsole/catalogue && rm -f catalogue.db-* && dd if=/dev/urandom of=catalogue.db bs=4096 count=4 conv=notrunc status=none");
        Refused(server, server.Sftp(key, User, "ls"), "reason=\"The catalogue is damaged");
    }

    [Fact]
    public async Task A_catalogue_of_a_newer_program_lets_nobody_in_and_stays_as_it_is()
    {
        await using var server = await LiveServer.StartAsync();
        var (key, _) = await server.IssueAsync("office-pc");
        server.Machine.Run("python3", "-c", "import sqlite3; c = sqlite3.connect('/srv/bootconsole/catalogue/catalogue.db'); c.execute('PRAGMA user_version = 999'); c.commit()");
        Refused(server, server.Sftp(key, User, "ls"), "newer bootserver");
        Assert.Equal("999", server.Sql("PRAGMA user_version"));
    }

    private static ProgramResult Succeeds(ProgramResult result)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private static void Fails(ProgramResult result, string words)
    {
        Assert.True(result.ExitCode != 0, result.ToString());
        Assert.Contains(words, result.Error, StringComparison.OrdinalIgnoreCase);
    }

    private static void Refused(LiveServer server, ProgramResult result, string logged)
    {
        Fails(result, "Permission denied");
        Assert.Contains(logged, server.Refusals, StringComparison.Ordinal);
    }
}
