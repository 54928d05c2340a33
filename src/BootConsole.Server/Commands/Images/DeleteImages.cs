// bootserver images delete: removes images and what no other image needs.
using System.CommandLine;
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands.Images;

/// <summary>Deletes images.</summary>
internal static class DeleteImages
{
    /// <summary>What holds however a removal ends.</summary>
    internal const string Safe = "Other images are as they were; an image half deleted is no longer listed and its rest goes with the next deletion.";

    private static readonly Argument<string[]> Names = new("IMAGE") { Arity = ArgumentArity.OneOrMore, Description = "ids, beginnings of them, or names; PC/IMAGE where several fit" };
    private static readonly Option<bool> AppendOnly = new("--even-append-only") { Description = "also where the contract forbids deletion; never what is younger than its minimum age" };

    /// <summary>Says beforehand what a terminal is asked.</summary>
    internal static Option<bool> Yes { get; } = new("--yes") { Description = "do not ask" };

    internal static Command Make(Services services)
    {
        var delete = new Command("delete", "Remove images and what no other image needs.") { Names, Yes, AppendOnly };
        ExampleHelp.Give(delete, "bootserver images delete office-pc/before-update", "bootserver images delete 2026-11-21T060400Z_office-pc_before-update --yes");
        delete.Does(services, Safe, RunAsync);
        return delete;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        using var server = new ServerImages(session.Tree, session.Services);
        await server.ScanAsync(server.Pcs, ScanDepth.Changes, session.Cancel);
        var images = server.Find(session.Line.GetValue(Names) ?? []);
        foreach (var image in images) RequireDeletable(session, server, image);
        Ask(session, [.. images.Select(image => $"{image.Pc}/{image.Name}")]);
        var cleared = await new ImageClearing(server).RunAsync(images, "image deleted", session.Cancel);
        return Answer(session, cleared);
    }

    /// <summary>Asks at a terminal whether images shall go; without one <c>--yes</c> must have said so.</summary>
    /// <exception cref="UsageFault">Nobody said so.</exception>
    /// <exception cref="RefusedFault">The person said no.</exception>
    internal static void Ask(CommandSession session, IReadOnlyList<string> names)
    {
        if (session.Line.GetValue(Yes)) return;
        if (Console.IsInputRedirected || session.IsJson) throw new UsageFault("nobody can be asked whether the images shall be removed") { Remedy = "Say --yes." };
        foreach (var name in names) session.Services.Errors.Profile.Out.Writer.WriteLine(PlainText.Of(name));
        session.Services.Errors.Profile.Out.Writer.Write(string.Create(CultureInfo.InvariantCulture, $"Remove {names.Count} images? Type yes: "));
        if (Console.ReadLine()?.Trim() != "yes") throw new RefusedFault("the images stay") { Remedy = "Type yes, or say --yes." };
    }

    private static ExitCode Answer(CommandSession session, IReadOnlyList<ClearedImage> cleared)
    {
        var report = Report([.. cleared.Where(entry => entry.Refusal.Length > 0)]);
        return session.Answer(cleared.Select(Describe), new ClearingDocument(report is null ? "done" : "failed", false, [.. cleared.Select(entry => Document(entry, ""))], report?.Document), ImageDocuments.Default.ClearingDocument, report);
    }

    /// <summary>What is said of images that had to stay; null when none had to.</summary>
    internal static FaultReport? Report(IReadOnlyList<ClearedImage> stayed) => stayed.Count == 0 ? null : FaultReport.Of(
        new StoreFault(StoreProblem.Other, string.Create(CultureInfo.InvariantCulture, $"{stayed.Count} images could not be removed")) { Which = $"{stayed[0].Image.Pc}/{stayed[0].Image.Name}", Found = stayed[0].Refusal, Remedy = "Try again when the jobs that work with them have ended." },
        Safe);

    /// <summary>What became of an image, in words.</summary>
    internal static string Describe(ClearedImage entry) => entry switch
    {
        { Refusal.Length: > 0 } => $"{entry.Image.Pc}/{entry.Image.Name} stays: {entry.Refusal}",
        { KeptFiles: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{entry.Image.Pc}/{entry.Image.Name} is deleted, {ByteSize.Format(entry.FreedBytes)} are free; {entry.KeptFiles} files stay because other images need them."),
        _ => $"{entry.Image.Pc}/{entry.Image.Name} is deleted, {ByteSize.Format(entry.FreedBytes)} are free.",
    };

    internal static ClearedDocument Document(ClearedImage entry, string reason) =>
        new(entry.Image.Pc, entry.Image.Name, "remove", reason, entry.Refusal.Length == 0, entry.FreedBytes, entry.KeptFiles, entry.Refusal.Length > 0 ? entry.Refusal : null);

    private static void RequireDeletable(CommandSession session, ServerImages server, StoredImage image)
    {
        var contract = server.ContractOf(server.Pc(image.Pc));
        if (contract.AllowsDeletion) return;
        if (!session.Line.GetValue(AppendOnly))
            throw new RefusedFault("the contract forbids deletion") { Which = $"{image.Pc}/{image.Name}", Found = $"contract {contract.Name}", Remedy = "'bootserver images prune' removes what its retention does not keep; --even-append-only removes it nevertheless." };
        if (image.State == "finished" && ImageRetention.IsYoung(image, contract, server.Now))
            throw new RefusedFault("the image is younger than the contract's minimum age") { Which = $"{image.Pc}/{image.Name}", Expected = string.Create(CultureInfo.InvariantCulture, $"{contract.MinimumAgeDays} days"), Found = $"here since {ImageWords.Time(ImageRetention.Age(image, contract))}", Remedy = "Wait, or change the contract." };
    }
}
