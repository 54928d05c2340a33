// bootserver base: the kernels and roots that boot images are made from.
using System.CommandLine;
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Bases;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands;

/// <summary>Imports and lists bases.</summary>
internal static class BaseCommand
{
    private static readonly Argument<string> Folder = new("DIR") { Description = "folder with vmlinuz, base.img and base.json, as 'make image' writes it" };

    internal static Command Make(Services services)
    {
        var import = new Command("import", "Take in a base: kernel and root of boot images. The one imported last is used unless another is named.") { Folder };
        ExampleHelp.Give(import, "bootserver base import buildroot/out");
        import.Does(services, "The bases that were there are as they were.", Import);
        var list = new Command("list", "List the imported bases, the newest import last.");
        ExampleHelp.Give(list, "bootserver base list");
        list.Does(services, "Nothing was changed.", List);
        var command = new Command("base", "What boot images are made from.") { import, list };
        ExampleHelp.Give(command, "bootserver base list");
        return command;
    }

    private static Task Import(CommandSession session)
    {
        var tree = session.Tree;
        using var catalogue = tree.OpenCatalogue(session.Services);
        var (imported, outcome) = new BaseImport(tree, catalogue, session.Services.Clock).Run(session.Line.GetValue(Folder)!);
        var what = outcome switch
        {
            ImportOutcome.WasThere => "is there already, and whole",
            ImportOutcome.Repaired => "was there, and is whole again",
            _ => "is imported",
        };
        session.Answer([$"{imported.Folder}: {what}", $"  kernel {imported.Kernel}, made {imported.Made:yyyy-MM-dd}"], Document(imported) with { Outcome = Word(outcome) }, BootImageDocuments.Default.BaseDocument);
        return Task.CompletedTask;
    }

    private static Task List(CommandSession session)
    {
        using var catalogue = session.Tree.OpenCatalogue(session.Services);
        var bases = catalogue.Read(rows => rows.Bases());
        string[] head = ["Base", "Version", "Kernel", "Made", "Imported"];
        session.Answer(
            bases.Count == 0 ? ["There are none; 'bootserver base import' takes one in."] : PlainTable.Lines([head, .. bases.Select(Row)]),
            new BasesDocument([.. bases.Select(Document)]),
            BootImageDocuments.Default.BasesDocument);
        return Task.CompletedTask;
    }

    private static string[] Row(ImportedBase known) => [known.Folder, known.Version, known.Kernel, Day(known.Made), Day(known.Imported)];

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Word(ImportOutcome outcome) => outcome switch
    {
        ImportOutcome.WasThere => "there",
        ImportOutcome.Repaired => "repaired",
        _ => "imported",
    };

    private static BaseDocument Document(ImportedBase known) => new(known.Folder, known.Version, known.Kernel, known.Made, known.Imported, known.Sha256);
}
