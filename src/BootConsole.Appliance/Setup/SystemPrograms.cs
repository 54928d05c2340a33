// Programs of the boot image: under their own name, or as a part of busybox.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Appliance.Setup;

/// <summary>Runs small programs of the system, each within a time.</summary>
internal sealed class SystemPrograms(IProgramRunner programs)
{
    /// <summary>Runs a program.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="HostFault">Neither it nor busybox is installed.</exception>
    internal async Task<ProgramResult> RunAsync(string program, TimeSpan limit, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        try
        {
            return await CallAsync(new ProgramCall(program, arguments) { Limit = limit }, cancel);
        }
        catch (HostFault)
        {
            return await CallAsync(new ProgramCall("busybox", [program, .. arguments]) { Limit = limit }, cancel);
        }
    }

    /// <summary>The same with bytes on its standard input.</summary>
    internal Task<ProgramResult> FeedAsync(byte[] input, string program, TimeSpan limit, CancellationToken cancel) =>
        CallAsync(new ProgramCall("busybox", program) { Limit = limit, InputBytes = input }, cancel);

    /// <summary>What a program had to say about its failure: its last line.</summary>
    internal static string Words(ProgramResult result) => result.TimedOut ? "it took too long" : result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? $"exit code {result.ExitCode}";

    // A program that went into the background may hold what it was started with: it is not waited for.
    private Task<ProgramResult> CallAsync(ProgramCall call, CancellationToken cancel) => programs.RunAsync(call, cancel).WaitAsync(call.Limit + TimeSpan.FromSeconds(5), cancel);
}
