// The shell of a booted PC at its serial console, as a technician uses it.
using System.Globalization;
using System.Text.RegularExpressions;

namespace BootConsole.Appliance.VmTests.Pc;

/// <summary>A shell that was opened from the first screen of the menu.</summary>
internal sealed partial class GuestShell
{
    private readonly VirtualPc _pc;

    private GuestShell(VirtualPc pc) => _pc = pc;

    /// <summary>From the first screen to the shell.</summary>
    internal static async Task<GuestShell> OpenAsync(VirtualPc pc)
    {
        await pc.PressAsync("6", "bootconsole:");
        return new GuestShell(pc);
    }

    /// <summary>Runs a command that is done by itself.</summary>
    /// <returns>Its exit code, and what it said, lines as they were.</returns>
    internal async Task<(int Code, string Output)> RunAsync(string command)
    {
        var before = _pc.Log.Length;
        await _pc.EnterAsync($"clear; {command}; echo ended $?.");
        await _pc.SaysAsync(log => End().IsMatch(log[before..]), "the end of: " + command);
        var said = _pc.Log[before..];
        var end = End().Match(said);
        return (int.Parse(end.Groups[1].Value, CultureInfo.InvariantCulture), said[..end.Index]);
    }

    /// <summary>Runs a command that has to succeed.</summary>
    internal async Task<string> DoAsync(string command)
    {
        var (code, output) = await RunAsync(command);
        return code == 0 ? output : throw new InvalidOperationException($"{command}: {code}\n{output}");
    }

    /// <summary>Runs a job of a settings file that is refused: the reason stands in the menu, which is left again.</summary>
    /// <param name="name">The file's name in <c>/etc/bootconsole</c>, without <c>.toml</c>.</param>
    /// <param name="words">The reason; where lines are broken does not matter.</param>
    internal async Task RefusedAsync(string name, params string[] words)
    {
        await _pc.EnterAsync($"clear; bootconsole run --config /etc/bootconsole/{name}.toml", ["NOT DONE.", .. words]);
        await _pc.PressAsync("Enter", "Welcome");
        await _pc.PressAsync("8", "bootconsole:");
    }

    /// <summary>Runs a job of a settings file that succeeds: it says so, and the menu is left again.</summary>
    /// <param name="name">The file's name in <c>/etc/bootconsole</c>, without <c>.toml</c>.</param>
    /// <param name="words">How it says so.</param>
    internal async Task DoneAsync(string name, params string[] words)
    {
        await _pc.EnterAsync($"clear; bootconsole run --config /etc/bootconsole/{name}.toml", words);
        await _pc.PressAsync("Enter", "Welcome");
        await _pc.PressAsync("8", "bootconsole:");
    }

    [GeneratedRegex(@"ended (\d+)\.")]
    private static partial Regex End();
}
