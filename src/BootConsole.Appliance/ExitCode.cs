// The exit codes of bootconsole, and which fault leads to which.
using BootConsole.Core;

namespace BootConsole.Appliance;

/// <summary>Exit codes; documented in the README and in <c>--help</c>.</summary>
internal enum ExitCode
{
    /// <summary>Done and checked.</summary>
    Done = 0,

    /// <summary>Failed; the reason is on standard error.</summary>
    Failed = 1,

    /// <summary>The command line or a settings file is wrong.</summary>
    Usage = 2,

    /// <summary>Refused; nothing was written.</summary>
    Refused = 3,

    /// <summary>Done, but some ranges of a disk could not be read.</summary>
    Unreadable = 4,

    /// <summary>Cancelled.</summary>
    Cancelled = 130,
}

/// <summary>From faults to exit codes.</summary>
internal static class ExitCodes
{
    internal static ExitCode Of(Exception exception) => exception switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        UsageFault => ExitCode.Usage,
        RefusedFault => ExitCode.Refused,
        _ => ExitCode.Failed,
    };

    internal static string Outcome(ExitCode code) => code switch
    {
        ExitCode.Done or ExitCode.Unreadable => "done",
        ExitCode.Cancelled => "cancelled",
        ExitCode.Refused or ExitCode.Usage => "refused",
        _ => "failed",
    };
}
