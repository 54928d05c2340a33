// Runs programs of this machine for tests: what must succeed does, or the test says what the program said.
using BootConsole.Host;

namespace BootConsole.TestKit;

/// <summary>Outside programs as tests use them.</summary>
public static class SystemTool
{
    /// <summary>Runs a program to its end and returns its standard output; any other exit than 0 fails the test.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var result = Try(program, arguments);
        return result.Succeeded
            ? result.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit {result.ExitCode}\n{result.Output}\n{result.Error}");
    }

    /// <summary>Runs a program to its end, whatever it says.</summary>
    public static ProgramResult Try(string program, params string[] arguments) =>
        new ProgramRunner().RunAsync(new ProgramCall(program, arguments), CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Runs a program with text on its standard input; any other exit than 0 fails the test.</summary>
    public static void Feed(string input, string program, params string[] arguments)
    {
        var result = new ProgramRunner().RunAsync(new ProgramCall(program, arguments) { Input = input }, CancellationToken.None).GetAwaiter().GetResult();
        if (!result.Succeeded) throw new InvalidOperationException($"{program}: exit {result.ExitCode}\n{result.Output}\n{result.Error}");
    }
}
