// What happens to the terminal: signals, sizes, kinds, pastes. Whatever it is, nothing is lost and the terminal is as it was.
using System.Runtime.InteropServices;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Sessions;

public sealed class TerminalSessionTests(SampleStore sample) : IClassFixture<SampleStore>
{
    private const int Stop = 20, Continue = 18;

    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.HangUp)]
    public async Task A_signal_during_a_job_ends_the_program_with_the_terminal_as_it_was_and_keeps_what_was_sent(Signal signal)
    {
        using var folder = new TempFolder();
        var store = sample.NewFolder();
        using var session = await ConsoleSession.StartAsync($"stty -a > {folder["before"]}", isSlow: true);
        await StartLargeBackupAsync(session, store);
        Assert.Equal(0, kill(session.Terminal.Child!.Value, (int)signal));
        await session.ShowsAsync("ended 130.");
        session.Terminal.Type($"stty -a > {folder["after"]}; echo seen $((40 + 2))");
        await session.ShowsAsync("ready> stty", "seen 42");
        Assert.Equal(File.ReadAllText(folder["before"]), File.ReadAllText(folder["after"]));
        Assert.True(session.Terminal.ShowsCursor);
        Assert.DoesNotContain("Backing up", session.Terminal.Screen, StringComparison.Ordinal);
        AssertSuspended(store);
    }

    [Fact]
    public async Task A_line_that_is_hung_up_during_a_job_ends_the_program_and_keeps_what_was_sent()
    {
        var store = sample.NewFolder();
        using var session = await ConsoleSession.StartAsync(isSlow: true);
        await StartLargeBackupAsync(session, store);
        await HangUpAsync(session);
        AssertSuspended(store);
        Bootconsole.Run("resume", "--store", store, "--pc", ConsoleSession.SlowPc).Succeeds();
    }

    [Fact]
    public async Task A_line_that_is_hung_up_ends_the_connections_too_and_keeps_what_was_sent()
    {
        await using var server = await PrivateSshd.StartAsync();
        var (identity, knownHosts) = (Path.Combine(server.Folder, "id"), Path.Combine(server.Folder, "known_hosts"));
        File.WriteAllText(knownHosts, server.KnownHostsLine + "\n");
        using var session = await ConsoleSession.StartAsync(isSlow: true);
        await session.PressAsync("1", "Which disks?", "P Path");
        await session.NameDiskAsync(LargeDisk(), "Where to?");
        await session.OpenStoreAsync(server.Address().ToString(), identity, knownHosts, "Encryption");
        await session.StartOpenBackupAsync();
        await PauseAsync(session, server.StoreFolder);
        await HangUpAsync(session);
        string[] store = ["--store", server.Address().ToString(), "--identity", identity, "--known-hosts", knownHosts];
        // ssh hears of it as the program does: whether the image could still be called suspended is chance, what was sent is there.
        Assert.NotEmpty(Tables(server.StoreFolder));
        Bootconsole.Run(["resume", .. store, "--pc", ConsoleSession.SlowPc]).Succeeds();
        Bootconsole.Run(["verify", .. store, "latest"]).Succeeds();
        Assert.Single(Directory.GetDirectories(Path.Combine(server.StoreFolder, "images")));
    }

    [Fact]
    public async Task Stopped_the_program_gives_the_terminal_to_the_shell_and_continued_it_paints_and_listens_again()
    {
        using var session = await ConsoleSession.StartAsync("set -m");
        var process = session.Terminal.Child!.Value;
        Assert.Equal(0, kill(process, Stop));
        await session.ShowsAsync("Stopped");
        session.Terminal.Type("echo seen $((40 + 2))");
        await session.ShowsAsync("ready> echo seen", "seen 42");
        Assert.True(session.Terminal.ShowsCursor);
        session.Terminal.Type("fg");
        await session.ShowsAsync("Welcome", "F1 Help");
        await session.PressAsync("F1", "any key Back");
        await session.PressAsync("Escape", "1-8 Choose at once");
        // Stopped without being asked, it takes the terminal again all the same.
        Assert.Equal(0, kill(process, 19));
        await session.ShowsAsync("ready>");
        // The terminal is raw still: Enter is no line end there.
        session.Terminal.Write("stty sane; fg");
        session.Terminal.Press("C-j");
        await Eventually.BecomesTrueAsync(() => !session.Terminal.Screen.Contains("ready>", StringComparison.Ordinal), "the shell's lines are painted over");
        await session.PressAsync("F1", "any key Back");
    }

    [Fact]
    public async Task Ctrl_Z_and_Ctrl_C_at_the_menu_end_nothing()
    {
        using var session = await ConsoleSession.StartAsync();
        session.Terminal.Press("C-z");
        session.Terminal.Press("C-\\");
        await session.PressAsync("C-c", "▶ 8  Leave");
        await session.PressAsync("Home", "▶ 1  Back up");
    }

    [Fact]
    public async Task A_window_of_one_cell_and_back_disturbs_no_job()
    {
        var store = sample.NewFolder();
        using var session = await ConsoleSession.StartAsync(isSlow: true);
        await StartLargeBackupAsync(session, store);
        session.Terminal.Resize(1, 1);
        session.Terminal.Resize(2, 1);
        await Eventually.BecomesTrueAsync(() => session.Terminal.Screen.Trim() == "P", "the first letter of the request");
        session.Terminal.Resize(50, 12);
        await session.ShowsAsync("Please make the window larger", "A running job");
        session.Terminal.Resize(120, 40);
        await session.ShowsAsync("Backing up", "Paused.", "read ", "Esc Cancel");
        await session.PressAsync("p", "DONE, and checked.");
    }

    [Fact]
    public async Task Ten_thousand_pasted_characters_fill_a_field_and_no_more()
    {
        using var session = await ConsoleSession.StartAsync();
        await session.PressAsync("1", "Which disks?", "P Path");
        await session.PressAsync("p", "Path: /");
        session.Terminal.Paste(string.Concat(Enumerable.Repeat("日0123456\n", 1250)));
        await session.ShowsAsync("日0123456日0123456");
        await session.PressAsync("Enter", "Trouble:", "Safe:");
        // Into a name, where it is refused with the reason; and Enter inside the paste starts nothing.
        await session.PressAsync("Escape", "P Path");
        await session.NameDiskAsync(sample.Source, "Where to?");
        await session.EnterAsync(sample.NewFolder(), "How?", "Encryption");
        session.Terminal.Paste(new string('x', 10_000) + "\n\n");
        await session.PressAsync("Enter", "The name may have 1 to 60");
    }

    [Fact]
    public async Task The_log_is_saved_and_a_full_medium_is_named()
    {
        using var session = await ConsoleSession.StartAsync();
        await session.PressAsync("1", "Which disks?", "P Path");
        await session.PressAsync("p", "Path: /");
        await session.EnterAsync("no/such/disk", "Trouble:");
        await session.PressAsync("Escape", "P Path");
        await session.PressAsync("Escape", "Welcome");
        await using var full = await SmallFileSystem.CreateAsync(1 << 20);
        Fill(full.Path);
        await SaveAsync(session, Path.Combine(full.Path, "bootconsole.log"), "Trouble:", "No space left", "Safe:");
        Assert.False(File.Exists(Path.Combine(full.Path, "bootconsole.log")));
        await session.PressAsync("Escape", "S Save");
        await session.PressAsync("Escape", "Welcome");
        var log = sample.NewPath(".log");
        await SaveAsync(session, log, "Saved as");
        Assert.Contains("no/such/disk", File.ReadAllText(log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM=vt100 LANG=C.UTF-8", "> 1  Back up")]
    [InlineData("TERM=vt220 LANG=C", "> 1  Back up")]
    [InlineData("TERM=linux LANG=C.UTF-8", "→ 1  Back up")]
    [InlineData("TERM=linux LANG=C", "> 1  Back up")]
    [InlineData("LANG=C NO_COLOR=1", "> 1  Back up")]
    public async Task Every_kind_of_terminal_shows_what_it_can(string variables, string row)
    {
        using var terminal = new Terminal(80, 25);
        terminal.Type($"env -u LC_ALL -u LC_CTYPE {variables} bootconsole; echo ended $?.");
        await terminal.ShowsAsync("Welcome", row, "F1 Help");
        terminal.Press("1");
        await terminal.ShowsAsync("Which disks?", "P Path");
        if (row[0] == '>') Assert.True(System.Text.Ascii.IsValid(terminal.Screen), terminal.Screen);
        terminal.Press("Escape");
        await terminal.ShowsAsync(row);
        terminal.Press("8");
        await terminal.ShowsAsync("ended 0.");
        Assert.DoesNotContain("Welcome", terminal.Screen, StringComparison.Ordinal);
    }

    private async Task StartLargeBackupAsync(ConsoleSession session, string store)
    {
        await session.PrepareBackupAsync(LargeDisk(), store);
        await session.StartOpenBackupAsync();
        await PauseAsync(session, store);
    }

    private static async Task PauseAsync(ConsoleSession session, string store)
    {
        await Eventually.BecomesTrueAsync(() => Tables(store).Count() > 1, "a segment is committed");
        await session.PressAsync("p", "Paused.");
    }

    private static async Task HangUpAsync(ConsoleSession session)
    {
        var process = session.Terminal.Child!.Value;
        session.Terminal.HangUp();
        await Eventually.BecomesTrueAsync(() => !Directory.Exists($"/proc/{process}"), "the program has ended");
    }

    // A table commits its segment; with the second one the first is committed certainly.
    private static IEnumerable<string> Tables(string store) => Directory.EnumerateFiles(store, "*.table.zst", SearchOption.AllDirectories);

    private string LargeDisk()
    {
        var disk = sample.NewPath(".img");
        using var file = File.Create(disk);
        for (var part = 0; part < 12; part++) file.Write(RandomBytes.Of(part, 16 << 20));
        return disk;
    }

    private static void AssertSuspended(string store)
    {
        var image = Assert.Single(Bootconsole.Run("images", "--store", store, "--json").Succeeds().Document.GetProperty("images").EnumerateArray());
        Assert.Equal("suspended", image.GetProperty("state").GetString());
        Assert.Empty(Directory.GetFiles(Path.Combine(store, "leases")));
        Assert.NotEmpty(Tables(store));
    }

    private static async Task SaveAsync(ConsoleSession session, string path, params string[] words)
    {
        await session.PressAsync("5", "Event log", "S Save");
        await session.PressAsync("s", "Save as: /tmp/bootconsole-");
        for (var count = 0; count < 40; count++) session.Terminal.Press("BSpace");
        await session.EnterAsync(path, words);
    }

    private static void Fill(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, "filler"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[1024];
        var failure = Record.Exception((Action)(() =>
        {
            while (true) file.Write(block);
        }));
        Assert.IsType<IOException>(failure);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
