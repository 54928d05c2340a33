// bootserver bootimage build: what is on the medium, what is written down, and what is refused with nothing changed.
using BootConsole.Host;
using BootConsole.Server.Catalogue;
using BootConsole.Settings;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.BootImages;

public sealed class BootImageBuildTests : IDisposable
{
    private readonly IssuingServer _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("iso")]
    [InlineData("usb")]
    public void A_boot_image_carries_a_key_and_a_certificate_for_its_PC_and_the_way_to_the_server(string medium)
    {
        _server.AddPc("kiosk", settings: "# ours\n[pc] # mine\nkeyboard = \"de-latin1\"\n\n[backup]\nstore = \"server\"\nencryption = \"none\"\ndisks = [\"only\"]", address: "192.0.2.17/24", gateway: "192.0.2.1");
        var run = _server.Build("kiosk", medium, "pc.img").Succeeds();
        Assert.Contains($"boot image 1 for kiosk, {medium}, network", run.Output, StringComparison.Ordinal);
        Assert.Contains("/etc/bootconsole/id_ed25519  (private)\n  /etc/bootconsole/id_ed25519-cert.pub\n", run.Output, StringComparison.Ordinal);

        var files = MediumFiles.Of(_server["pc.img"], medium);
        Assert.Equal(["etc/bootconsole.toml 1A4", "etc/bootconsole/id_ed25519 180", "etc/bootconsole/id_ed25519-cert.pub 1A4"], files.Select(file => $"{file.Key} {file.Value.Mode:X}").Order(StringComparer.Ordinal));
        var settings = SettingsFile.Load(System.Text.Encoding.UTF8.GetBytes(files["etc/bootconsole.toml"].Text), "pc.toml");
        Assert.Equal(("kiosk", "de-latin1", "sftp://keeper@backup.example:2222/~", "backup.example"), (settings.Pc.Name, settings.Pc.Keyboard, settings.Server!.Address.ToString(), settings.Server.Ssh.HostKeyAlias));
        Assert.StartsWith("# ours\n[pc] # mine\nname = \"kiosk\" # added by the server\naddress = \"192.0.2.17/24\" # added by the server\ngateway = \"192.0.2.1\" # added by the server\nkeyboard", files["etc/bootconsole.toml"].Text, StringComparison.Ordinal);
        Assert.Equal([$"@cert-authority backup.example {File.ReadAllText($"{_server.Root}/etc/host_ca.pub").Trim()}"], settings.Server.Ssh.KnownHostsLines);

        File.WriteAllText(_server["id"], files["etc/bootconsole/id_ed25519"].Text);
        SystemTool.Run("chmod", "600", _server["id"]);
        File.WriteAllText(_server["id-cert.pub"], files["etc/bootconsole/id_ed25519-cert.pub"].Text);
        var seen = SystemTool.Run("ssh-keygen", "-L", "-f", _server["id-cert.pub"]);
        Assert.Matches("Key ID: \"kiosk/1\"\n +Serial: 1\n(.*\n)* +Principals: \n +kiosk\n", seen);
        // Type and key: the certificate is this key's, and the catalogue's.
        var image = Assert.Single(_server.Read(session => session.BootImages()));
        var key = SystemTool.Run("ssh-keygen", "-y", "-f", _server["id"]).Split(' ')[1].Trim();
        Assert.Equal((1L, "kiosk", "kiosk/1", medium, "network", key), (image.Serial, image.Pc, image.KeyId, image.Medium, image.Mode, image.PublicKey.Split(' ')[1]));
        Assert.Contains(SystemTool.Run("ssh-keygen", "-l", "-f", _server["id"]).Split(' ')[1], seen, StringComparison.Ordinal);
        Assert.Equal(image.Sha256, SystemTool.Run("sha256sum", _server["pc.img"]).Split(' ')[0]);
        Assert.Equal("600\n", SystemTool.Run("stat", "-c", "%a", _server["pc.img"]));
        Assert.Equal(["boot image begun", "boot image 1 issued"], _server.Read(session => session.Events(10, "kiosk")).Select(entry => entry.What));
    }

    [Fact]
    public void A_relay_and_further_stores_are_written_into_the_settings()
    {
        _server.Run("storage", "add", "nas", "nfs://nas.example/backup").Succeeds();
        _server.Run("storage", "add", "second", "sftp://office@other.example:22/", "--host-key", "other.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJwYY1QtU3Z9zmEiQH8VtxwMvyJkyDEI30WKCRSDmB88").Succeeds();
        _server.Run("storage", "add", "branch", "relay@relay.example:22", "--relay", "--host-key", "relay.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJwYY1QtU3Z9zmEiQH8VtxwMvyJkyDEI30WKCRSDmB88").Succeeds();
        _server.Build("office", "usb", "pc.img", "--storage", "nas", "--storage", "second", "--relay", "branch").Succeeds();
        var settings = SettingsFile.Load(System.Text.Encoding.UTF8.GetBytes(MediumFiles.Of(_server["pc.img"], "usb")["etc/bootconsole.toml"].Text), "pc.toml");
        Assert.Equal(["server", "nas", "second"], settings.StoreNames);
        Assert.Equal(("relay@relay.example:22", 2), (settings.Server!.Ssh.Jump, settings.Server.Ssh.KnownHostsLines.Count));
        _server.Build("office", "usb", "other.img", "--storage", "branch").Reports(2, "no storage of this name", "nas, second");
        _server.Build("office", "usb", "other.img", "--relay", "nas").Reports(2, "no relay of this name", "branch");
        _server.Build("office", "usb", "other.img", "--mode", "local", "--storage", "second").Reports(2, "wants a key", "second");
    }

    [Fact]
    public void Without_a_server_there_is_no_key_and_a_stick_has_room_for_backups()
    {
        _server.Build("office", "usb", "pc.img", "--mode", "local").Succeeds();
        var files = MediumFiles.Of(_server["pc.img"], "usb");
        Assert.Equal(["etc/bootconsole.toml"], files.Keys);
        var settings = SettingsFile.Load(System.Text.Encoding.UTF8.GetBytes(files["etc/bootconsole.toml"].Text), "pc.toml");
        Assert.Null(settings.Server);
        Assert.Equal("stick", Assert.Single(settings.Storages).Name);
        Assert.Contains("address = \"none\"", files["etc/bootconsole.toml"].Text, StringComparison.Ordinal);
        Assert.Contains("type=83", SystemTool.Run("sfdisk", "-d", _server["pc.img"]), StringComparison.Ordinal);
        var image = Assert.Single(_server.Read(session => session.BootImages()));
        Assert.Equal(("local", "", image.Issued), (image.Mode, image.PublicKey, image.ValidUntil));
        Assert.Contains("no key", _server.Run("bootimage", "list").Succeeds().Output, StringComparison.Ordinal);
        // Nobody needs the authorities for it.
        Directory.Delete($"{_server.Root}/ca", recursive: true);
        _server.Build("office", "iso", "pc.iso", "--mode", "local").Succeeds();
    }

    [Fact]
    public void No_private_key_is_put_where_everyone_who_asks_gets_it()
    {
        _server.AddPc("kiosk", settings: "[backup]\nstore = \"server\"\n");
        foreach (var more in (string[][])[[], ["--with-secrets"]])
        {
            var name = $"tree{more.Length}";
            Assert.Contains("No key is on it", _server.Build("kiosk", "pxe", name, more).Succeeds().Output, StringComparison.Ordinal);
            Assert.Equal(["etc/bootconsole.toml"], MediumFiles.Of(_server[name], "pxe").Keys);
            Assert.NotEqual(0, SystemTool.Try("grep", "-raq", "PRIVATE KEY", _server[name]).ExitCode);
        }

        Assert.All(_server.Read(session => session.BootImages()), image => Assert.Equal(("", ""), (image.PublicKey, image.Sha256)));
        _server.AddPc("table", settings: "[backup]\nencryption = \"recipients\"\nrecipients = [\"age18z4csaz25qwwej8ugalzx0qc6kktgttqe94lr3t8kzdecqpke40s4n4yje\"]\ntable_key = \"/etc/bootconsole/table.key\"\n");
        Directory.CreateDirectory(_server["files/etc/bootconsole"]);
        File.WriteAllText(_server["files/etc/bootconsole/table.key"], "# table-key: AGE-SECRET-KEY-1TABLE\n");
        _server.Build("table", "pxe", "tree", "--files", _server["files"]).Reports(3, "network boot", "table_key");
        _server.Build("table", "iso", "pc.iso", "--files", _server["files"]).Succeeds();
        _server.Build("table", "iso", "other.iso").Reports(3, "no folder was given", "--files DIR");
    }

    [Theory]
    [InlineData(2, "no PC of this name", "nobody", "iso")]
    [InlineData(3, "the contract has ended", "old", "iso")]
    [InlineData(3, "the contract has not begun", "early", "iso")]
    [InlineData(3, "does not allow such a medium", "fixed", "usb")]
    [InlineData(2, "unknown kind of medium", "office", "floppy")]
    [InlineData(2, "unknown mode", "office", "iso", "--mode", "both")]
    [InlineData(2, "no base of this name", "office", "iso", "--base", "9.9")]
    [InlineData(2, "only a USB medium has room", "office", "iso", "--room", "1 GiB")]
    [InlineData(2, "serial port", "office", "iso", "--serial", "ttyUSB0")]
    [InlineData(2, "kernel option", "office", "iso", "--kernel-option", "a b")]
    [InlineData(2, "cannot be read", "office", "iso", "--settings", "/no/such/file.toml")]
    [InlineData(2, "serial number is missing", "office", "usb", "--write", "/dev/loop0")]
    [InlineData(2, "no device", "office", "usb", "--device-serial", "X1")]
    [InlineData(2, "only usb and iso", "office", "uki", "--write", "/dev/loop0", "--device-serial", "X1")]
    [InlineData(2, "by its path", "office", "usb", "--write", "only", "--device-serial", "X1")]
    public void What_is_wrong_is_refused_and_nothing_is_changed(int code, string words, string pc, string medium, params string[] more)
    {
        _server.AddPc("old", "ended");
        _server.AddPc("early", "later");
        _server.AddPc("fixed", "isoonly");
        Unchanged(() => _server.Build(pc, medium, "pc.img", more).Reports(code, words));
    }

    [Theory]
    [InlineData("[server]\nurl = \"sftp://x@y/\"\n", "which is the server's to add")]
    [InlineData("[pc]\nname = \"other\"\n", "another name in [pc] than office")]
    [InlineData("pc = { keyboard = \"us\" }\n", "nothing can be added to")]
    [InlineData("[pc]\nkeybord = \"us\"\n", "settings.toml:2:1: pc.keybord")]
    [InlineData("[pc]\nvlan = 9000\n\n[job]\naction = \"dance\"\n", "settings.toml:5:10: job.action")]
    [InlineData("[pc]\n[pc]\n", "settings.toml:2:2")]
    [InlineData("[backup]\nlevel = \"auto", "settings.toml:2:")]
    public void Settings_that_are_wrong_are_told_by_their_own_lines(string settings, string words)
    {
        File.WriteAllText(_server["settings.toml"], settings);
        Unchanged(() => _server.Build("office", "iso", "pc.img", "--settings", _server["settings.toml"]).Reports(2, words));
    }

    [Fact]
    public void A_base_that_is_missing_or_damaged_a_key_that_others_can_read_and_a_name_that_is_taken_are_refused()
    {
        SystemTool.Run("chmod", "640", $"{_server.Root}/ca/user");
        Unchanged(() => _server.Build("office", "iso", "pc.img").Reports(3, "open to others", "chmod 600"));
        SystemTool.Run("chmod", "600", $"{_server.Root}/ca/user");

        File.WriteAllText(_server["pc.img"], "mine");
        _server.Build("office", "iso", "pc.img").Reports(3, "has this name already");
        Assert.Equal("mine", File.ReadAllText(_server["pc.img"]));
        File.Delete(_server["pc.img"]);
        Unchanged(() => _server.Build("office", "iso", "no/folder/pc.img").Reports(3, "No such file"));

        var folder = Assert.Single(Directory.GetDirectories($"{_server.Root}/bases"));
        File.AppendAllText($"{folder}/base.img", "more");
        Unchanged(() => _server.Build("office", "iso", "pc.img").Reports(3, "imported base is missing or damaged", "base import DIR"));
        Directory.Delete(folder, recursive: true);
        Unchanged(() => _server.Build("office", "iso", "pc.img").Reports(3, "imported base is missing or damaged"));
        _server.Change(session => session.Execute("DELETE FROM base"));
        Unchanged(() => _server.Build("office", "iso", "pc.img").Reports(2, "no base has been imported"));
    }

    [Fact]
    public async Task A_full_disk_is_refused_before_anything_is_written()
    {
        await using var small = await SmallFileSystem.CreateAsync(24 << 20);
        Unchanged(() => _server.Run("bootimage", "build", "office", "--medium", "iso", "--out", Path.Combine(small.Path, "pc.iso")).Reports(3, "too little space"));
        Assert.Equal(["lost+found"], Directory.GetFileSystemEntries(small.Path).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public async Task Two_builds_at_once_get_two_numbers_and_of_one_name_one_gets_it()
    {
        var runs = await Task.WhenAll(Enumerable.Range(1, 3).Select(number => Task.Run(() => _server.Build("office", "iso", $"pc{number}.iso"))));
        foreach (var run in runs) run.Succeeds();
        Assert.Equal([1L, 2, 3], _server.Read(session => session.BootImages()).Select(image => image.Serial));

        var same = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => _server.Build("office", "iso", "same.iso"))));
        Assert.Equal([0, 3], same.Select(run => run.ExitCode).Order());
        // The one that is written down is the one that has the name.
        var images = _server.Read(session => session.BootImages());
        Assert.Equal(4, images.Count);
        Assert.Equal(SystemTool.Run("sha256sum", _server["same.iso"]).Split(' ')[0], images[^1].Sha256);
    }

    private void Unchanged(Action refused)
    {
        var (images, events, names) = State();
        refused();
        Assert.Equal((images, events, names), State());

        (int, int, string) State() => (_server.Read(session => session.BootImages()).Count, _server.Read(session => session.Events(1000)).Count, string.Join(' ', Directory.GetFileSystemEntries(_server.Folder.Path).Order(StringComparer.Ordinal)));
    }
}
