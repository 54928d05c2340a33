// Runs the outside programs of a map, with one limit for all.
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Disks.UsedMaps;

/// <summary>Outside programs under the map's time limit. A program that exceeds it is killed, and the whole partition is saved.</summary>
internal sealed class MapTools(IProgramRunner programs, TimeSpan limit, JobProgress progress)
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    /// <exception cref="UnprovenMapException">It took too long.</exception>
    /// <exception cref="HostFault">It is not installed.</exception>
    internal async Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel)
    {
        // The program says nothing for minutes on a large disk. It may: the time limit ends it, and until then the watchdog is told that the job waits on purpose.
        await using var alive = new Timer(_ => progress.Tick(), null, TickEvery, TickEvery);
        var result = await programs.RunAsync(call with { Limit = limit }, cancel);
        return result.TimedOut ? throw new UnprovenMapException($"the program {call.Program} did not end within {limit.TotalMinutes:0.#} minutes") : result;
    }
}
