// What is typed unseen at a terminal stays unseen, also when the program was stopped meanwhile and the shell left the terminal as it likes it.
using System.Runtime.InteropServices;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Sessions;

public sealed class UnseenPasswordTests(SampleStore sample) : IClassFixture<SampleStore>
{
    private const string Typed = "tulips";

    [Fact]
    public async Task Asked_in_lines_a_password_is_not_shown()
    {
        using var terminal = await AskedInLinesAsync();
        terminal.Type(Typed);
        await terminal.ShowsAsync("The same again:");
        Assert.DoesNotContain(Typed, terminal.Screen, StringComparison.Ordinal);
        // What is no secret is shown again.
        terminal.Type("<");
        await terminal.ShowsAsync("== How?");
        terminal.Type("visible");
        await terminal.ShowsAsync("visible\nKind");
    }

    [Fact]
    public async Task Asked_in_lines_it_is_not_shown_after_a_stop_either()
    {
        using var terminal = await AskedInLinesAsync();
        await StopAndGoOnAsync(terminal);
        terminal.Type(Typed);
        await terminal.ShowsAsync("The same again:");
        Assert.DoesNotContain(Typed, terminal.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_by_a_command_it_is_not_shown_after_a_stop_either()
    {
        using var terminal = new Terminal();
        terminal.Type($"set -m; bootconsole backup --disk {sample.Source} --store {sample.NewFolder()} --pc pc");
        await terminal.ShowsAsync("New password for the backups of this PC:");
        await StopAndGoOnAsync(terminal);
        terminal.Type(Typed);
        await terminal.ShowsAsync("The same again:");
        Assert.DoesNotContain(Typed, terminal.Screen, StringComparison.Ordinal);
        terminal.Press("Escape");
        await terminal.ShowsAsync("Cancelled.", "ready>");
        terminal.Type("echo seen $((40 + 2))");
        await terminal.ShowsAsync("echo seen", "seen 42");
    }

    private async Task<Terminal> AskedInLinesAsync()
    {
        var row = $"{Bootconsole.RowOfNamedDisk()}";
        var terminal = new Terminal(100, 60);
        terminal.Type("set -m; bootconsole --plain");
        await terminal.ShowsAsync("== Welcome");
        foreach (var (answer, then) in new[] { ("1", "== Which disks?"), ("p", "Path:"), (sample.Source, $"{row}. {sample.Source}"), (row, "Folder or server"), (sample.NewFolder(), "Key for ssh"), ("", "Known hosts"), ("", "Jump host"), ("", "Name [") })
        {
            terminal.Type(answer);
            await terminal.ShowsAsync(then);
        }

        foreach (var field in new[] { "Kind (", "Compression (", "Encryption (", "Check afterwards (", "Start [", "New password of the backups" })
        {
            terminal.Type("");
            await terminal.ShowsAsync(field);
        }

        return terminal;
    }

    private static async Task StopAndGoOnAsync(Terminal terminal)
    {
        var process = terminal.Child!.Value;
        Assert.Equal(0, kill(process, (int)Signal.Stop));
        await terminal.ShowsAsync("Stopped");
        terminal.Write("stty sane; clear; fg");
        terminal.Press("C-j");
        // The shell says what goes on then.
        await terminal.ShowsAsync("bootconsole");
        await Eventually.BecomesTrueAsync(() => File.ReadAllText($"/proc/{process}/stat").Split(") ")[1][0] is not 'T', "it goes on");
        // The terminal is set by another thread of the program, a moment after the signal.
        await Eventually.BecomesTrueAsync(() => SystemTool.Run("stty", "-F", terminal.Line, "-a").Contains("-echo ", StringComparison.Ordinal), "the terminal shows nothing");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
