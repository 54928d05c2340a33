// bootconsole: the program on the PC. Chooses the implementations and hands over to the commands.
using System.CommandLine;
using System.Runtime.InteropServices;
using BootConsole.Appliance.Commands;
using BootConsole.Appliance.Output;
using BootConsole.Codec;
using BootConsole.Host;
using Spectre.Console;

namespace BootConsole.Appliance;

/// <summary>The entry point.</summary>
internal static class Program
{
    // To the very end of the process: a signal that comes when the work is done must not make the exit code that of a program that was killed.
    private static readonly CancellationTokenSource Cancel = new();
    private static readonly PosixSignalRegistration[] Signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];

    private static async Task<int> Main(string[] arguments)
    {
        GC.KeepAlive(Signals);
        // Workers, reader and writer of a pipeline each hold a thread while they compute or wait for a disk; the pool would add them one every half second.
        ThreadPool.SetMinThreads(2 * Environment.ProcessorCount + 8, 4);
        var services = MakeServices();
        try
        {
            var parsed = CommandTree.Make(services).Parse(arguments);
            if (parsed.Errors.Count > 0) throw UsageFaults.Of(parsed);
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, Cancel.Token);
        }
#pragma warning disable CA1031 // The border of the program: what no command caught came before any command.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var code = ExitCodes.Of(exception, hasWritten: false, Cancel.IsCancellationRequested);
            FaultOutput.Write(services, arguments.Contains(CommonOptions.Json.Name), FaultReport.Of(exception, code, "Nothing was written."), code);
            return (int)code;
        }
    }

    private static void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Cancel.Cancel();
    }

    private static Services MakeServices()
    {
        // What goes to a file or a pipe is not cut to a terminal's width.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 500;
        return new Services
        {
            Programs = new ProgramRunner(),
            Processes = new ProcessTable(),
            Clock = TimeProvider.System,
            MakeTransform = level => new ZstdTransform(level),
            Output = AnsiConsole.Console,
            Errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }),
            IsInteractive = !Console.IsErrorRedirected && !Console.IsInputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
        };
    }
}
