// A PC that was booted from the network and has no key: its console asks for the code first, and no way out is missing.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Sessions;

public sealed class EnrolSessionTests : IDisposable
{
    private const string Code = "4h9c 0qwe-RT5X";

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_code_is_checked_as_it_is_typed_and_a_server_that_cannot_be_reached_leaves_the_menu()
    {
        using var terminal = Start($"bootconsole --config {Settings()}");
        await terminal.ShowsAsync("Enrol this PC", "bootserver pc enrol office-pc", "SHA256:", "____-____-____  0 of 12", "Esc Menu");
        terminal.Write("7k3y");
        await terminal.ShowsAsync("•••_-____-____  3 of 12", "No code has the character 'y'");
        terminal.Press("Enter");
        await terminal.ShowsAsync("9 more characters belong to a code");
        // A paste is a whole code.
        terminal.Paste(Code + "9");
        await terminal.ShowsAsync("••••-••••-••••  12 of 12", "12 characters and no more");
        terminal.Press("F2");
        await terminal.ShowsAsync("4H9C-0QWE-RT5X  12 of 12");
        terminal.Press("F2");
        terminal.Press("Enter");
        await terminal.ShowsAsync("Trouble: The server cannot be reached", "Safe:    No disk was touched", "The code still", "Enter Enrol");
        terminal.Press("Escape");
        await terminal.ShowsAsync("its server does not let it in: choose", "▶ 0  Enrol", "1  Back up");
        terminal.Press("5");
        await terminal.ShowsAsync("Event log", "The server cannot be reached");
        Assert.DoesNotContain("4H9C", terminal.Screen, StringComparison.OrdinalIgnoreCase);
        terminal.Press("Escape");
        await terminal.ShowsAsync("▶ 5  Event log");
        terminal.Press("0");
        await terminal.ShowsAsync("Enrol this PC", "0 of 12");
        terminal.Press("C-c");
        await terminal.ShowsAsync("▶ 0  Enrol");
        terminal.Press("8");
        await terminal.ShowsAsync("ended 0.");
    }

    [Fact]
    public async Task A_key_that_came_in_the_shell_is_found_and_tried()
    {
        using var terminal = Start($"bootconsole --config {Settings()}");
        await terminal.ShowsAsync("Enrol this PC");
        terminal.Press("Escape");
        await terminal.ShowsAsync("▶ 0  Enrol");
        File.WriteAllText(_folder["id"], "");
        terminal.Press("0");
        await terminal.ShowsAsync("office-pc has its key.", "Trouble:", "The key is there", "R Try again");
        terminal.Press("Enter");
        await terminal.ShowsAsync("▶ 1  Back up");
        Assert.DoesNotContain("Enrol", terminal.Screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on_failure = \"retry\"")]
    [InlineData("at = \"02:00\"")]
    [InlineData("countdown = 3000")]
    public async Task An_unattended_run_without_its_key_waits_for_nothing_and_asks_for_the_code(string job)
    {
        using var terminal = Start($"bootconsole run --config {Settings(job)} --records {_folder["records"]}");
        await terminal.ShowsAsync("Enrol this PC", "Waits for that key, and was not begun: backup 'nightly'", "Esc Menu");
        var record = File.ReadAllText(Assert.Single(Directory.GetFiles(_folder["records"])));
        Assert.Contains("what: This PC has no key yet", record, StringComparison.Ordinal);
        Assert.Contains("bootserver pc enrol office-pc", record, StringComparison.Ordinal);
        terminal.Paste(Code);
        terminal.Press("Enter");
        await terminal.ShowsAsync("Trouble: The server cannot be reached");
        terminal.Press("Escape");
        await terminal.ShowsAsync("Welcome", "▶ 0  Enrol");
        terminal.Press("8");
        await terminal.ShowsAsync("ended 1.");
        Assert.DoesNotContain("4h9c", string.Concat(Directory.GetFiles(_folder["records"]).Select(File.ReadAllText)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_job_that_waited_begins_when_the_key_is_there()
    {
        using var terminal = Start($"bootconsole run --config {Settings("countdown = 3000")} --records {_folder["records"]}");
        await terminal.ShowsAsync("Enrol this PC", "Esc Menu");
        terminal.Press("Escape");
        await terminal.ShowsAsync("▶ 0  Enrol");
        File.WriteAllText(_folder["id"], "");
        terminal.Press("0");
        await terminal.ShowsAsync("office-pc has its key.", "Enter begins it.");
        terminal.Press("Enter");
        await terminal.ShowsAsync("Unattended backup 'nightly'", "waiting until ", "A key leads to the menu.");
        terminal.Press("x");
        await terminal.ShowsAsync("▶ 1  Back up");
    }

    [Fact]
    public void The_console_in_lines_asks_for_the_code_unseen_and_says_what_became_of_it()
    {
        var run = Bootconsole.RunWithInput([Code[..6], Code, "<", "9"], "--plain", "--config", Settings());
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Contains("7 more characters belong to a code", run.Output, StringComparison.Ordinal);
        Assert.Contains("Trouble: The server cannot be reached", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("4H9C", run.Output + run.Errors, StringComparison.OrdinalIgnoreCase);
    }

    public void Dispose() => _folder.Dispose();

    private static Terminal Start(string command)
    {
        var terminal = new Terminal(80, 25, "LC_ALL=C.UTF-8");
        terminal.Type($"clear; {command}; echo ended $?.");
        return terminal;
    }

    // A server whose port nobody listens on.
    private string Settings(string job = "")
    {
        SystemTool.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", _folder["authority"]);
        File.WriteAllText(_folder["pc.toml"], $"""
            [pc]
            name = "office-pc"
            [server]
            url = "sftp://office-pc@127.0.0.1:{FreePort.Find()}/"
            host_keys = ["@cert-authority 127.0.0.1 {File.ReadAllText(_folder["authority.pub"]).Trim()}"]
            identity = "{_folder["id"]}"
            enrol = "http://127.0.0.1:{FreePort.Find()}/enrol"
            [backup]
            store = "server"
            name = "nightly"
            disks = ["serial:NOT-THERE"]
            encryption = "none"
            [job]
            action = "{(job.Length > 0 ? "backup" : "menu")}"
            {job}
            """);
        return _folder["pc.toml"];
    }
}
