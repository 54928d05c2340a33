// bootserver init and sshd: servers of both kinds, what is refused, and a run that was cut.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests;

public sealed class InitTests : IDisposable
{
    private const string Root = "/srv/bootconsole";
    private readonly PrivateMachine _machine = PrivateMachine.Start();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_system_server_has_its_user_its_tree_its_authorities_and_configurations_that_sshd_takes()
    {
        var words = _machine.Serve("init", Root, "--host", "backup.example", "--address", "192.0.2.7", "--port", "2022").Succeeds().Output;
        foreach (var word in (string[])["/srv/bootconsole", "sshd_snippet.conf", "2022", "contract add", "pc add", "bootserver copy"]) Assert.Contains(word, words, StringComparison.Ordinal);

        Assert.Equal("root:root 755", Owner(""));
        foreach (var folder in (string[])["etc", "pcs", "bases"]) Assert.Equal("root:root 755", Owner(folder));
        foreach (var folder in (string[])["ca", "backup"]) Assert.Equal("root:root 700", Owner(folder));
        foreach (var folder in (string[])["catalogue", "log"]) Assert.Equal("bootserver:bootserver 750", Owner(folder));
        foreach (var key in (string[])["ca/user", "ca/host", "etc/host_key"]) Assert.Equal("root:root 600", Owner(key));
        foreach (var file in (string[])["catalogue/catalogue.db", "log/authorize.log"]) Assert.Equal("bootserver:bootserver 600", Owner(file));
        foreach (var file in (string[])["etc/krl", "etc/user_ca.pub", "etc/host_ca.pub", "etc/sshd_config", "etc/sshd_snippet.conf", "etc/server.json"]) Assert.Equal("root:root 644", Owner(file));
        Assert.DoesNotContain(":!", _machine.Run("getent", "shadow", "bootserver"), StringComparison.Ordinal);
        Assert.Contains("bootconsole-pcs", _machine.Run("getent", "group", "bootconsole-pcs"), StringComparison.Ordinal);

        var certificate = _machine.Run("ssh-keygen", "-L", "-f", Root + "/etc/host_key-cert.pub");
        Assert.Matches("Principals: \n +backup.example\n +192.0.2.7\n", certificate);
        Assert.Contains("Valid: forever", certificate, StringComparison.Ordinal);
        _machine.Run("/usr/sbin/sshd", "-t", "-f", Root + "/etc/sshd_config");
        var rules = _machine.Run("/usr/sbin/sshd", "-T", "-C", "user=nobody,host=x,addr=192.0.2.1", "-f", Root + "/etc/sshd_config");
        foreach (var rule in (string[])["disableforwarding yes", "permittty no", "forcecommand none", "chrootdirectory %h", "authorizedkeysfile none", "passwordauthentication no", "usepam no", "maxsessions 16"]) Assert.Contains(rule + "\n", rules, StringComparison.Ordinal);
    }

    [Fact]
    public void The_part_for_the_systems_sshd_holds_for_PCs_alone_and_is_as_the_sample_says()
    {
        _machine.Serve("init", Root, "--host", "backup.example").Succeeds();
        _machine.Run("sh", "-c", "ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/try_key && useradd --system --groups bootconsole-pcs bc-try && printf 'HostKey /etc/ssh/try_key\\nInclude /srv/bootconsole/etc/sshd_snippet.conf\\n' > /etc/ssh/try_config && /usr/sbin/sshd -t -f /etc/ssh/try_config");
        string Rules(string user) => _machine.Run("/usr/sbin/sshd", "-T", "-C", $"user={user},host=x,addr=192.0.2.1", "-f", "/etc/ssh/try_config");
        Assert.Contains("chrootdirectory %h\n", Rules("bc-try"), StringComparison.Ordinal);
        Assert.Contains("authorizedkeysfile none\n", Rules("bc-try"), StringComparison.Ordinal);
        Assert.Contains("chrootdirectory none\n", Rules("nobody"), StringComparison.Ordinal);
        Assert.Contains("passwordauthentication yes\n", Rules("nobody"), StringComparison.Ordinal);

        static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');
        var sample = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "config/sshd-bootserver.conf")).Replace("/usr/bin/bootserver", PrivateMachine.Program, StringComparison.Ordinal);
        Assert.Equal(Lines(sample), Lines(File.ReadAllText(_machine[Root + "/etc/sshd_snippet.conf"])));
    }

    [Fact]
    public void A_second_init_is_refused_and_one_that_was_cut_is_finished_with_what_it_had()
    {
        _machine.Serve("init", Root, "--host", "backup.example").Succeeds();
        _machine.Serve("init", Root, "--host", "backup.example").Reports(3, "there is a server already", "doctor");

        var authority = File.ReadAllText(_machine[Root + "/ca/user"]);
        foreach (var cut in (string[][])[["etc/server.json"], ["etc/server.json", "etc/sshd_config", "etc/krl"], ["etc/server.json", "catalogue/catalogue.db", "log/authorize.log"], ["etc/server.json", "etc/user_ca.pub", "etc/host_key-cert.pub"]])
        {
            foreach (var file in cut) File.Delete(_machine[$"{Root}/{file}"]);
            _machine.Serve("init", Root, "--host", "backup.example").Succeeds();
            Assert.Equal(authority, File.ReadAllText(_machine[Root + "/ca/user"]));
            _machine.Serve("contract", "list").Succeeds();
        }
    }

    [Fact]
    public void What_sshd_would_refuse_later_is_refused_before_anything_is_made()
    {
        _machine.Run("mkdir", "-m", "777", "/srv/open");
        _machine.Serve("init", "/srv/open/server", "--host", "x").Reports(3, "/srv/open", "others can change it", "chmod go-w");
        _machine.Run("sh", "-c", "mkdir /srv/hers && chown nobody /srv/hers && ln -s /srv/hers /srv/link");
        _machine.Serve("init", "/srv/hers/server", "--host", "x").Reports(3, "/srv/hers", "belongs to user 65534");
        _machine.Serve("init", "/srv/link/server", "--host", "x").Reports(3, "belongs to user 65534");
        _machine.Run("sh", "-c", "mkdir /srv/full && touch /srv/full/photo.jpg && touch /srv/file");
        _machine.Serve("init", "/srv/full", "--host", "x").Reports(3, "photo.jpg");
        _machine.Serve("init", "/srv/file", "--host", "x").Reports(3, "/srv/file");
        _machine.Serve("init", "/srv/a b", "--host", "x").Reports(2, "/srv/a b");
        _machine.Serve("init", "/srv/x", "--host", "x y").Reports(2, "--host");
        _machine.Serve("init", "/srv/x", "--host", "x", "--port", "0").Reports(2, "--port");
        Assert.Equal(["file", "full", "hers", "link", "open"], Directory.EnumerateFileSystemEntries(_machine["/srv"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("bootserver", File.ReadAllText(_machine["/etc/passwd"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_others_could_change_is_not_what_sshd_shall_ask()
    {
        _machine.Run("chmod", "777", "/opt");
        _machine.Serve("init", Root, "--host", "x").Reports(3, "/opt", "/usr/local/bin");
        Assert.False(Directory.Exists(_machine[Root]));
    }

    [Fact]
    public void A_user_bootserver_that_is_somebodys_is_not_taken()
    {
        _machine.Run("useradd", "--no-create-home", "--shell", "/bin/bash", "bootserver");
        _machine.Serve("init", "/srv/bootconsole", "--host", "backup.example").Reports(3, "somebody's", "usermod");
    }

    [Fact]
    public async Task An_ordinary_users_server_takes_PCs_in_as_that_user_each_in_its_store_and_by_its_contract()
    {
        _machine.Run("sh", "-c", "useradd --create-home --home-dir /srv/alice --password '*' alice");
        ProgramResult Alice(params string[] arguments) => _machine.Try("setpriv", ["--reuid", "alice", "--regid", "alice", "--init-groups", "env", "HOME=/srv/alice", "USER=alice", "BOOTSERVER_ROOT=/srv/alice/server", PrivateMachine.Program, .. arguments]);
        var words = Alice("init", "/srv/alice/server", "--host", "backup.example").Succeeds().Output;
        Assert.Contains("each can read and delete what the others have stored", words, StringComparison.Ordinal);
        Alice("contract", "add", "basic", "--customer", "Example Ltd").Succeeds();
        Alice("pc", "add", "office-pc", "--contract", "basic").Succeeds();

        using var keys = new TempFolder();
        SystemTool.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys["id"]);
        _machine.Run("sh", "-c", $"cp {keys["id"]}.pub /srv/alice/id.pub && chown alice /srv/alice/id.pub && setpriv --reuid alice --regid alice --clear-groups ssh-keygen -q -s /srv/alice/server/ca/user -I office-pc/1 -n office-pc -z 1 -O clear /srv/alice/id.pub && cp /srv/alice/id-cert.pub {keys["id"]}-cert.pub");
        _machine.Run("setpriv", "--reuid", "alice", "--regid", "alice", "--clear-groups", "sqlite3", "/srv/alice/server/catalogue/catalogue.db", $"INSERT INTO boot_image (id, pc, pc_name, key_id, public_key, medium, mode, issued, valid_until, sha256) VALUES (1, 1, 'office-pc', 'office-pc/1', '{File.ReadAllText(keys["id.pub"]).Trim()}', 'iso', 'network', '2026-01-01T00:00:00Z', '2036-01-01T00:00:00Z', '')");
        File.WriteAllText(keys["known_hosts"], "@cert-authority backup.example " + File.ReadAllText(_machine["/srv/alice/server/etc/host_ca.pub"]));

        var port = FreePort.Find();
        await using var sshd = _machine.Begin("setpriv", "--reuid", "alice", "--regid", "alice", "--init-groups", "env", "USER=alice", PrivateMachine.Program, "sshd", "--root", "/srv/alice/server", "--listen", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture));
        try
        {
            await Eventually.BecomesTrueAsync(() => sshd.Errors.Contains("Server listening", StringComparison.Ordinal) || sshd.HasEnded, "sshd listens");
            ProgramResult Sftp(params string[] commands)
            {
                File.WriteAllLines(keys["batch"], commands);
                return SystemTool.Try("sftp", "-F", "none", "-i", keys["id"], "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", $"UserKnownHostsFile={keys["known_hosts"]}", "-o", "HostKeyAlias=backup.example", "-o", "StrictHostKeyChecking=yes", "-P", $"{port}", "-b", keys["batch"], "alice@127.0.0.1");
            }

            var seen = Sftp("pwd", $"put {keys["id"]}.pub images/mine", "ls -1");
            Assert.True(seen.ExitCode == 0, seen + sshd.Errors);
            Assert.Contains("/srv/alice/server/pcs/office-pc\n", seen.Output, StringComparison.Ordinal);
            Assert.Contains("contract.json", seen.Output, StringComparison.Ordinal);

            Alice("contract", "change", "basic", "--from", LiveServer.Day(-50), "--until", LiveServer.Day(-1)).Succeeds();
            Assert.Equal(0, Sftp("get images/mine /dev/null").ExitCode);
            Assert.Contains("denied", Sftp($"put {keys["id"]}.pub images/more").Error, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            sshd.Kill();
        }
    }

    [Fact]
    public void Sshd_is_not_started_on_a_port_that_is_taken_nor_by_another_user_and_makes_its_folder()
    {
        _machine.Serve("sshd").Reports(2, "there is no server here", "init");
        _machine.Serve("init", Root, "--host", "x").Succeeds();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        _machine.Serve("sshd", "--listen", "127.0.0.1", "--port", port).Reports(3, "already", port, "--port");
        _machine.Serve("sshd", "--listen", "here").Reports(2, "--listen");
        _machine.Try("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", PrivateMachine.Program, "sshd").Reports(1, "may not see it");
        _machine.Run("sh", "-c", "echo 'Nonsense yes' >> /srv/bootconsole/etc/sshd_config");
        _machine.Serve("sshd", "--listen", "127.0.0.1", "--port", FreePort.Find().ToString(CultureInfo.InvariantCulture)).Reports(1, "Nonsense", "doctor");
    }

    private string Owner(string path) => _machine.Run("stat", "-c", "%U:%G %a", $"{Root}/{path}").Trim();
}
