// The console in a real terminal, worked by keys alone.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Sessions;

/// <summary>A terminal with the console in it, at its first screen.</summary>
internal sealed class ConsoleSession : IDisposable
{
    internal const string Password = "correct horse battery";

    /// <summary>The keys of a plan that may be started; its sentences are broken anywhere.</summary>
    internal const string PlanIsMade = "Enter Start  Up/Down Read";

    /// <summary>The name of the PC in a slow session.</summary>
    internal const string SlowPc = "slow-pc";

    // What LargeDisk holds takes five seconds then: long enough to press a key, on the fastest machine.
    private const string Slowly = $"""
        [pc]
        name = "{SlowPc}"
        [backup]
        level = 3
        limit = "40 MB/s"
        """;

    private readonly TempFolder _folder = new();

    private ConsoleSession(Terminal terminal) => Terminal = terminal;

    internal Terminal Terminal { get; }

    /// <summary>Starts the console from a shell, which says "ended" and the exit code afterwards.</summary>
    /// <param name="before">What the shell does first.</param>
    /// <param name="isSlow">True for backups that take their time: seconds for what <c>LargeDisk</c> holds.</param>
    internal static async Task<ConsoleSession> StartAsync(string before = "true", bool isSlow = false)
    {
        var session = new ConsoleSession(new Terminal(80, 25, "LC_ALL=C.UTF-8"));
        try
        {
            await session.Terminal.ShowsAsync("ready>");
            if (isSlow) File.WriteAllText(session._folder["slow.toml"], Slowly);
            session.Terminal.Type($"{before}; clear; bootconsole{(isSlow ? $" --config {session._folder["slow.toml"]}" : "")}; echo ended $?.");
            await session.ShowsAsync("Welcome", "Back up", "F1 Help");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Waits for words on the screen.</summary>
    internal Task ShowsAsync(params string[] words) => Terminal.ShowsAsync(words);

    /// <summary>Presses keys, as tmux calls them, and waits for words.</summary>
    internal Task PressAsync(string key, params string[] words)
    {
        Terminal.Press(key);
        return ShowsAsync(words);
    }

    /// <summary>Types text, then Enter, and waits for words.</summary>
    internal Task EnterAsync(string text, params string[] words)
    {
        Terminal.Type(text);
        return ShowsAsync(words);
    }

    /// <summary>From a list of disks: names a disk by its path, and takes it.</summary>
    internal async Task NameDiskAsync(string path, string then)
    {
        await PressAsync("p", "Path: /", "Take it");
        // The slash is there already.
        await EnterAsync(path[1..], "P Path", Path.GetFileName(path));
        await PressAsync("Enter", then);
    }

    /// <summary>From the question where: opens a store.</summary>
    internal async Task OpenStoreAsync(string address, string identity, string knownHosts, string then)
    {
        Terminal.Write(address);
        Terminal.Press("Down");
        Terminal.Write(identity);
        Terminal.Press("Down");
        Terminal.Write(knownHosts);
        await PressAsync("Enter", then);
    }

    /// <summary>From the first screen to the choices of a backup into a folder.</summary>
    internal async Task PrepareBackupAsync(string disk, string store)
    {
        await PressAsync("1", "Which disks?", "P Path");
        await NameDiskAsync(disk, "Where to?");
        await EnterAsync(store, "How?", "Encryption");
    }

    /// <summary>From the choices of a backup: without password and check, to its plan, and starts it.</summary>
    internal async Task StartOpenBackupAsync()
    {
        Terminal.Press("Down");
        Terminal.Press("Down");
        Terminal.Press("Down");
        await PressAsync("Right", "Not encrypted:");
        Terminal.Press("Down");
        Terminal.Press("Right");
        await PressAsync("Enter", "Start the backup?", PlanIsMade);
        await PressAsync("Enter", "Backing up");
    }

    public void Dispose()
    {
        Terminal.Dispose();
        _folder.Dispose();
    }
}
