// bootserver images list: what the PCs have stored, and what they are doing.
using System.Buffers;
using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands.Images;

/// <summary>Lists images from the catalogue, after a quick look for what is new.</summary>
internal static class ListImages
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2), BetweenKeys = TimeSpan.FromMilliseconds(100);
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
            session.Answer(await LookAsync(session));
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
            do
            {
                List<string> lines = [.. (await SeenAsync(session, isFirst: shown.Length == 0)).Select(PlainText.Of)];
                var text = string.Join('\n', lines);
                if (isTerminal) await Console.Out.WriteAsync(LiveList.Draw(lines, Console.WindowWidth, Console.WindowHeight));
                else if (text != shown) await Console.Out.WriteLineAsync(text);
                await Console.Out.FlushAsync(session.Cancel);
                shown = text;
            }
            while (!await IsKeyPressedAsync(session));
        }
        catch (OperationCanceledException)
        {
            // That is how watching ends.
        }
    }

    private static async Task<IReadOnlyList<string>> SeenAsync(CommandSession session, bool isFirst)
    {
        try
        {
            using var lines = new StringWriter(CultureInfo.InvariantCulture);
            (await LookAsync(session))(lines);
            return lines.ToString().TrimEnd('\n').Split('\n');
        }
        catch (Fault trouble) when (!isFirst && trouble is not UsageFault)
        {
            // A catalogue that another command has locked is free again soon.
            return [FaultSentence.Of(trouble)];
        }
    }

    // A key ends it at once, and is not left to the shell.
    private static async Task<bool> IsKeyPressedAsync(CommandSession session)
    {
        for (var waited = TimeSpan.Zero; waited < Pause; waited += BetweenKeys)
        {
            await Task.Delay(BetweenKeys, session.Services.Clock, session.Cancel);
            if (Console.IsInputRedirected || !Console.KeyAvailable) continue;
            Console.ReadKey(intercept: true);
            return true;
        }

        return false;
    }

    /// <summary>Looks at stores and catalogue.</summary>
    /// <returns>Writes what was found: when the reader of the output is slow, nothing of the catalogue is held up.</returns>
    private static async Task<Action<TextWriter>> LookAsync(CommandSession session)
    {
        using var server = new ServerImages(session.Tree, session.Services);
        var pc = session.Line.GetValue(Pc) is { } name ? server.Pc(name) : null;
        var choice = new ImageChoice { Pc = pc?.Name, All = session.Line.GetValue(All), States = [.. States(session)] };
        var troubles = (await server.ScanAsync(pc is null ? server.Pcs : [pc], pc is null ? ScanDepth.Changes : ScanDepth.Everything, session.Cancel)).Where(store => store.Trouble.Length > 0).ToList();
        var jobs = new RunningJobs(server);
        ConcurrentDictionary<(string Pc, string Image), JobStanding> standings = [];
        await Parallel.ForEachAsync(
            server.Catalogue.Read(rows => rows.UnfinishedImages(choice)),
            new ParallelOptions { MaxDegreeOfParallelism = StoreScan.AtOnce, CancellationToken = session.Cancel },
            async (image, cancel) => standings[(image.Pc, image.Name)] = await jobs.StandingAsync(image, cancel));
        List<LastRun> runs = [];
        foreach (var each in session.Line.GetValue(Runs) ? ImagesCommand.Chosen(server, pc?.Name) : [])
            if (await jobs.LastAsync(each.Name, session.Cancel) is { } run) runs.Add(run);
        JobStanding? Standing(ListedImage image) => image.State.SequenceEqual("unfinished"u8) ? standings.GetValueOrDefault((Encoding.UTF8.GetString(image.Pc), Encoding.UTF8.GetString(image.Name))) : null;
        return session.IsJson ? Document(server.Catalogue, choice, Standing, runs, troubles) : Table(server.Catalogue, choice, Standing, runs, troubles);
    }

    private static Action<TextWriter> Table(CatalogueFile catalogue, ImageChoice choice, Func<ListedImage, JobStanding?> standing, List<LastRun> runs, List<ScannedStore> troubles)
    {
        var table = ImageLists.Table();
        catalogue.Read(rows => rows.EachImage(choice, image => ImageLists.Add(table, image, standing(image))));
        List<string> notes = [.. table.Rows == 0 ? ["There are no such images."] : Array.Empty<string>(), .. ImageWords.Runs(runs), .. troubles.Select(store => $"{store.Pc}: {store.Trouble}")];
        return output =>
        {
            if (table.Rows > 0) table.WriteTo(output);
            output.Write(string.Concat(notes.Select(note => PlainText.Of(note) + "\n")));
        };
    }

    private static Action<TextWriter> Document(CatalogueFile catalogue, ImageChoice choice, Func<ListedImage, JobStanding?> standing, List<LastRun> runs, List<ScannedStore> troubles)
    {
        var text = new TextPieces();
        using (var writer = new Utf8JsonWriter(text))
        {
            ImageLists.Begin(writer);
            catalogue.Read(rows => rows.EachImage(choice, image => ImageLists.Write(writer, image, standing(image))));
            ImageLists.End(
                writer,
                [.. runs.Select(run => new RunDocument(run.Pc, run.Started, run.What, run.Outcome, run.Image, run.Problem))],
                [.. troubles.Select(store => new TroubleDocument(store.Pc, store.Trouble))]);
        }

        text.Write("\n"u8);
        return text.WriteTo;
    }

    private static IEnumerable<string> States(CommandSession session)
    {
        if (session.Line.GetValue(Unfinished)) yield return "unfinished";
        if (session.Line.GetValue(Damaged)) yield return "damaged";
    }
}
