// Every mistake is told, where it is and what was expected, word for word.
using System.Text;

namespace BootConsole.Settings.Tests;

public sealed class SettingsErrorTests
{
    // Goldens/errors.txt: the place that is changed (-), what it becomes (+), and all errors that follow.
    public static TheoryData<string, string, string> Mistakes()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var block in Golden.Text("Goldens/errors.txt").Split("\n\n").Where(block => block.StartsWith("- ", StringComparison.Ordinal)))
        {
            var lines = block.TrimEnd('\n').Split('\n');
            data.Add(Unescape(lines[0][2..]), lines[1].Length > 2 ? Unescape(lines[1][2..]) : "", string.Join('\n', lines[2..]));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_with_its_place_and_what_was_expected(string from, string to, string errors)
    {
        var check = Golden.Check(Golden.Changed(from, to));
        Assert.Null(check.Settings);
        Assert.Equal(errors, string.Join('\n', check.Errors));
        Assert.Equal(check.Errors.Count, check.ErrorCount);
    }

    [Fact]
    public void The_golden_file_has_a_mistake_for_every_key()
    {
        var told = Mistakes().SelectMany(row => ((string)row[2]).Split('\n')).Select(line => line.Split(": ")[1]).ToHashSet(StringComparer.Ordinal);
        var keys = Reading.KnownKeys.Tables.SelectMany(table => table.Value.Select(key => $"{table.Key}.{key}"));
        Assert.DoesNotContain(keys, key => !told.Contains(key));
        Assert.True(Mistakes().Count >= 140);
    }

    [Fact]
    public void All_errors_of_a_file_are_told_at_once_in_its_order()
    {
        const string text = """
            title = "x"
            [pc]
            adress = "dhcp"
            vlan = 0
            [server]
            url = "ftp://x"
            [backup]
            store = "nas"
            level = 99
            encryption = "none"
            recipients = ["age1x"]
            [restore]
            store = "server"
            [job]
            action = "restore"
            at = "soon"
            countdown = -1
            """;
        Assert.Equal(
            """
            pc.toml:1:1: title: stands outside of all tables
            pc.toml:2:2: pc.name: is missing; expected 1 to 60 of the characters A-Z a-z 0-9 . - (not . or - first)
            pc.toml:3:1: pc.adress: is not a key of [pc] (did you mean address?)
            pc.toml:4:8: pc.vlan: 0 is out of range; expected a whole number from 1 to 4094
            pc.toml:5:2: server.host_keys: is missing; expected a line as in known_hosts: [@cert-authority] hosts key-type base64; without one the server cannot prove that it is the server
            pc.toml:5:2: server.identity: is missing; expected an absolute path such as /etc/bootconsole/…
            pc.toml:6:7: server.url: the value is not an SFTP address; expected sftp://user@host:port/path
            pc.toml:8:9: backup.store: "nas" is the name of no store in this file; expected "server"
            pc.toml:9:9: backup.level: 99 is out of range; expected "auto" or a whole number from 1 to 19
            pc.toml:11:14: backup.recipients: goes with encryption = "recipients" alone; expected that, or no such key
            pc.toml:11:15: backup.recipients: the value is not an age recipient; expected an age recipient: age1 and 58 more characters
            pc.toml:12:2: restore.disks: is missing; expected serial:…, wwn:…, an absolute path, or "only"; several as "0=…", "1=…" by the image's disk number
            pc.toml:12:2: restore.overwrite: is missing; expected the serial (else WWN, else path:size) of each disk that may be overwritten
            pc.toml:12:2: restore.only_differences: is missing; expected true to write only what differs from the disk, false to write everything
            pc.toml:12:2: restore.image: is missing; expected "latest", an image id, or the beginning of one
            pc.toml:16:6: job.at: "soon" is not a time to begin; expected "now", a time of day such as "02:00", or a date and time such as "2026-12-01T02:00:00" (with Z or +01:00 for a fixed offset)
            pc.toml:17:13: job.countdown: -1 is out of range; expected a whole number from 0 to 3600
            """,
            string.Join('\n', Golden.Check(text).Errors));
    }

    [Fact]
    public void An_empty_file_lacks_the_PC()
    {
        Assert.Equal("pc.toml:1:1: pc: is missing; expected a table [pc] with the PC's name", Assert.Single(Golden.Check("").Errors).ToString());
        Assert.Equal("pc.toml:1:2: pc.name: is missing; expected 1 to 60 of the characters A-Z a-z 0-9 . - (not . or - first)", Assert.Single(Golden.Check("[pc]").Errors).ToString());
    }

    [Fact]
    public void A_hundred_errors_are_listed_and_the_rest_is_counted()
    {
        // On one line: locating each of them would take quadratic time.
        var keys = string.Join(',', Enumerable.Range(0, 50_000).Select(index => $"k{index}=1"));
        var check = Golden.Check($"pc = {{ name = \"a\", {keys} }}");
        Assert.Equal((100, 50_000), (check.Errors.Count, check.ErrorCount));
        Assert.Equal("pc.toml:1:20: pc.k0: is not a key of [pc]", check.Errors[0].ToString());
    }

    [Theory]
    [InlineData("url = \"sftp://office-pc@backup.example:2222/store\"", "url = \"sftp://office-pc:{0}@backup.example/\"")]
    [InlineData("url = \"sftp://office-pc@backup.example:2222/store\"", "url = \"{0}\"")]
    [InlineData("url = \"sftp://office-pc@backup.example:2222/store\"", "url = \"sftp://{0}:x@[{0}]:{0}/\"")]
    [InlineData("url = \"sftp://office-pc@backup.example:2222/store\"", "url = \"{0}://x\"")]
    [InlineData("url = \"smb://nas.example/backups/pcs\"", "url = \"smb://pc:{0}@nas.example/backups\"")]
    [InlineData("url = \"smb://nas.example/backups/pcs\"", "url = \"http://{0}\"")]
    [InlineData("credentials = \"/etc/bootconsole/nas.credentials\"", "credentials = \"user=pc,password={0}\"")]
    [InlineData("identity = \"/etc/bootconsole/id_ed25519\"", "identity = \"{0}\"")]
    [InlineData("identity = \"/etc/bootconsole/id_ed25519\"", "identity = [\"{0}\"]")]
    [InlineData("jump = \"relay@relay.example:22\"", "jump = \"relay:{0}@relay.example\"")]
    [InlineData("encryption = \"recipients\"", "encryption = \"password\"\npassword_file = \"{0}\"")]
    [InlineData("encryption = \"recipients\"", "encryption = \"password\"\npassword = \"{0}\"")]
    [InlineData("encryption = \"recipients\"", "encryption = \"password\"\npassword = {0}")]
    [InlineData("encryption = \"recipients\"", "encryption = \"AGE-SECRET-KEY-{0}\"")]
    [InlineData("encryption = \"recipients\"", "encryption = \"-----BEGIN PRIVATE KEY-----{0}\"")]
    [InlineData("table_key = \"/etc/bootconsole/table.key\"", "table_key = \"{0}\"")]
    [InlineData("recipients = [\"age1", "recipients = [\"AGE-SECRET-KEY-1{0}\", \"age1")]
    [InlineData("recipients = [\"age1", "recipients = [\"{0}\", \"age1")]
    [InlineData("host_keys = [\"", "host_keys = [\"{0}\", \"")]
    [InlineData("identity = \"/etc/bootconsole/restore.key\"", "identity = \"age {0}\"")]
    public void A_secret_never_appears_in_an_error(string from, string to)
    {
        const string secret = "hunter2";
        var check = Golden.Check(Golden.Changed(from, to.Replace("{0}", secret, StringComparison.Ordinal)));
        Assert.NotEmpty(check.Errors);
        Assert.All(check.Errors, error => Assert.DoesNotContain(secret, error.ToString(), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void What_an_error_repeats_is_short_and_harmless_to_a_terminal()
    {
        var text = Golden.Changed("kind = \"incremental\"", "kind = \"\\u001b[2J\\u202e" + new string('x', 5000) + "\"\n\"\\u001b]0;x\" = 1");
        var errors = Golden.Check(text).Errors;
        Assert.Equal(2, errors.Count);
        Assert.All(errors.Select(error => error.ToString()), line => Assert.True(line.Length < 300 && !line.Any(c => char.IsControl(c) || c == '\u202e'), line));
        Assert.StartsWith("pc.toml:29:8: backup.kind: \"\\u001B[2J\\u202Exxx", errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_shows_real_errors()
    {
        const string text = "[pc]\nname = \"office-pc\"\naddress = \"192.0.2.17/24\"\ngateway = \"192.0.3.1\"\n\n[backup]\nlevle = 3\npad = 256\n";
        Assert.Contains("```\n" + string.Join('\n', Golden.Check(text).Errors) + "\n```\n", Golden.Text("docs/settings.md"), StringComparison.Ordinal);
    }

    private static string Unescape(string text) => new StringBuilder(text).Replace("\\n", "\n").ToString();
}
