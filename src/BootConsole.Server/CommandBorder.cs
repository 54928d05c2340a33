// The border of the program: here faults become words and exit codes.
using System.Text.Json;
using BootConsole.Core;
using BootConsole.Server.Output;

namespace BootConsole.Server;

/// <summary>Runs commands; whatever they end with becomes a report and an exit code.</summary>
/// <param name="services">The implementations.</param>
/// <param name="isJson">True to give the report as a document too.</param>
/// <param name="safe">What is safe when the command fails: one sentence.</param>
internal sealed class CommandBorder(Services services, bool isJson, string safe)
{
    /// <summary>Runs a command.</summary>
    internal async Task<ExitCode> RunAsync(Func<Task<ExitCode>> command)
    {
        try
        {
            return await command();
        }
#pragma warning disable CA1031 // The border of the program: everything becomes a report and an exit code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var report = FaultReport.Of(exception, safe);
            if (isJson) services.Output.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(new FailureDocument(report.Outcome, new FaultDocument(report.What, report.Safe, report.Remedy)), Documents.Default.FailureDocument));
            foreach (var line in report.Lines()) services.Errors.Profile.Out.Writer.WriteLine(PlainText.Of(line));
            return report.Code;
        }
    }
}
