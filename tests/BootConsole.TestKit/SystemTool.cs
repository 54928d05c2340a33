// Runs programs that tests are made with or hold results against: sfdisk, mkfs, zstd, find.
using BootConsole.Host;

namespace BootConsole.TestKit;

/// <summary>Outside programs as tests use them.</summary>
public static class SystemTool
{
    /// <summary>Runs a program to its end and returns its standard output; any other exit than 0 fails the test.</summary>
    public static string Run(string program, params string[] arguments) => Output(Try(program, arguments), program, arguments);

    /// <summary>The same without blocking a thread.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments) =>
        Output(await new ProgramRunner().RunAsync(new ProgramCall(program, arguments), CancellationToken.None), program, arguments);

    /// <summary>The same with text on its standard input.</summary>
    public static string Feed(string input, string program, params string[] arguments) => Output(Call(new ProgramCall(program, arguments) { Input = input }), program, arguments);

    /// <summary>Runs a program to its end, whatever it says.</summary>
    public static ProgramResult Try(string program, params string[] arguments) => Call(new ProgramCall(program, arguments));

    private static ProgramResult Call(ProgramCall call) => new ProgramRunner().RunAsync(call, CancellationToken.None).GetAwaiter().GetResult();

    private static string Output(ProgramResult result, string program, string[] arguments) => result.Succeeded
        ? result.Output
        : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit {result.ExitCode}\n{result.Output}\n{result.Error}");
}
