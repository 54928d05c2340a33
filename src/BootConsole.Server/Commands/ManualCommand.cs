// bootserver man: writes the manual pages of all commands, for who packs the program; not shown in --help.
using System.CommandLine;
using BootConsole.Server.Manual;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands;

/// <summary>Writes the pages into a folder; they are made from the commands themselves, so they never go out of date.</summary>
internal static class ManualCommand
{
    private static readonly Argument<string> Folder = new("DIR") { Description = "the folder; it is made when it is not there, and pages in it are replaced" };

    internal static Command Make(Services services)
    {
        var command = new Command("man", "Write the manual pages.") { Folder };
        command.Hidden = true;
        ExampleHelp.Give(command, "bootserver man pages && man -l pages/bootserver.8");
        command.Does(services, "Pages that were there before may be replaced.", async session =>
        {
            var folder = Path.GetFullPath(session.Line.GetValue(Folder)!);
            Directory.CreateDirectory(folder);
            var pages = ManualPage.All((RootCommand)session.Line.RootCommandResult.Command);
            foreach (var page in pages) await File.WriteAllTextAsync(Path.Combine(folder, page.File), page.Content, session.Cancel);
            session.Answer([$"{pages.Count} pages are in {folder}."], new ManualDocument("done", folder, [.. pages.Select(page => page.File)]), Documents.Default.ManualDocument);
        });
        return command;
    }
}
