// A real terminal: tmux, whose screen can be read and whose keys can be pressed.
using System.Globalization;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

/// <summary>A terminal with a shell in it.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <param name="columns">Its columns.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="variables">More for the shell's environment: <c>LANG=C.UTF-8</c>.</param>
    internal Terminal(int columns = 100, int rows = 24, params IReadOnlyList<string> variables)
    {
        Tmux([
            "-f", "/dev/null", "new-session", "-d", "-x", columns.ToString(CultureInfo.InvariantCulture), "-y", rows.ToString(CultureInfo.InvariantCulture),
            "env", $"DOTNET_ROOT={Bootconsole.DotnetRoot}", $"PATH={Bootconsole.Folder}:{Environment.GetEnvironmentVariable("PATH")}", "PS1=ready> ", .. variables, "sh"]);
    }

    /// <summary>What the screen shows, lines without trailing blanks.</summary>
    internal string Screen => Tmux("capture-pane", "-p");

    /// <summary>True when the cursor can be seen.</summary>
    internal bool ShowsCursor => Tmux("display-message", "-p", "#{cursor_flag}").Trim() == "1";

    /// <summary>Types a line and presses Enter.</summary>
    internal void Type(string line)
    {
        Tmux("send-keys", "-l", line);
        Tmux("send-keys", "Enter");
    }

    /// <summary>Presses a key, as tmux calls it: <c>C-c</c>.</summary>
    internal void Press(string key) => Tmux("send-keys", key);

    /// <summary>Types text without Enter.</summary>
    internal void Write(string text) => Tmux("send-keys", "-l", text);

    /// <summary>Pastes text, marked as such where the program asks for that.</summary>
    internal void Paste(string text)
    {
        Tmux("set-buffer", "--", text);
        Tmux("paste-buffer", "-p");
    }

    /// <summary>Gives the window another size.</summary>
    internal void Resize(int columns, int rows) => Tmux("resize-window", "-x", columns.ToString(CultureInfo.InvariantCulture), "-y", rows.ToString(CultureInfo.InvariantCulture));

    /// <summary>The process that the shell runs now; null for none.</summary>
    internal int? Child
    {
        get
        {
            var shell = Tmux("display-message", "-p", "#{pane_pid}").Trim();
            return int.TryParse(File.ReadAllText($"/proc/{shell}/task/{shell}/children").Split(' ')[0], CultureInfo.InvariantCulture, out var child) ? child : null;
        }
    }

    /// <summary>Closes the window, as somebody does who pulls the plug of a serial line.</summary>
    internal void HangUp() => Tmux("kill-session");

    /// <summary>Waits until the screen shows all words.</summary>
    internal Task ShowsAsync(params string[] words) => Eventually.BecomesTrueAsync(() => Screen is var screen && words.All(word => screen.Contains(word, StringComparison.Ordinal)), $"'{string.Join("', '", words)}' on the screen:\n{Screen}");

    public void Dispose()
    {
        SystemTool.Try("tmux", "-S", _folder["tmux"], "kill-server");
        _folder.Dispose();
    }

    private string Tmux(params string[] arguments) => SystemTool.Run("tmux", ["-S", _folder["tmux"], .. arguments]);
}
