// bootserver doctor: each fault it can find is made, seen, and mended.
using BootConsole.Host;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Health;

public sealed class DoctorTests : IDisposable
{
    private const string Root = "/srv/bootconsole";
    private readonly PrivateMachine _machine = PrivateMachine.Start();

    public DoctorTests()
    {
        _machine.Serve("init", Root, "--host", "backup.example").Succeeds();
        _machine.Serve("contract", "add", "basic", "--customer", "Example Ltd").Succeeds();
        _machine.Serve("contract", "add", "vault", "--customer", "Example Ltd", "--deletion", "forbidden").Succeeds();
        _machine.Serve("pc", "add", "office-pc", "--contract", "basic").Succeeds();
        _machine.Serve("pc", "add", "vault-pc", "--contract", "vault").Succeeds();
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_sound_server_has_no_fault_and_only_lacks_a_copy_until_one_is_made()
    {
        var first = _machine.Serve("doctor").Succeeds().Output;
        Assert.Contains("There is no copy of catalogue and keys.", first, StringComparison.Ordinal);
        Assert.Contains("Faults: 0. Warnings: 1.", first, StringComparison.Ordinal);
        _machine.Serve("copy").Succeeds();
        var second = _machine.Serve("doctor").Succeeds().Output;
        Assert.Contains("All is well.", second, StringComparison.Ordinal);
        foreach (var line in (string[])["programs", "owners", "catalogue", "space", "clock", "copies", "keys", "host certificate", "revoked certificates", "sshd", "oracle", "users", "stores"])
            Assert.Matches($"(?m)^ok +{line} ", second);
        Assert.Equal("ok", _machine.Serve("doctor", "--json").Succeeds().Document().GetProperty("outcome").GetString());
        _machine.Run("sh", "-c", "cd /srv/bootconsole/backup && mv 2* 20250101T000000Z");
        Assert.Contains("2025-01-01", _machine.Serve("doctor").Succeeds().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("owners", "chmod 777 /srv/bootconsole", "chmod go-w")]
    [InlineData("owners", "chown nobody /srv/bootconsole/pcs", "65534")]
    [InlineData("owners", "chmod 755 /srv/bootconsole/ca", "0755 instead of 0700")]
    [InlineData("owners", "chown root /srv/bootconsole/catalogue/catalogue.db", "catalogue.db belongs to user 0")]
    [InlineData("owners", "chown root /srv/bootconsole/log/authorize.log", "authorize.log belongs to user 0")]
    [InlineData("oracle", "chown root /srv/bootconsole/log/authorize.log", "cannot write its log")]
    [InlineData("oracle", "chown -R root /srv/bootconsole/catalogue", "does not answer as bootserver")]
    [InlineData("oracle", "sed -i /^bootserver:/d /etc/passwd", "is missing")]
    [InlineData("keys", "chmod 640 /srv/bootconsole/ca/user", "open to others")]
    [InlineData("keys", "chown nobody /srv/bootconsole/ca/host", "belongs to another user")]
    [InlineData("keys", "rm /srv/bootconsole/ca/user", "missing")]
    [InlineData("host certificate", "rm /srv/bootconsole/etc/host_key-cert.pub", "missing")]
    [InlineData("host certificate", "cd /srv/bootconsole/etc && rm host_key host_key.pub && ssh-keygen -q -t ed25519 -N '' -f host_key", "not of the host's key")]
    [InlineData("host certificate", "cd /srv/bootconsole/etc && ssh-keygen -q -t ed25519 -N '' -f /srv/ca && ssh-keygen -q -s /srv/ca -I x -h -n backup.example host_key.pub", "not signed by an authority")]
    [InlineData("host certificate", "cd /srv/bootconsole/etc && ssh-keygen -q -s ../ca/host -I x -h -n other.example host_key.pub", "does not prove backup.example")]
    [InlineData("revoked certificates", "rm /srv/bootconsole/etc/krl", "sshd refuses everybody")]
    [InlineData("revoked certificates", "echo nonsense > /srv/bootconsole/etc/krl", "cannot be read")]
    [InlineData("revoked certificates", "cd /srv/bootconsole/etc && echo 'serial: 7' > /srv/r && ssh-keygen -q -k -f krl -s user_ca.pub /srv/r", "not in step")]
    [InlineData("sshd", "echo 'ForceCommand internal-sftp' >> /srv/bootconsole/etc/sshd_config", "sshd_config is not what this bootserver would write")]
    [InlineData("sshd", "rm /srv/bootconsole/etc/sshd_snippet.conf", "sshd_snippet.conf is not what")]
    [InlineData("sshd", "chmod 666 /srv/bootconsole/etc/host_key", "sshd does not take its configuration")]
    [InlineData("catalogue", "rm /srv/bootconsole/catalogue/catalogue.db", "cannot be opened")]
    [InlineData("catalogue", "cd /srv/bootconsole/catalogue && dd if=/dev/urandom of=catalogue.db bs=4096 count=2 conv=notrunc status=none", "damaged")]
    [InlineData("catalogue", "cd /srv/bootconsole/catalogue && dd if=/dev/urandom of=catalogue.db bs=4096 seek=4 count=3 conv=notrunc status=none", "damaged")]
    [InlineData("users", "sed -i /^bc-office-pc:/d /etc/passwd", "bc-office-pc of office-pc is missing")]
    [InlineData("users", "usermod --home /srv bc-office-pc", "would shut office-pc in there")]
    [InlineData("users", "usermod -p '!' bc-office-pc", "locked")]
    [InlineData("stores", "rm /srv/bootconsole/pcs/office-pc/contract.json", "contract.json is missing")]
    [InlineData("stores", "rmdir /srv/bootconsole/pcs/office-pc/leases", "leases is missing")]
    [InlineData("stores", "chown bc-office-pc /srv/bootconsole/pcs/office-pc", "office-pc belongs to user")]
    [InlineData("stores", "chown bc-office-pc /srv/bootconsole/pcs/vault-pc/images", "images belongs to user")]
    [InlineData("stores", "chmod 777 /srv/bootconsole/pcs/office-pc/images", "0777 instead of 0700")]
    [InlineData("clock", "sqlite3 /srv/bootconsole/catalogue/catalogue.db \"UPDATE event SET time = '2099-01-01T00:00:00Z'\"", "2099-01-01")]
    [InlineData("space", "mount -o remount,size=64m /srv", "are free for stores")]
    [InlineData("space", "mount -o remount,ro /srv", "read-only")]
    [InlineData("programs", "mount -t tmpfs tmpfs /usr/sbin && for p in sshd groupadd; do touch /usr/sbin/$p; chmod +x /usr/sbin/$p; done", "useradd is not installed")]
    public void A_fault_is_found_and_said_with_what_to_do(string check, string damage, string words)
    {
        _machine.Run("sh", "-c", damage);
        var seen = _machine.Serve("doctor", "--json");
        Assert.True(seen.ExitCode == 1, seen.ToString());
        var finding = seen.Document().GetProperty("findings").EnumerateArray().Where(entry => entry.GetProperty("level").GetString() == "fault" && entry.GetProperty("check").GetString() == check).ToList();
        Assert.True(finding.Any(entry => entry.GetProperty("what").GetString()!.Contains(words, StringComparison.Ordinal) || entry.GetProperty("remedy").GetString()!.Contains(words, StringComparison.Ordinal)), seen.ToString());
        Assert.All(finding, entry => Assert.NotEqual("", entry.GetProperty("remedy").GetString()));
        Assert.DoesNotContain("defect of its own", seen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_be_made_again_is_made_again()
    {
        _machine.Serve("copy").Succeeds();
        _machine.Run("sh", "-c", """
            cd /srv/bootconsole
            chmod 777 catalogue; chown root catalogue/catalogue.db log/authorize.log
            rm etc/krl etc/sshd_config etc/sshd_snippet.conf etc/host_key-cert.pub pcs/office-pc/contract.json
            chmod 755 ca; rmdir pcs/office-pc/leases; chown bc-office-pc pcs/vault-pc/images
            sed -i /^bc-office-pc:/d /etc/passwd /etc/shadow /etc/group /etc/gshadow
            """);
        Assert.Equal(1, _machine.Serve("doctor").ExitCode);
        Assert.Contains("All is well.", _machine.Serve("doctor", "--rebuild").Succeeds().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_who_can_see_all_of_it_can_check_a_server()
    {
        _machine.Try("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", PrivateMachine.Program, "doctor").Reports(3, "root");
        _machine.Serve("doctor", "--root", "/srv/none").Reports(2, "no server here");
        File.WriteAllText(_machine[Root + "/etc/server.json"], "{");
        _machine.Serve("doctor").Reports(1, "server.json");
        File.WriteAllText(_machine[Root + "/etc/server.json"], """{"version":2,"host":"x","port":22,"kind":"system"}""");
        _machine.Serve("doctor").Reports(1, "unknown version");
    }
}
