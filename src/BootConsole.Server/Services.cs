// What the commands work with: chosen once, in Program.
using BootConsole.Host;
using Spectre.Console;

namespace BootConsole.Server;

/// <summary>The implementations behind the commands.</summary>
internal sealed record Services
{
    /// <summary>Runs outside programs.</summary>
    public required IProgramRunner Programs { get; init; }

    /// <summary>The server's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Who is named in the catalogue's events: the user who called the program, also through sudo.</summary>
    public string Author { get; init; } = Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } user ? user : Environment.UserName;

    /// <summary>Standard output.</summary>
    public required IAnsiConsole Output { get; init; }

    /// <summary>Standard error.</summary>
    public required IAnsiConsole Errors { get; init; }
}
