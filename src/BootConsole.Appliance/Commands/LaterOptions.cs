// What the documented command line has and this version does not: refused by name, never ignored.
using System.CommandLine;
using BootConsole.Core;

namespace BootConsole.Appliance.Commands;

/// <summary>Options and commands that come with a later version.</summary>
internal static class LaterOptions
{
    /// <summary>Commands that are known and refused.</summary>
    internal static IEnumerable<Command> Commands(Services services)
    {
        foreach (var name in (string[])["run"])
        {
            var command = new Command(name, "Not part of this version.") { Hidden = true, TreatUnmatchedTokensAsErrors = false };
            command.Runs(services, "Nothing was written.", _ => throw NotYet($"'bootconsole {name}'"));
            yield return command;
        }
    }

    internal static UsageFault NotYet(string what) => new($"{what} is not part of this version") { Remedy = "See CHANGELOG.md for what this version can do." };
}
