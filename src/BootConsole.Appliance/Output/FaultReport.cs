// The one place that turns a fault into what happened, what is safe and what to do.
using BootConsole.Core;

namespace BootConsole.Appliance.Output;

/// <summary>A fault in words.</summary>
/// <param name="What">What happened, with the thing it happened to, what was expected and what was found.</param>
/// <param name="Safe">What is safe.</param>
/// <param name="Remedy">What to do; may be empty.</param>
internal sealed record FaultReport(string What, string Safe, string Remedy)
{
    /// <summary>Describes a fault.</summary>
    /// <param name="exception">The fault, or a defect of the program.</param>
    /// <param name="safe">What the command knows to be safe; used unless the fault itself says more.</param>
    internal static FaultReport Of(Exception exception, string safe) => exception switch
    {
        OperationCanceledException => new FaultReport("Cancelled.", safe, ""),
        Fault fault => new FaultReport(Sentence(fault), fault is RefusedFault or UsageFault ? "Nothing was written." : safe, fault.Remedy),
        OutOfMemoryException => new FaultReport("The PC ran out of memory.", safe, "Close other programs, or use a PC with at least 512 MiB."),
        _ => new FaultReport($"The program met a defect of its own: {exception.GetType().Name}: {exception.Message}", safe, "Please report this, with the text above."),
    };

    private static string Sentence(Fault fault)
    {
        var text = fault.Message.Length > 0 ? char.ToUpperInvariant(fault.Message[0]) + fault.Message[1..] : "Something went wrong";
        if (fault.Which.Length > 0) text += $": {fault.Which}";
        if (fault is DiskFault { Range: { } range }) text += $" (bytes {range.Start} to {range.End - 1})";
        text = text.TrimEnd('.') + ".";
        if (fault.Expected.Length > 0) text += $" Expected: {fault.Expected.TrimEnd('.')}.";
        if (fault.Found.Length > 0) text += $" Found: {fault.Found.TrimEnd('.')}.";
        return text;
    }
}
