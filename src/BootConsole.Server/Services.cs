// What the commands work with: chosen once, in Program.
using BootConsole.Host;
using Spectre.Console;

namespace BootConsole.Server;

/// <summary>The implementations behind the commands.</summary>
internal sealed record Services
{
    /// <summary>Runs outside programs.</summary>
    public required IProgramRunner Programs { get; init; }

    /// <summary>Standard output.</summary>
    public required IAnsiConsole Output { get; init; }

    /// <summary>Standard error.</summary>
    public required IAnsiConsole Errors { get; init; }
}
