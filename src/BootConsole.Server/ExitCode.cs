// The exit codes of bootserver.
namespace BootConsole.Server;

/// <summary>Exit codes; documented in docs/bootserver.md and in <c>--help</c>. Those of bootconsole mean the same.</summary>
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

    /// <summary>The check found PCs that are overdue. Not one of the small numbers: systemd shows those by names that mean other things.</summary>
    Overdue = 10,

    /// <summary>Cancelled.</summary>
    Cancelled = 130,
}
