// What the documented command line has and this version does not: refused by name, never ignored.
using BootConsole.Core;

namespace BootConsole.Appliance.Commands;

/// <summary>What comes with a later version.</summary>
internal static class LaterOptions
{
    internal static UsageFault NotYet(string what) => new($"{what} is not part of this version") { Remedy = "See CHANGELOG.md for what this version can do." };
}
