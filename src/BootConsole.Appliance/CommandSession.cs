// One run of one command: where its answer goes, how its progress is shown, and what its fault becomes.
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BootConsole.Appliance.Commands;
using BootConsole.Appliance.Output;
using BootConsole.Core;

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

    /// <summary>How progress is shown.</summary>
    internal ProgressStyle ProgressStyle { get; init; } = isJson ? ProgressStyle.Json : services.IsInteractive ? ProgressStyle.Live : ProgressStyle.Lines;

    /// <summary>Told of every line that the command says and of every event of its jobs: for the record of an unattended run.</summary>
    internal Action<string>? Note { get; init; }

    /// <summary>Takes the job's document instead of standard output; null to print it.</summary>
    internal Action<JobDocument>? TakeDocument { get; init; }

    /// <summary>Given when the person cancels.</summary>
    internal CancellationToken Cancel => cancel;

    /// <summary>True once a disk or a store was changed: from then on no fault may be reported as "nothing was written".</summary>
    internal bool HasWritten { get; set; }

    /// <summary>Prints a line for people; nothing under <c>--json</c>. Control characters in it become question marks.</summary>
    internal void Say(string line = "")
    {
        if (line.Length > 0) Note?.Invoke(line);
        // Not WriteLine of the console: it would wrap long lines, and what scripts read must stay whole.
        if (!isJson) services.Output.Profile.Out.Writer.WriteLine(PlainText.Of(line));
    }

    /// <summary>Prints the command's one JSON document; nothing without <c>--json</c>.</summary>
    internal void Answer<T>(T document, JsonTypeInfo<T> type)
    {
        if (document is JobDocument job && TakeDocument is not null) TakeDocument(job);
        else if (isJson) services.Output.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(document, type));
    }

    /// <summary>Runs a job and shows its progress on standard error.</summary>
    internal async Task<T> RunAsync<T>(JobProgress progress, Func<Task<T>> job)
    {
        try
        {
            return await new ProgressDisplay(services.Errors, ProgressStyle, services.Clock, Note).ShowAsync(progress, job);
        }
        finally
        {
            HasWritten |= progress[Stage.Send].Bytes > 0 || progress[Stage.Write].Bytes > 0;
        }
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
            var session = new CommandSession(services, arguments, arguments.GetValue(CommonOptions.Json), cancel);
            try
            {
                return (int)await run(session);
            }
#pragma warning disable CA1031 // The border of the program: everything becomes a report and an exit code.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                var code = ExitCodes.Of(exception, session.HasWritten, cancel.IsCancellationRequested);
                FaultOutput.Write(services, session.IsJson, FaultReport.Of(exception, code, safe), code);
                return (int)code;
            }
        });
}
