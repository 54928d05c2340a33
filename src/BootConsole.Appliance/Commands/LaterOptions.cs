// What the documented command line has and this version does not: refused by name, never ignored.
using System.CommandLine;
using System.CommandLine.Parsing;
using BootConsole.Core;

namespace BootConsole.Appliance.Commands;

/// <summary>Options and commands that come with a later version.</summary>
internal static class LaterOptions
{
    /// <summary>Of <c>backup</c>.</summary>
    internal static IReadOnlyList<Option> Backup { get; } =
    [
        Later("--password-file", "F"), Later("--recipient", "age1…"), Later("--at", "TIME"), Later("--limit", "RATE"),
    ];

    /// <summary>Of <c>restore</c>.</summary>
    internal static IReadOnlyList<Option> Restore { get; } = [Later("--password-file", "F")];

    /// <summary>Commands that are known and refused.</summary>
    internal static IEnumerable<Command> Commands(Services services)
    {
        foreach (var name in (string[])["run", "resume", "prune", "keys", "password"])
        {
            var command = new Command(name, "Not part of this version.") { Hidden = true, TreatUnmatchedTokensAsErrors = false };
            command.Runs(services, "Nothing was written.", _ => throw NotYet($"'bootconsole {name}'"));
            yield return command;
        }
    }

    /// <summary>Refuses every one of <paramref name="options"/> that was given.</summary>
    /// <exception cref="UsageFault">One was given.</exception>
    internal static void Refuse(ParseResult arguments, IEnumerable<Option> options)
    {
        foreach (var option in options)
            if (arguments.GetResult(option) is OptionResult { Implicit: false }) throw NotYet(option.Name);
    }

    internal static UsageFault NotYet(string what) => new($"{what} is not part of this version") { Remedy = "See CHANGELOG.md for what this version can do." };

    private static Option<string[]> Later(string name, string help) => new(name) { HelpName = help, Description = "not part of this version", Hidden = true };
}
