// The choices of a restore on the command line.
using System.CommandLine;
using BootConsole.Jobs;

namespace BootConsole.Appliance.Commands;

/// <summary>Reads the options that say how a restore is done.</summary>
internal static class RestoreChoices
{
    private static readonly Option<bool> OnlyDifferences = new("--only-differences") { Description = "read the target first; fetch and write only what differs. Goes on with a restore that was cut" };

    internal static void AddTo(Command command) => command.Options.Add(OnlyDifferences);

    internal static RestoreOptions Read(ParseResult arguments) => new() { OnlyDifferences = arguments.GetValue(OnlyDifferences) };
}
