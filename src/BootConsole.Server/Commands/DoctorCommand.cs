// bootserver doctor: looks at everything that an installation needs, and says what to do.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Health;
using BootConsole.Server.Output;
using BootConsole.Server.Setup;

namespace BootConsole.Server.Commands;

/// <summary>Checks a server, and writes again what can be made from other things.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> Rebuild = new("--rebuild") { Description = "first write again what can be made from catalogue, keys and stores: owners, users, sshd's files, what PCs are told, what the catalogue remembers of images" };

    internal static Command Make(Services services)
    {
        var command = new Command("doctor", "Check everything that this server needs, and say what to do.") { Rebuild };
        ExampleHelp.Give(command, "bootserver doctor", "bootserver doctor --rebuild");
        command.Does(services, "Nothing was removed, and no image was touched.", LookAsync);
        return command;
    }

    private static async Task<ExitCode> LookAsync(CommandSession session)
    {
        var tree = ServerTree.At(session.Line.GetValue(CommandTree.Root)!);
        // With neither there never was a server here: that is a slip of the command line.
        if (!File.Exists(tree.Facts)) tree = session.Tree;
        var facts = tree.ReadFacts();
        if (facts.IsSystem && FileOwnership.Self != FileOwnership.Root) throw new RefusedFault("only root sees all of this server") { Remedy = "Run this as root." };
        var program = InitCommand.ThisProgram();
        var unread = session.Line.GetValue(Rebuild) ? await new ServerRepair(session.Services, tree, facts, program).MakeAsync(session.Cancel) : [];
        List<Finding> findings =
        [
            .. await new ServerDoctor(session.Services, tree, facts, program).LookAsync(session.Cancel),
            .. unread.Select(store => Finding.Fault("images", $"The images of {store.Pc} cannot be looked at: {store.Trouble}.", "Take away what stands there; then 'bootserver images scan'.")),
        ];
        var worst = findings.Max(finding => finding.Level);
        session.Answer(
            [.. PlainTable.Lines([.. findings.Select(finding => (string[])[Word(finding.Level), finding.Check, finding.What + (finding.Remedy.Length > 0 ? " To do: " + finding.Remedy : "")])]), Sum(findings)],
            new DoctorDocument(Word(worst), [.. findings.Select(finding => new FindingDocument(Word(finding.Level), finding.Check, finding.What, finding.Remedy))]),
            ServerDocuments.Default.DoctorDocument);
        return worst == FindingLevel.Fault ? ExitCode.Failed : ExitCode.Done;
    }

    private static string Word(FindingLevel level) => level switch { FindingLevel.Fault => "fault", FindingLevel.Warning => "warning", _ => "ok" };

    private static string Sum(IReadOnlyList<Finding> findings)
    {
        int Count(FindingLevel level) => findings.Count(finding => finding.Level == level);
        return Count(FindingLevel.Fault) + Count(FindingLevel.Warning) == 0 ? "All is well." : $"Faults: {Count(FindingLevel.Fault)}. Warnings: {Count(FindingLevel.Warning)}.";
    }
}
