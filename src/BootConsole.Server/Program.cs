// bootserver: the program of the administrator. Chooses the implementations and hands over to the commands.
using System.CommandLine;
using System.Runtime.InteropServices;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Commands;
using BootConsole.Server.Output;
using Spectre.Console;

namespace BootConsole.Server;

/// <summary>The entry point.</summary>
internal static class Program
{
    // To the very end of the process: a signal that comes when the work is done must not make the exit code that of a program that was killed.
    private static readonly CancellationTokenSource Cancel = new();
    private static readonly PosixSignalRegistration[] Signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];

    private static async Task<int> Main(string[] arguments)
    {
        // sshd waits for this answer at each login, twice: nothing else is made ready for it.
        if (AuthorizeCommand.TryAnswer(arguments, TimeProvider.System) is { } answered) return answered;
        GC.KeepAlive(Signals);
        // The runtime's own buffer for the console has 256 characters: a document of 100,000 images would be as many calls of the system.
        if (Console.IsOutputRedirected) Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(false), 64 << 10) { AutoFlush = true });
        var services = new Services
        {
            Programs = new ProgramRunner(),
            Output = AnsiConsole.Console,
            Errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }),
        };
        var border = new CommandBorder(services, arguments.Contains(CommandTree.Json.Name), "Nothing was written.");
        return (int)await border.RunAsync(async () =>
        {
            var parsed = CommandTree.Make(services).Parse(arguments);
            if (parsed.Errors.Count == 0) return (ExitCode)await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, Cancel.Token);
            throw new UsageFault(string.Join(' ', parsed.Errors.Select(error => error.Message))) { Remedy = $"'{PathOf(parsed.CommandResult.Command)} --help' shows what is possible." };
        });
    }

    private static string PathOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : command.Name;

    private static void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Cancel.Cancel();
    }
}
