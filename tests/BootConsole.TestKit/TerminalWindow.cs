// A real terminal: tmux, whose screen can be read and whose keys can be pressed.
using System.Globalization;

namespace BootConsole.TestKit;

/// <summary>A terminal with a program in it, which ends when the window is closed.</summary>
public class TerminalWindow : IDisposable
{
    // Each look is a process of its own.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private readonly TempFolder _folder = new();

    /// <param name="columns">Its columns.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="command">The program and its arguments.</param>
    public TerminalWindow(int columns, int rows, params string[] command) =>
        Tmux(["-f", "/dev/null", "new-session", "-d", "-x", columns.ToString(CultureInfo.InvariantCulture), "-y", rows.ToString(CultureInfo.InvariantCulture), "--", .. command]);

    /// <summary>What the screen shows, lines without trailing blanks.</summary>
    public string Screen => Tmux("capture-pane", "-p");

    /// <summary>True when the cursor can be seen.</summary>
    public bool ShowsCursor => Tmux("display-message", "-p", "#{cursor_flag}").Trim() == "1";

    /// <summary>The device of the terminal: <c>/dev/pts/3</c>.</summary>
    public string Line => Tmux("display-message", "-p", "#{pane_tty}").Trim();

    /// <summary>Types a line and presses Enter.</summary>
    public void Type(string line)
    {
        Tmux("send-keys", "-l", line);
        Tmux("send-keys", "Enter");
    }

    /// <summary>Presses a key, as tmux calls it: <c>C-c</c>.</summary>
    public void Press(string key) => Tmux("send-keys", key);

    /// <summary>Types text without Enter.</summary>
    public void Write(string text) => Tmux("send-keys", "-l", text);

    /// <summary>Pastes text, marked as such where the program asks for that.</summary>
    public void Paste(string text)
    {
        Tmux("set-buffer", "--", text);
        Tmux("paste-buffer", "-p");
    }

    /// <summary>Gives the window another size.</summary>
    public void Resize(int columns, int rows) => Tmux("resize-window", "-x", columns.ToString(CultureInfo.InvariantCulture), "-y", rows.ToString(CultureInfo.InvariantCulture));

    /// <summary>The process that the shell runs now; null for none.</summary>
    public int? Child
    {
        get
        {
            var shell = Tmux("display-message", "-p", "#{pane_pid}").Trim();
            return int.TryParse(File.ReadAllText($"/proc/{shell}/task/{shell}/children").Split(' ')[0], CultureInfo.InvariantCulture, out var child) ? child : null;
        }
    }

    /// <summary>Closes the window, as somebody does who pulls the plug of a serial line.</summary>
    public void HangUp() => Tmux("kill-session");

    /// <summary>Waits until the screen shows all words.</summary>
    public Task ShowsAsync(params string[] words) => ShowsAsync(Eventually.Limit, words);

    /// <summary>Waits until the screen shows all words.</summary>
    /// <param name="limit">How long at most; a passing test never depends on it.</param>
    /// <param name="words">The words.</param>
    public Task ShowsAsync(TimeSpan limit, params string[] words) =>
        Eventually.BecomesTrueAsync(() => Screen is var screen && words.All(word => screen.Contains(word, StringComparison.Ordinal)), () => $"'{string.Join("', '", words)}' on the screen:\n{Screen}", limit, Pause);

    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        SystemTool.Try("tmux", "-S", _folder["tmux"], "kill-server");
        _folder.Dispose();
    }

    private string Tmux(params string[] arguments) => SystemTool.Run("tmux", ["-S", _folder["tmux"], .. arguments]);
}
