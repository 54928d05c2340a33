// One run of one command: where its answer goes, how its progress is shown, and what its fault becomes.
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BootConsole.Appliance.Commands;
using BootConsole.Appliance.Output;
using BootConsole.Core;
using Spectre.Console;

namespace BootConsole.Appliance;

/// <summary>The surroundings of one command.</summary>
internal sealed class CommandSession(Services services, ParseResult arguments, bool isJson, CancellationToken cancel)
{
    /// <summary>The implementations.</summary>
    internal Services Services => services;

    /// <summary>The parsed command line.</summary>
    internal ParseResult Arguments => arguments;

    /// <summary>True for <c>--json</c>.</summary>
    internal bool IsJson => isJson;

    /// <summary>Given when the person cancels.</summary>
    internal CancellationToken Cancel => cancel;

    /// <summary>Prints a line for people; nothing under <c>--json</c>.</summary>
    internal void Say(string line = "")
    {
        // Not WriteLine of the console: it would wrap long lines, and what scripts read must stay whole.
        if (!isJson) services.Output.Profile.Out.Writer.WriteLine(line);
    }

    /// <summary>Prints a table or another picture; nothing under <c>--json</c>.</summary>
    internal void Show(Spectre.Console.Rendering.IRenderable picture)
    {
        if (!isJson) services.Output.Write(picture);
    }

    /// <summary>Prints the command's one JSON document; nothing without <c>--json</c>.</summary>
    internal void Answer<T>(T document, JsonTypeInfo<T> type)
    {
        if (isJson) services.Output.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(document, type));
    }

    /// <summary>Runs a job and shows its progress on standard error.</summary>
    internal Task<T> RunAsync<T>(JobProgress progress, Func<Task<T>> job)
    {
        var style = isJson ? ProgressStyle.Json : services.IsInteractive ? ProgressStyle.Live : ProgressStyle.Lines;
        return new ProgressDisplay(services.Errors, style, services.Clock).ShowAsync(progress, job);
    }

    /// <summary>Runs a job without a result.</summary>
    internal Task RunAsync(JobProgress progress, Func<Task> job) => RunAsync(progress, async () =>
    {
        await job();
        return 0;
    });
}

/// <summary>Runs commands: the border where faults become words and exit codes.</summary>
internal static class CommandBorder
{
    /// <summary>Gives a command its action.</summary>
    /// <param name="command">The command.</param>
    /// <param name="services">The implementations.</param>
    /// <param name="safe">What is safe when it fails: one sentence.</param>
    /// <param name="run">The work.</param>
    internal static void Runs(this Command command, Services services, string safe, Func<CommandSession, Task<ExitCode>> run) =>
        command.SetAction(async (arguments, cancel) =>
        {
            var isJson = arguments.GetValue(CommonOptions.Json);
            try
            {
                return (int)await run(new CommandSession(services, arguments, isJson, cancel));
            }
#pragma warning disable CA1031 // The border of the program: everything becomes a report and an exit code.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                return (int)Report(services, isJson, exception, safe);
            }
        });

    private static ExitCode Report(Services services, bool isJson, Exception exception, string safe)
    {
        var code = ExitCodes.Of(exception);
        var report = FaultReport.Of(exception, safe);
        if (isJson)
        {
            var document = new JobDocument { Outcome = ExitCodes.Outcome(code), Fault = new FaultDocument(report.What, report.Safe, report.Remedy) };
            services.Output.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(document, Documents.Context.JobDocument));
        }

        var errors = services.Errors.Profile.Out.Writer;
        errors.WriteLine($"bootconsole: {report.What}");
        if (report.Safe.Length > 0) errors.WriteLine($"  Safe:  {report.Safe}");
        if (report.Remedy.Length > 0) errors.WriteLine($"  To do: {report.Remedy}");
        return code;
    }
}
