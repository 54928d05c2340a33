// All commands of bootserver.
using System.CommandLine;
using BootConsole.Core;

namespace BootConsole.Server.Commands;

/// <summary>Builds the command line.</summary>
internal static class CommandTree
{
    internal static Option<bool> Json { get; } = new("--json") { Description = "print one JSON document", Recursive = true };

    /// <summary>The server's folder; commands that work on a server take it.</summary>
    internal static Option<string> Root { get; } = new("--root") { Description = "folder of the server", HelpName = "DIR", Recursive = true, DefaultValueFactory = _ => Environment.GetEnvironmentVariable("BOOTSERVER_ROOT") is { Length: > 0 } root ? root : "/srv/bootconsole" };

    internal static RootCommand Make(Services services)
    {
        var root = new RootCommand("Keeps a server for PCs that BootConsole backs up: who may come in and for how long, what lies in their stores, and the media that they boot from.") { Json, Root };
        root.Add(InitCommand.Make(services));
        root.Add(SshdCommand.Make(services));
        root.Add(AuthorizeCommand.Make(services));
        root.Add(DoctorCommand.Make(services));
        root.Add(CopyCommand.Make(services));
        root.Add(AuthorityCommand.Make(services));
        root.Add(MediaCommand.Make(services));
        root.Add(ContractCommand.Make(services));
        root.Add(PcCommand.Make(services));
        root.Add(StorageCommand.Make(services));
        root.Add(ServeCommand.Make(services));
        root.Add(BaseCommand.Make(services));
        root.Add(BootImageCommand.Make(services));
        root.Add(ImagesCommand.Make(services));
        root.Add(SealCommand.Make(services));
        root.Add(CompletionCommand.Make(services));
        root.Add(ManualCommand.Make(services));
        ExampleHelp.Install(root, "bootserver media build --config office-pc.toml --base buildroot/out --medium iso --out office-pc.iso");
        return root;
    }

    /// <summary>Gives a command its work.</summary>
    /// <param name="command">The command.</param>
    /// <param name="services">The implementations.</param>
    /// <param name="safe">What is safe when it fails: one sentence.</param>
    /// <param name="work">The work.</param>
    internal static void Does(this Command command, Services services, string safe, Func<CommandSession, Task> work) => command.Does(services, safe, async session =>
    {
        await work(session);
        return ExitCode.Done;
    });

    /// <inheritdoc cref="Does(Command, Services, string, Func{CommandSession, Task})"/>
    internal static void Does(this Command command, Services services, string safe, Func<CommandSession, Task<ExitCode>> work) => command.SetAction(async (parsed, cancel) =>
    {
        var session = new CommandSession(services, parsed, parsed.GetValue(Json), cancel);
        return (int)await new CommandBorder(services, session.IsJson, safe).RunAsync(() => work(session));
    });
}
