// What the parser of the command line finds wrong, as a fault like any other.
using System.CommandLine;
using BootConsole.Core;

namespace BootConsole.Appliance.Commands;

/// <summary>Words for command lines that cannot be.</summary>
internal static class UsageFaults
{
    /// <summary>The fault of a command line that did not parse.</summary>
    internal static UsageFault Of(ParseResult parsed) => new(string.Join(' ', parsed.Errors.Select(error => error.Message)))
    {
        Remedy = $"'{string.Join(' ', Path(parsed.CommandResult.Command))} --help' shows what is possible.",
    };

    private static IEnumerable<string> Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? Path(parent).Append(command.Name) : [command.Name];
}
