// What a check of the server found: a line each.
using BootConsole.Core;

namespace BootConsole.Server.Health;

/// <summary>How bad a finding is.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and something should be done.</summary>
    Warning,

    /// <summary>Something does not work, or is not safe.</summary>
    Fault,
}

/// <summary>A finding.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Check">What was looked at: one or two words.</param>
/// <param name="What">What was found, as a sentence.</param>
/// <param name="Remedy">What to do; empty when nothing.</param>
internal sealed record Finding(FindingLevel Level, string Check, string What, string Remedy = "")
{
    internal static Finding Ok(string check, string what) => new(FindingLevel.Ok, check, what);

    internal static Finding Warning(string check, string what, string remedy) => new(FindingLevel.Warning, check, what, remedy);

    internal static Finding Fault(string check, string what, string remedy) => new(FindingLevel.Fault, check, what, remedy);

    /// <summary>A check that ended with a fault.</summary>
    internal static Finding Of(string check, Fault fault) => Fault(check, FaultSentence.Of(fault), fault.Remedy);
}
