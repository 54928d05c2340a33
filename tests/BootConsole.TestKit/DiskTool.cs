// Runs a disk tool and insists that it works.
using BootConsole.Host;

namespace BootConsole.TestKit;

/// <summary>Programs such as <c>sfdisk</c> and <c>mkfs.ext4</c>, run to their end.</summary>
public static class DiskTool
{
    /// <summary>Runs a program and gives its standard output; a failure is the test's.</summary>
    public static string Run(string program, params IReadOnlyList<string> arguments) => RunWithInput("", program, arguments);

    /// <summary>The same, with text on standard input.</summary>
    public static string RunWithInput(string input, string program, params IReadOnlyList<string> arguments)
    {
        var result = Try(input, program, arguments);
        return result.Succeeded
            ? result.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Output}{result.Error}");
    }

    /// <summary>Runs a program that may fail.</summary>
    public static ProgramResult Try(string input, string program, params IReadOnlyList<string> arguments) =>
        new ProgramRunner().RunAsync(new ProgramCall(program, arguments) { Input = input }, CancellationToken.None).GetAwaiter().GetResult();
}
