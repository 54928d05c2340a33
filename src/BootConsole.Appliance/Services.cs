// What the commands work with: chosen once, in Program.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Jobs;
using Spectre.Console;

namespace BootConsole.Appliance;

/// <summary>The implementations behind the commands.</summary>
internal sealed record Services
{
    /// <summary>Runs outside programs.</summary>
    public required IProgramRunner Programs { get; init; }

    /// <summary>This process and others of this machine.</summary>
    public required IProcessTable Processes { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Makes a chunk transform of a level.</summary>
    public required Func<int, IChunkTransform> MakeTransform { get; init; }

    /// <summary>Standard output.</summary>
    public required IAnsiConsole Output { get; init; }

    /// <summary>Standard error.</summary>
    public required IAnsiConsole Errors { get; init; }

    /// <summary>True when a person sits at standard input and standard error.</summary>
    public required bool IsInteractive { get; init; }

    /// <summary>Program name and version.</summary>
    public static string ProgramName { get; } = $"bootconsole {typeof(Services).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>The surroundings of one job.</summary>
    public JobContext MakeJobContext() => new() { MakeTransform = MakeTransform, Processes = Processes, Clock = Clock };
}
