// Writes the report of a fault: three lines on standard error, and under --json the document on standard output.
using System.Text.Json;
using BootConsole.Core;

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

    /// <summary>Writes the lines alone, for a command that gives the document itself.</summary>
    internal static void WriteLines(Services services, FaultReport report)
    {
        var errors = services.Errors.Profile.Out.Writer;
        var lines = report.What.Split('\n');
        errors.WriteLine(PlainText.Of($"bootconsole: {lines[0]}"));
        // The errors of a settings file have lines of their own. Indented, no foreign text can pass for a report.
        foreach (var line in lines.Skip(1)) errors.WriteLine(PlainText.Of($"  {line}"));
        errors.WriteLine(PlainText.Of($"  Safe:  {report.Safe}"));
        if (report.Remedy.Length > 0) errors.WriteLine(PlainText.Of($"  To do: {report.Remedy}"));
    }

    /// <summary>The report as a part of a document.</summary>
    internal static FaultDocument Document(FaultReport report) => new(report.What, report.Safe, report.Remedy);
}
