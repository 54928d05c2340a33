// What a fault says, in one place for every program: what happened, to which thing, what was expected and what was found.
namespace BootConsole.Core;

/// <summary>Faults as sentences.</summary>
public static class FaultSentence
{
    /// <summary>The sentences of a fault; several lines when its message has several.</summary>
    public static string Of(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var text = fault.Message.Length > 0 ? char.ToUpperInvariant(fault.Message[0]) + fault.Message[1..] : "Something went wrong";
        if (fault.Which.Length > 0) text += $": {fault.Which}";
        if (fault is DiskFault { Range: { } range }) text += $" (bytes {range.Start} to {range.End - 1})";
        text = Ended(text);
        if (fault.Expected.Length > 0) text += Ended($" Expected: {fault.Expected}");
        if (fault.Found.Length > 0) text += Ended($" Found: {fault.Found}");
        return text;
    }

    private static string Ended(string text) => text.EndsWith('.') ? text : text + ".";
}
