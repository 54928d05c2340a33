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
    /// <summary>The exit code of a fault.</summary>
    /// <param name="exception">What ended the run.</param>
    /// <param name="hasWritten">True when something was written before: it is then no refusal any more, whatever the fault calls itself.</param>
    /// <param name="isCancelled">True when the person cancelled.</param>
    internal static ExitCode Of(Exception exception, bool hasWritten, bool isCancelled) => exception switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        // A Ctrl-C at a terminal also reaches the programs that this one runs, and they end before this one has heard of it.
        HostFault when isCancelled => ExitCode.Cancelled,
        UsageFault when !hasWritten => ExitCode.Usage,
        RefusedFault when !hasWritten => ExitCode.Refused,
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
