// Runs a program that must succeed.
using BootConsole.Host;

namespace BootConsole.TestKit;

/// <summary>Outside programs of tests.</summary>
public static class Programs
{
    /// <summary>Runs a program and gives its output; throws with its messages when it fails.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await new ProgramRunner().RunAsync(new ProgramCall(program, arguments), CancellationToken.None);
        return result.Succeeded ? result.Output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Error}");
    }
}
