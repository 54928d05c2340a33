// Writes the report of a fault: three lines on standard error, and under --json the document on standard output.
using System.Text.Json;

namespace BootConsole.Appliance.Output;

/// <summary>The end of every run that did not succeed.</summary>
internal static class FaultOutput
{
    /// <summary>Writes the report of a fault that ended the run.</summary>
    internal static void Write(Services services, bool isJson, FaultReport report, ExitCode code)
    {
        if (isJson)
        {
            var document = new JobDocument { Outcome = ExitCodes.Outcome(code), Fault = Document(report) };
            try
            {
                services.Output.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(document, Documents.Context.JobDocument));
            }
            catch (IOException)
            {
                // Standard output takes nothing (a full disk): standard error still gets the report.
            }
        }

        WriteLines(services, report);
    }

    /// <summary>Writes the three lines alone, for a command that gives the document itself.</summary>
    internal static void WriteLines(Services services, FaultReport report)
    {
        var errors = services.Errors.Profile.Out.Writer;
        errors.WriteLine(PlainText.Of($"bootconsole: {report.What}"));
        errors.WriteLine(PlainText.Of($"  Safe:  {report.Safe}"));
        if (report.Remedy.Length > 0) errors.WriteLine(PlainText.Of($"  To do: {report.Remedy}"));
    }

    /// <summary>The report as a part of a document.</summary>
    internal static FaultDocument Document(FaultReport report) => new(report.What, report.Safe, report.Remedy);
}
