// bootserver copy: a copy of catalogue and keys. The daily timer calls it.
using System.CommandLine;
using System.Globalization;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Copies;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands;

/// <summary>Makes copies.</summary>
internal static class CopyCommand
{
    private const int UsualCopies = 14, MostCopies = 10_000;
    private const long LongestLog = 16 << 20;

    private static readonly Option<int?> Keep = new("--keep") { Description = $"how many copies stay; {UsualCopies} unless given", HelpName = "COUNT" };

    internal static Command Make(Services services)
    {
        var command = new Command("copy", "Copy catalogue and keys into the server's folder backup/, and remove old copies.") { Keep };
        ExampleHelp.Give(command, "bootserver copy", "bootserver copy --keep 30");
        command.Does(services, "The server and its older copies are as they were.", session =>
        {
            var keep = session.Line.GetValue(Keep) ?? UsualCopies;
            if (keep is < 1 or > MostCopies) throw new UsageFault("this is no number of copies") { Which = "--keep", Found = keep.ToString(CultureInfo.InvariantCulture), Expected = $"1 to {MostCopies}" };
            var tree = session.Tree;
            using var catalogue = tree.OpenCatalogue(services);
            var copy = ServerCopies.Make(tree, catalogue, services.Clock.GetUtcNow());
            var removed = ServerCopies.Prune(tree, keep);
            // The oracle's user may not make files where root may; a log of another name is the former one.
            if (new FileInfo(tree.OracleLog) is { Exists: true, Length: > LongestLog }) LinuxNames.Replace(tree.OracleLog, tree.OracleLog + ".1");
            session.Answer(
                [$"{copy.Path} is a copy of catalogue and keys{(removed.Count > 0 ? $"; {removed.Count} older ones are removed" : "")}.", "Whoever has it can let anybody in: keep it as safe as the server. A copy on another machine is worth more than one here."],
                new CopyDocument("done", copy.Path, [.. removed.Select(old => old.Path)]),
                ServerDocuments.Default.CopyDocument);
            return Task.CompletedTask;
        });
        return command;
    }
}
