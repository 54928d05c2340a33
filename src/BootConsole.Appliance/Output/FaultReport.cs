// The one place that turns a fault into what happened, what is safe and what to do.
using BootConsole.Core;

namespace BootConsole.Appliance.Output;

/// <summary>A fault in words.</summary>
/// <param name="What">What happened, with the thing it happened to, what was expected and what was found.</param>
/// <param name="Safe">What is safe.</param>
/// <param name="Remedy">What to do; empty only after a cancel.</param>
internal sealed record FaultReport(string What, string Safe, string Remedy)
{
    /// <summary>Describes a fault.</summary>
    /// <param name="exception">The fault, or a defect of the program.</param>
    /// <param name="code">The exit code it leads to.</param>
    /// <param name="safe">What the command knows to be safe; used unless nothing was written at all.</param>
    internal static FaultReport Of(Exception exception, ExitCode code, string safe) => (exception, code) switch
    {
        (_, ExitCode.Cancelled) => new FaultReport("Cancelled.", safe, ""),
        (Fault fault, _) => new FaultReport(FaultSentence.Of(fault), code is ExitCode.Refused or ExitCode.Usage ? "Nothing was written." : safe, fault.Remedy.Length > 0 ? fault.Remedy : UsualRemedy(fault)),
        (IOException or UnauthorizedAccessException, _) => new FaultReport($"The system refused: {exception.Message}", safe, "Check the file it names, its permissions and the space there."),
        (OutOfMemoryException, _) => new FaultReport("The PC ran out of memory.", safe, "Close other programs, or use a PC with at least 512 MiB."),
        _ => new FaultReport($"The program met a defect of its own: {exception.GetType().Name}: {exception.Message}", safe, "Please report this, with the text above."),
    };

    // Where the fault was made nobody knew better.
    private static string UsualRemedy(Fault fault) => fault switch
    {
        UsageFault => "--help shows what is possible, with examples.",
        RefusedFault => "Choose something else, or take away what stands against it; 'bootconsole disks' and 'bootconsole images' show what there is.",
        CorruptFault => "Take another image if there is one, and leave the store as it is; 'bootconsole verify' checks the others.",
        DiskFault => "Check the disk, its cable and the kernel's log (dmesg), then try again.",
        TransportFault => "Check the network and the server, then try again.",
        StoreFault => "Check the store: its medium, its permissions, its free space.",
        KeyFault => "Check which key or password belongs to this store.",
        _ => "Install or repair what is named there, then try again.",
    };
}
