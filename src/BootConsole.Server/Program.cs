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
    private static async Task<int> Main(string[] arguments)
    {
        using var cancel = new CancellationTokenSource();
        using var interrupt = Cancelling(PosixSignal.SIGINT, cancel);
        using var terminate = Cancelling(PosixSignal.SIGTERM, cancel);
        using var hangUp = Cancelling(PosixSignal.SIGHUP, cancel);
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
            if (parsed.Errors.Count == 0) return (ExitCode)await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancel.Token);
            throw new UsageFault(string.Join(' ', parsed.Errors.Select(error => error.Message))) { Remedy = $"'{PathOf(parsed.CommandResult.Command)} --help' shows what is possible." };
        });
    }

    private static string PathOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : command.Name;

    private static PosixSignalRegistration Cancelling(PosixSignal signal, CancellationTokenSource cancel) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        cancel.Cancel();
    });
}
