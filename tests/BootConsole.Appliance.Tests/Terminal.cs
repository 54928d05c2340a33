// A real terminal: tmux, whose screen can be read and whose keys can be pressed.
using System.Globalization;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

/// <summary>A terminal with a shell in it.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly TempFolder _folder = new();

    internal Terminal(int columns = 100, int rows = 24)
    {
        Tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", columns.ToString(CultureInfo.InvariantCulture), "-y", rows.ToString(CultureInfo.InvariantCulture),
            "env", $"DOTNET_ROOT={Bootconsole.DotnetRoot}", $"PATH={Bootconsole.Folder}:{Environment.GetEnvironmentVariable("PATH")}", "PS1=ready> ", "sh");
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

    /// <summary>Waits until the screen shows all words.</summary>
    internal Task ShowsAsync(params string[] words) => Eventually.BecomesTrueAsync(() => Screen is var screen && words.All(word => screen.Contains(word, StringComparison.Ordinal)), $"'{string.Join("', '", words)}' on the screen:\n{Screen}");

    public void Dispose()
    {
        SystemTool.Try("tmux", "-S", _folder["tmux"], "kill-server");
        _folder.Dispose();
    }

    private string Tmux(params string[] arguments) => SystemTool.Run("tmux", ["-S", _folder["tmux"], .. arguments]);
}
