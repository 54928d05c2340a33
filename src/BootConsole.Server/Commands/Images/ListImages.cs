// bootserver images list: what the PCs have stored, and what they are doing.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands.Images;

/// <summary>Lists images from the catalogue, after a quick look for what is new.</summary>
internal static class ListImages
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly Argument<string?> Pc = new("PC") { Arity = ArgumentArity.ZeroOrOne, Description = "only images of this PC, all of them" };
    private static readonly Option<bool> All = new("--all") { Description = "all images of all PCs, not only the newest of each PC" };
    private static readonly Option<bool> Unfinished = new("--unfinished") { Description = "only unfinished images, and how far they are" };
    private static readonly Option<bool> Damaged = new("--damaged") { Description = "only damaged images" };
    private static readonly Option<bool> Runs = new("--runs") { Description = "also the last unattended run of each PC" };
    private static readonly Option<bool> Watch = new("--watch") { Description = "show it again whenever it changes, until a key is pressed" };

    internal static Command Make(Services services)
    {
        var list = new Command("list", "List images: the newest of each PC and those that are not finished; or all.") { Pc, All, Unfinished, Damaged, Runs, Watch };
        ExampleHelp.Give(list, "bootserver images list", "bootserver images list office-pc", "bootserver images list --all --json", "bootserver images list --unfinished --watch");
        list.Does(services, "Nothing was changed.", RunAsync);
        return list;
    }

    private static async Task RunAsync(CommandSession session)
    {
        if (!session.Line.GetValue(Watch))
        {
            var (lines, document) = await LookAsync(session);
            session.Answer(lines, document, ImageDocuments.Default.ImagesDocument);
            return;
        }

        if (session.IsJson) throw new UsageFault("--watch and --json cannot be had at once") { Remedy = "Call it again and again without --watch." };
        await WatchAsync(session);
    }

    private static async Task WatchAsync(CommandSession session)
    {
        var isTerminal = !Console.IsOutputRedirected;
        var shown = "";
        try
        {
            while (true)
            {
                var text = string.Join('\n', (await LookAsync(session)).Lines.Select(PlainText.Of));
                // Home, the lines with what was behind them cleared, then all below.
                if (isTerminal) await Console.Out.WriteAsync($"\e[H{text.Replace("\n", "\e[K\n", StringComparison.Ordinal)}\e[K\n\e[J");
                else if (text != shown) await Console.Out.WriteLineAsync(text);
                await Console.Out.FlushAsync(session.Cancel);
                shown = text;
                await Task.Delay(Pause, session.Services.Clock, session.Cancel);
                if (!Console.IsInputRedirected && Console.KeyAvailable) return;
            }
        }
        catch (OperationCanceledException)
        {
            // That is how watching ends.
        }
    }

    private static async Task<(IReadOnlyList<string> Lines, ImagesDocument Document)> LookAsync(CommandSession session)
    {
        using var server = new ServerImages(session.Tree, session.Services);
        var pc = session.Line.GetValue(Pc) is { } name ? server.Pc(name) : null;
        var troubles = (await server.ScanAsync(pc is null ? server.Pcs : [pc], pc is null ? ScanDepth.Changes : ScanDepth.Everything, session.Cancel)).Where(store => store.Trouble.Length > 0).ToList();
        var images = Choose(session, server.Catalogue.Read(rows => pc is null && !session.Line.GetValue(All) ? rows.NotableImages() : rows.StoredImages(pc?.Name)));
        var jobs = new RunningJobs(server);
        Dictionary<StoredImage, JobStanding> standings = [];
        foreach (var image in images.Where(image => image.State == "unfinished")) standings[image] = await jobs.StandingAsync(image, session.Cancel);
        List<LastRun> runs = [];
        foreach (var each in session.Line.GetValue(Runs) ? ImagesCommand.Chosen(server, pc?.Name) : [])
            if (await jobs.LastAsync(each.Name, session.Cancel) is { } run) runs.Add(run);
        List<string> lines =
        [
            .. ImageWords.Table(images, standings),
            .. images.Count == 0 ? ["There are no such images."] : Array.Empty<string>(),
            .. ImageWords.Runs(runs),
            .. troubles.Select(store => $"{store.Pc}: {store.Trouble}"),
        ];
        return (lines, new ImagesDocument(
            [.. images.Select(image => ImageWords.Document(image, standings.GetValueOrDefault(image)))],
            [.. runs.Select(run => new RunDocument(run.Pc, run.Started, run.What, run.Outcome, run.Image, run.Problem))],
            [.. troubles.Select(store => new TroubleDocument(store.Pc, store.Trouble))]));
    }

    private static List<StoredImage> Choose(CommandSession session, IReadOnlyList<StoredImage> images)
    {
        var (unfinished, damaged) = (session.Line.GetValue(Unfinished), session.Line.GetValue(Damaged));
        return [.. images.Where(image => image.State != "deleted" && ((!unfinished && !damaged) || (unfinished && image.State == "unfinished") || (damaged && image.State == "damaged")))];
    }
}
