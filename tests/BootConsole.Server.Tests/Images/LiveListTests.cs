// images list --watch and --runs: what PCs are doing now, and what their last runs came to, against real backups and real records.
using System.Globalization;
using System.Text.RegularExpressions;
using BootConsole.Server.Output;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Images;

public sealed class LiveListTests : IDisposable
{
    private const long LargeBytes = 32 << 20;
    private static readonly string Runs = StoredImages.Store("office") + "/runs";
    private readonly SampleServer _server = SampleServer.Start();

    public LiveListTests() => _server.AddPc("office", "basic");

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_terminal_shows_a_backup_while_it_runs_how_far_it_is_and_its_end_until_a_key_is_pressed()
    {
        await using var backup = await HeldBackupAsync();
        using var window = Watch(160, 24, "images", "list", "--watch");
        await window.ShowsAsync("PC ", "office", "running, ");
        // In whole parts of what is stored: the disk goes in several.
        Assert.InRange(int.Parse(Regex.Match(window.Screen, @"running, (\d+) %").Groups[1].Value, CultureInfo.InvariantCulture), 1, 99);

        SystemTool.Run("kill", "-CONT", $"{backup.Id}");
        await window.ShowsAsync("finished");
        Assert.DoesNotContain("running", window.Screen, StringComparison.Ordinal);
        // One list, drawn over itself.
        Assert.Single(Regex.Matches(window.Screen, "Image "));

        window.Write("q");
        await window.ShowsAsync("left 0.");
        window.Type("");
        Assert.DoesNotContain("q", window.Screen.Split("left 0.")[1], StringComparison.Ordinal);
        Assert.Equal(0, await backup.WaitForEndAsync(Eventually.Limit));
    }

    [Fact]
    public async Task A_job_that_died_is_unfinished_and_not_running_and_its_lease_decides()
    {
        await using (var backup = await HeldBackupAsync())
        {
            Assert.True(Running().GetProperty("living").GetBoolean());
            Assert.InRange(Running().GetProperty("doneBytes").GetInt64(), 1, LargeBytes - 1);
            Assert.Equal(LargeBytes, Running().GetProperty("diskBytes").GetInt64());
            backup.Kill();
        }

        _server.Machine.Run("sh", "-c", $"touch -d '-10 minutes' {StoredImages.Store("office")}/leases/*");
        Assert.False(Running().GetProperty("living").GetBoolean());
        Assert.Matches(@"unfinished, \d+ %", _server.Run("images", "list", "--unfinished").Succeeds().Output);
    }

    [Fact]
    public async Task Without_a_terminal_the_list_is_printed_once_for_each_change_and_a_locked_catalogue_does_not_end_it()
    {
        _server.Backup("office", "first");
        await using var watching = _server.Machine.Begin("env", PrivateMachine.Program, "images", "list", "--all", "--watch");
        using var output = new StreamReader(watching.Output);
        async Task UntilAsync(string words)
        {
            while (!(await Eventually.EndsAsync(output.ReadLineAsync()) ?? throw new EndOfStreamException(watching.Errors)).Contains(words, StringComparison.Ordinal)) { }
        }

        await UntilAsync("office_first");
        const string hold = "import sqlite3, sys; c = sqlite3.connect('/srv/bootconsole/catalogue/catalogue.db', isolation_level=None); c.execute('PRAGMA locking_mode=EXCLUSIVE'); c.execute('BEGIN EXCLUSIVE'); c.execute('DELETE FROM event'); print('held', flush=True); sys.stdin.read()";
        await using (_server.Machine.Begin("python3", "-c", hold)) await UntilAsync("locked");
        _server.Backup("office", "second");
        await UntilAsync("office_second");
        Assert.False(watching.HasEnded);
        SystemTool.Run("kill", "-INT", $"{watching.Id}");
        Assert.Equal(0, await watching.WaitForEndAsync(Eventually.Limit));
        _server.Run("images", "list", "--watch", "--json").Reports(2, "--watch");
        _server.Run("images", "list", "nobody", "--watch").Reports(2, "nobody");
    }

    [Fact]
    public void What_has_no_room_on_the_screen_is_counted_and_nothing_scrolls()
    {
        string[] lines = ["head", new string('a', 25), "b", "c", "d"];
        Assert.Equal("\e[Hhead\e[K\n" + lines[1] + "\e[K\nb\e[K\nc\e[K\nd\e[K\n\e[J", LiveList.Draw(lines, 10, 8));
        Assert.Equal("\e[Hhead\e[K\n" + lines[1] + "\e[K\nb\e[K\n… 2 more lines\e[K\n\e[J", LiveList.Draw(lines, 10, 7));
        Assert.Equal("\e[H… 5 more lines\e[K\n\e[J", LiveList.Draw(lines, 10, 2));
        Assert.Equal("\e[H… 5 more lines\e[K\n\e[J", LiveList.Draw(lines, 0, 0));
    }

    [Fact]
    public void Runs_shows_what_the_last_run_of_each_pc_came_to_by_real_records()
    {
        Assert.Empty(Listed());
        var done = Unattended("/srv/disk.img");
        Assert.True(done.ExitCode == 0, done.ToString());
        var run = Listed().Single();
        Assert.Equal(("office", "backup", "done", ""), (Text(run, "pc"), Text(run, "what"), Text(run, "outcome"), Text(run, "problem")));
        Assert.Equal(_server.Listed("office").Keys.Single(), Text(run, "image"));

        var refused = Unattended("/srv/none.img");
        Assert.Equal(3, refused.ExitCode);
        run = Listed().Single();
        Assert.Equal("refused", Text(run, "outcome"));
        Assert.Contains("/srv/none.img", Text(run, "problem"), StringComparison.Ordinal);
        Assert.Contains("refused", _server.Run("images", "list", "--runs").Succeeds().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("done")]
    [InlineData("failed")]
    [InlineData("refused")]
    [InlineData("cancelled")]
    public void Every_outcome_is_shown(string outcome)
    {
        Record("2026-11-21T020000Z_office_backup-00000001.log", $"outcome: {outcome}\nwhat: the reason\n");
        Assert.Matches($"(?m)^office +2026-11-21 02:00 +backup +{outcome} +the reason$", _server.Run("images", "list", "--runs").Succeeds().Output);
    }

    [Fact]
    public void The_record_that_came_last_counts_whatever_the_clock_of_its_pc_says()
    {
        Record("2099-01-01T020000Z_office_backup-00000001.log", "outcome: done\n");
        _server.Machine.Run("touch", "-d", "-2 days", $"{Runs}/2099-01-01T020000Z_office_backup-00000001.log");
        Record("2001-01-01T000000Z_office_restore-00000002.log", "outcome: failed\n");
        Assert.Equal(("restore", "failed"), (Text(Listed().Single(), "what"), Text(Listed().Single(), "outcome")));
    }

    [Theory]
    [InlineData("printf 'bootconsole-run: 1\\noutcome: \\033[2J\\033]0;x\\007\\r\\302\\233done\\nwhat: \\342\\200\\256txt\\n' > {0}", "?[2J?]0;x???done", "?txt")]
    [InlineData("(printf 'bootconsole-run: 1\\noutcome: failed\\nwhat: '; head -c 3000000 /dev/zero | tr '\\0' y) > {0}", "failed", "yyyy")]
    [InlineData("printf 'bootconsole-run: 1\\noutcome: failed\\nwhat: x\\n' > {0} && truncate -s 1T {0}", "failed", "x")]
    [InlineData("printf 'bootconsole-run: 1\\noutcome: \\377\\376\\nwhat: \\300\\n' > {0}", "\uFFFD\uFFFD", "\uFFFD")]
    [InlineData("printf 'bootconsole-run: 1\\noutcome: done\\noutcome: failed\\n' > {0}", "failed", "")]
    [InlineData("printf 'bootconsole-run: 1\\noutcome:\\n' > {0}", "", "")]
    [InlineData("printf 'bootconsole-run: 99\\noutcome: odd\\nunknown: x\\n' > {0}", "odd", "")]
    // What is no record is passed over: the one before it is told.
    [InlineData("printf '{{\"outcome\":\"done\"}}' > {0}", "before", "")]
    [InlineData("head -c 300000 /dev/urandom > {0}", "before", "")]
    [InlineData(": > {0}", "before", "")]
    [InlineData("truncate -s 1T {0}", "before", "")]
    [InlineData("ln -s /etc/shadow {0}", "before", "")]
    [InlineData("printf 'bootconsole-run: 1\\noutcome: secret\\n' > /srv/secret && ln -s /srv/secret {0}", "before", "")]
    [InlineData("mkfifo {0}", "before", "")]
    [InlineData("mkdir {0}", "before", "")]
    [InlineData("printf 'bootconsole-run: 1\\noutcome: no\\n' > {0}.part && printf x > '{0} '", "before", "")]
    public void Whatever_a_pc_puts_into_its_runs_the_list_is_shown_and_safe_to_look_at(string make, string outcome, string problem)
    {
        Record("2026-11-20T020000Z_office_backup-00000001.log", "outcome: before\n");
        _server.Machine.Run("touch", "-d", "-2 days", $"{Runs}/2026-11-20T020000Z_office_backup-00000001.log");
        _server.Machine.Run("sh", "-c", string.Format(CultureInfo.InvariantCulture, make, $"{Runs}/2026-11-21T020000Z_office_backup-00000002.log"));

        var run = Listed().Single();
        Assert.Equal(outcome, Text(run, "outcome"));
        Assert.StartsWith(problem, Text(run, "problem"), StringComparison.Ordinal);
        Assert.True(Text(run, "problem").Length <= 200);
        var shown = _server.Run("images", "list", "--runs").Succeeds().Output;
        Assert.DoesNotContain(shown, character => char.IsControl(character) && character != '\n');
    }

    [Fact]
    public void Another_thing_in_the_place_of_runs_hides_only_the_runs_of_its_pc()
    {
        _server.Run("pc", "add", "other", "--contract", "basic").Succeeds();
        Record("2026-11-21T020000Z_office_backup-00000001.log", "outcome: done\n");
        _server.Machine.Run("sh", "-c", $"cd {StoredImages.Store("other")} && rmdir runs && ln -s ../office/runs runs");
        Assert.Equal("office", Text(Listed().Single(), "pc"));
    }

    // Held in the middle: some of it is stored, and nothing moves until it is told to. It would take 13 seconds, on the fastest machine.
    private async Task<Host.PipedProgram> HeldBackupAsync()
    {
        _server.Machine.Run("sh", "-c", $"head -c {LargeBytes} /dev/urandom > /srv/large.img && chmod 644 /srv/large.img");
        Configure("/srv/slow.toml", """
            [backup]
            level = 1
            limit = "20 Mbit/s"
            segment_by_rate = [["max", "1 MiB"]]
            """);
        var backup = _server.Machine.Begin(
            "setpriv", "--reuid", "bc-office", "--regid", "bc-office", "--clear-groups", "--",
            "/opt/bootserver/bootconsole", "backup", "--config", "/srv/slow.toml", "--disk", "/srv/large.img", "--store", "it", "--name", "large", "--no-encryption", "--json");
        await Eventually.BecomesTrueAsync(() => backup.HasEnded || Directory.EnumerateDirectories(_server["pcs/office/images"]).Any(image => Directory.Exists(image + "/disk-0/tables") && TablesBeyondTheStart(image)), "a part is stored");
        Assert.False(backup.HasEnded, "it was over before it could be held: " + backup.Errors);
        SystemTool.Run("kill", "-STOP", $"{backup.Id}");
        return backup;
    }

    private static bool TablesBeyondTheStart(string image) => Directory.GetFiles(image + "/disk-0/tables").Length > 1;

    private TerminalWindow Watch(int columns, int rows, params string[] arguments) =>
        new(columns, rows, "sh", "-c", $"nsenter -m -t {_server.Machine.Id} -- {PrivateMachine.Program} {string.Join(' ', arguments)}; echo left $?.; exec cat");

    private System.Text.Json.JsonElement Running() => _server.Listed("--unfinished").Single().Value.GetProperty("running");

    private System.Text.Json.JsonElement[] Listed() => [.. _server.Ask("images", "list", "--runs").GetProperty("runs").EnumerateArray()];

    private static string Text(System.Text.Json.JsonElement run, string name) => run.GetProperty(name).GetString()!;

    private void Record(string name, string text) => Assert.Equal(0, _server.As("office", "/bin/sh", "-c", $"printf '%s' \"$1\" > {Runs}/{name}", "sh", "bootconsole-run: 1\n" + text).ExitCode);

    // Settings of the PC with its store, which they call "it".
    private void Configure(string file, string more) => File.WriteAllText(_server.Machine[file], $"""
        [pc]
        name = "office"
        [[storage]]
        name = "it"
        url = "{StoredImages.Store("office")}"
        {more}
        """);

    private Host.ProgramResult Unattended(string disk)
    {
        _server.Machine.Run("sh", "-c", "mkdir -p -m 777 /srv/waiting; test -e /srv/disk.img || head -c 4194304 /dev/urandom > /srv/disk.img");
        Configure("/srv/run.toml", $"""
            [backup]
            store = "it"
            disks = ["{disk}"]
            encryption = "none"
            [job]
            action = "backup"
            countdown = 0
            """);
        return _server.As("office", "/opt/bootserver/bootconsole", "run", "--config", "/srv/run.toml", "--records", "/srv/waiting");
    }
}
