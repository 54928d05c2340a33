// bootserver seal: the service that makes finished images of append-only contracts unchangeable.
using System.CommandLine;
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Images;
using BootConsole.Server.Output;
using BootConsole.Server.Sealing;

namespace BootConsole.Server.Commands;

/// <summary>Seals images.</summary>
internal static class SealCommand
{
    private const string Safe = "Images that are sealed stay so; the others are sealed the next time.";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2), WholeEvery = TimeSpan.FromHours(1);
    private static readonly Option<bool> Once = new("--once") { Description = "seal what is finished now and end; damaged images end it with 1" };

    internal static Command Make(Services services)
    {
        var seal = new Command("seal", "Make finished images of append-only contracts unchangeable, as soon as they are finished. Runs until it is ended.") { Once };
        ExampleHelp.Give(seal, "bootserver seal", "bootserver seal --once");
        seal.Does(services, Safe, RunAsync);
        return seal;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        if (!Environment.IsPrivilegedProcess) throw new RefusedFault("images can be sealed by root alone") { Remedy = "Run it as root. A private server cannot seal: its PCs come in as the user who owns all files." };
        if (session.Line.GetValue(Once)) return await OnceAsync(session);
        await ServeAsync(session);
        return ExitCode.Done;
    }

    private static async Task<ExitCode> OnceAsync(CommandSession session)
    {
        var done = await RoundAsync(session, ScanDepth.Everything);
        var bad = done.Where(entry => entry.Trouble.Length > 0).ToList();
        var report = bad.Count == 0 ? null : FaultReport.Of(
            new CorruptFault("an image could not be sealed") { Which = $"{bad[0].Image.Pc}/{bad[0].Image.Name}", Found = bad[0].Trouble, Remedy = "It does not count for retention. Have that PC make a new backup." },
            Safe);
        return session.Answer(
            [.. done.Select(Describe), string.Create(CultureInfo.InvariantCulture, $"{done.Count - bad.Count} images sealed.")],
            new SealingDocument(bad.Count == 0 ? "done" : "failed", [.. done.Select(entry => new SealedDocument(entry.Image.Pc, entry.Image.Name, entry.Trouble.Length == 0, entry.Trouble.Length > 0 ? entry.Trouble : null))], report?.Document),
            ImageDocuments.Default.SealingDocument,
            report);
    }

    private static async Task ServeAsync(CommandSession session)
    {
        DateTimeOffset? whole = null;
        var lastTrouble = "";
        HashSet<string> said = [];
        try
        {
            while (true)
            {
                var now = session.Services.Clock.GetUtcNow();
                var depth = whole is { } last && (now - last).Duration() < WholeEvery ? ScanDepth.Changes : ScanDepth.Everything;
                try
                {
                    if (depth == ScanDepth.Everything) said.Clear();
                    // What stays wrong is said once an hour, not every two seconds.
                    foreach (var line in (await RoundAsync(session, depth)).Select(Describe).Where(said.Add)) Say(session, line);
                    if (depth == ScanDepth.Everything) whole = now;
                    lastTrouble = "";
                }
                catch (Fault trouble)
                {
                    // A locked catalogue or a full disk passes; a service that ended would leave images open.
                    if (FaultSentence.Of(trouble) is var sentence && sentence != lastTrouble) Say(session, lastTrouble = sentence);
                }

                await Task.Delay(Pause, session.Services.Clock, session.Cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // That is how a service ends.
        }
    }

    private static async Task<IReadOnlyList<SealedImage>> RoundAsync(CommandSession session, ScanDepth depth)
    {
        using var server = new ServerImages(session.Tree, session.Services);
        return await new SealRun(server, session.Services.Programs).RunAsync(depth, session.Cancel);
    }

    private static void Say(CommandSession session, string line)
    {
        session.Services.Output.Profile.Out.Writer.WriteLine(PlainText.Of(line));
        session.Services.Output.Profile.Out.Writer.Flush();
    }

    private static string Describe(SealedImage entry) => entry.Trouble.Length == 0 ? $"{entry.Image.Pc}/{entry.Image.Name} is sealed." : $"{entry.Image.Pc}/{entry.Image.Name} could not be sealed: {entry.Trouble}";
}
