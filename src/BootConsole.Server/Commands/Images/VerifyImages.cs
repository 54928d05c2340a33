// bootserver images verify: reads images back without keys, several at once.
using System.CommandLine;
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands.Images;

/// <summary>Verifies images.</summary>
internal static class VerifyImages
{
    private const string Safe = "The images are as they were; what was found up to there is in the catalogue.";
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly Argument<string[]> What = new("PC|IMAGE") { Arity = ArgumentArity.ZeroOrMore, Description = "PCs, or images; everything when nothing is named" };
    private static readonly Option<int?> OlderThan = new("--older-than") { HelpName = "DAYS", Description = "only what was not verified for so many days" };

    internal static Command Make(Services services)
    {
        var verify = new Command("verify", "Hold every stored file of images against its checksum. Needs no key.") { What, OlderThan };
        ExampleHelp.Give(verify, "bootserver images verify", "bootserver images verify office-pc", "bootserver images verify --older-than 30");
        verify.Does(services, Safe, RunAsync);
        return verify;
    }

    private static async Task<ExitCode> RunAsync(CommandSession session)
    {
        using var server = new ServerImages(session.Tree, session.Services);
        var texts = session.Line.GetValue(What) ?? [];
        var pcs = server.Pcs.Where(pc => texts.Contains(pc.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        var named = texts.Where(text => !pcs.Any(pc => string.Equals(pc.Name, text, StringComparison.OrdinalIgnoreCase))).ToList();
        await server.ScanAsync(texts.Length == 0 || named.Count > 0 ? server.Pcs : pcs, named.Count > 0 ? ScanDepth.Changes : ScanDepth.Everything, session.Cancel);
        var all = server.Catalogue.Read(rows => rows.StoredImages());
        var images = (texts.Length == 0 ? all : [.. server.Find(named), .. all.Where(image => pcs.Any(pc => pc.Name == image.Pc))]).Where(image => IsDue(session, image, server.Now)).Distinct().ToList();
        if (named.Count > 0 && images.Count == 0) throw new RefusedFault("there is nothing to verify") { Which = PlainText.Of(named[0]), Remedy = "Only finished images can be verified; 'bootserver images show IMAGE' shows its state." };
        var results = await WithProgressAsync(session, images, new ImageVerification(server));
        var bad = results.Where(result => result.Damage.Length > 0).ToList();
        var report = bad.Count == 0 ? null : FaultReport.Of(
            new CorruptFault(string.Create(CultureInfo.InvariantCulture, $"{bad.Count} of {results.Count} images are damaged or cannot be read")) { Which = $"{bad[0].Image.Pc}/{bad[0].Image.Name}", Found = bad[0].Damage, Remedy = "Look at the server's disks. The next backup of that PC should be a full one; 'bootserver images list --damaged' lists these." },
            Safe);
        return session.Answer(
            [
                .. bad.Select(result => $"{result.Image.Pc}/{result.Image.Name}: {result.Damage}"),
                string.Create(CultureInfo.InvariantCulture, $"{results.Count - bad.Count} of {results.Count} images are as they were written, {ByteSize.Format(results.Sum(result => result.Bytes))} read."),
            ],
            new VerificationDocument(bad.Count == 0 ? "done" : "failed", [.. results.Select(Document)], report?.Document),
            ImageDocuments.Default.VerificationDocument,
            report);
    }

    // One that a verification found damaged is read again: a copy of the file may have been put back.
    private static bool IsDue(CommandSession session, StoredImage image, DateTimeOffset now) =>
        (image.State == "finished" || (image.State == "damaged" && image.Manifest.Length > 0))
        && (session.Line.GetValue(OlderThan) is not { } days || image.Verified is not { } verified || now - verified > TimeSpan.FromDays(Math.Max(0, days)));

    private static VerifiedDocument Document(VerifiedImage result) =>
        new(result.Image.Pc, result.Image.Name, result.Damage.Length == 0 ? "done" : result.IsUnclear ? "unclear" : "damaged", result.Bytes, result.Damage.Length > 0 ? result.Damage : null);

    private static async Task<IReadOnlyList<VerifiedImage>> WithProgressAsync(CommandSession session, List<StoredImage> images, ImageVerification verification)
    {
        var work = verification.RunAsync(images, session.Cancel);
        if (Console.IsErrorRedirected || session.IsJson) return await work;
        var writer = session.Services.Errors.Profile.Out.Writer;
        var total = images.Sum(image => Math.Min(image.StoredBytes, long.MaxValue / Math.Max(1, images.Count)));
        while (await Task.WhenAny(work, Task.Delay(Beat)) != work)
            await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\r{verification.Done.Images} of {images.Count} images, {ByteSize.Format(verification.Done.Bytes)} of {ByteSize.Format(total)}\e[K"));
        await writer.WriteAsync("\r\e[K");
        return await work;
    }
}
