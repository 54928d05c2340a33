// A terminal with a shell that finds the program under test.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

/// <summary>A terminal with a shell in it.</summary>
/// <param name="columns">Its columns.</param>
/// <param name="rows">Its rows.</param>
/// <param name="variables">More for the shell's environment: <c>LANG=C.UTF-8</c>.</param>
internal sealed class Terminal(int columns = 100, int rows = 24, params IReadOnlyList<string> variables) : TerminalWindow(
    columns, rows, ["env", $"DOTNET_ROOT={Bootconsole.DotnetRoot}", $"PATH={Bootconsole.Folder}:{Environment.GetEnvironmentVariable("PATH")}", "PS1=ready> ", .. variables, "sh"]);
