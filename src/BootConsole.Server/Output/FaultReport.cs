// What happened, what is safe, what to do: the end of every run of bootserver that did not succeed.
using BootConsole.Core;

namespace BootConsole.Server.Output;

/// <summary>A fault in words.</summary>
/// <param name="Code">The exit code it leads to.</param>
/// <param name="Outcome">The same as a word.</param>
/// <param name="What">What happened.</param>
/// <param name="Safe">What is safe.</param>
/// <param name="Remedy">What to do; empty only after a cancel.</param>
internal sealed record FaultReport(ExitCode Code, string Outcome, string What, string Safe, string Remedy)
{
    private const string NothingWritten = "Nothing was written.";

    /// <summary>Describes what ended a run.</summary>
    internal static FaultReport Of(Exception exception, string safe) => exception switch
    {
        OperationCanceledException => new FaultReport(ExitCode.Cancelled, "cancelled", "Cancelled.", safe, ""),
        UsageFault fault => new FaultReport(ExitCode.Usage, "refused", FaultSentence.Of(fault), NothingWritten, Remedied(fault, "--help shows what is possible, with examples.")),
        RefusedFault fault => new FaultReport(ExitCode.Refused, "refused", FaultSentence.Of(fault), NothingWritten, Remedied(fault, "Take away what stands against it, or choose something else.")),
        Fault fault => new FaultReport(ExitCode.Failed, "failed", FaultSentence.Of(fault), safe, Remedied(fault, "Install or repair what is named there, then try again.")),
        IOException or UnauthorizedAccessException => new FaultReport(ExitCode.Failed, "failed", $"The system refused: {exception.Message}", safe, "Check the file it names, its permissions and the space there."),
        _ => new FaultReport(ExitCode.Failed, "failed", $"The program met a defect of its own: {exception.GetType().Name}: {exception.Message}", safe, "Please report this, with the text above."),
    };

    /// <summary>The report as part of a document.</summary>
    internal FaultDocument Document => new(What, Safe, Remedy);

    /// <summary>The report for standard error. Lines but the first are indented, so that no foreign text can pass for a report.</summary>
    internal IEnumerable<string> Lines()
    {
        var what = What.Split('\n');
        IEnumerable<string> lines = [$"bootserver: {what[0]}", .. what[1..].Select(line => "  " + line), $"  Safe:  {Safe}"];
        return Remedy.Length > 0 ? lines.Append($"  To do: {Remedy}") : lines;
    }

    private static string Remedied(Fault fault, string usual) => fault.Remedy.Length > 0 ? fault.Remedy : usual;
}
