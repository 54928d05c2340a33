// Runs the programs that make file systems and images, in the folder where a medium is being made.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Media.Building;

/// <summary>Outside programs with one folder, one date and no settings of the user.</summary>
/// <param name="runner">Runs them.</param>
/// <param name="folder">Where they run. Their files have plain names in it, so that no path of the administrator's can mean anything to them.</param>
/// <param name="date">The date of everything they write.</param>
/// <param name="cancel">Ends them.</param>
internal sealed class MediaPrograms(IProgramRunner runner, string folder, DateTimeOffset date, CancellationToken cancel)
{
    private readonly Dictionary<string, string> _environment = new()
    {
        ["SOURCE_DATE_EPOCH"] = date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        ["E2FSPROGS_FAKE_TIME"] = date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        ["MKE2FS_CONFIG"] = "/dev/null",
        ["MTOOLSRC"] = "/dev/null",
        ["TZ"] = "UTC",
    };

    /// <summary>Runs a program.</summary>
    /// <exception cref="HostFault">It is missing, or ended with a complaint.</exception>
    internal async Task RunAsync(string program, params IReadOnlyList<string> arguments)
    {
        var result = await runner.RunAsync(new ProgramCall(program, arguments) { Folder = folder, Environment = _environment }, cancel);
        if (result.Succeeded) return;
        var complaint = (result.Error + "\n" + result.Output).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).TakeLast(3);
        throw new HostFault("a program that makes boot media failed")
        {
            Which = program,
            Found = result.TimedOut ? "no end within five minutes" : $"exit code {result.ExitCode}: {string.Join(" / ", complaint)}",
            Remedy = "Check the free space where the medium is made, then try again.",
        };
    }
}
