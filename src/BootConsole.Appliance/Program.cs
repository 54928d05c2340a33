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
    private static async Task<int> Main(string[] arguments)
    {
        // Workers, reader and writer of a pipeline each hold a thread while they compute or wait for a disk; the pool would add them one every half second.
        ThreadPool.SetMinThreads(2 * Environment.ProcessorCount + 8, 4);
        using var cancel = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        var services = MakeServices();
        try
        {
            var parsed = CommandTree.Make(services).Parse(arguments);
            if (parsed.Errors.Count > 0) throw UsageFaults.Of(parsed);
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancel.Token);
        }
#pragma warning disable CA1031 // The border of the program: what no command caught came before any command.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var code = ExitCodes.Of(exception, hasWritten: false, cancel.IsCancellationRequested);
            FaultOutput.Write(services, arguments.Contains(CommonOptions.Json.Name), FaultReport.Of(exception, code, "Nothing was written."), code);
            return (int)code;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            cancel.Cancel();
        }
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
