// Which images of a PC its contract keeps. Pure; by the server's times alone, for a PC's clock may be wrong, or a thief's.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Jobs;
using BootConsole.Server.Catalogue;

namespace BootConsole.Server.Images;

/// <summary>What becomes of an image, and why.</summary>
/// <param name="Image">The image.</param>
/// <param name="IsKept">True when it stays.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record KeptImage(StoredImage Image, bool IsKept, string Reason);

/// <summary>Applies the retention of a contract.</summary>
/// <remarks>
/// The server has no keys, so it cannot tell a forged image from a true one. Three rules bound what forgeries can do: they are ordered by when the server saw (or sealed) them, whatever they are dated; one that did not pass a
/// verification counts for nothing; and one that is younger than the contract's minimum age is kept but does not count, so that nobody can push true images out before somebody had that long to notice.
/// </remarks>
internal static class ImageRetention
{
    /// <summary>Judges the images of one PC.</summary>
    /// <param name="images">What the catalogue remembers of them, after a scan.</param>
    /// <param name="contract">The PC's contract.</param>
    /// <param name="now">The server's time.</param>
    /// <param name="disksOf">Which disks a finished image is of; asked only where the rules need it.</param>
    /// <returns>One decision an image, the newest first.</returns>
    internal static async Task<IReadOnlyList<KeptImage>> PlanAsync(IReadOnlyList<StoredImage> images, Contract contract, DateTimeOffset now, Func<StoredImage, Task<string>> disksOf)
    {
        Dictionary<ImageId, StoredImage> byId = [];
        foreach (var image in images.Where(image => image.State != "deleted"))
            if (ImageId.TryParse(image.Name, out var id)) byId[id] = image;
        if (contract.Retention.KeepsEverything) return [.. byId.Values.OrderByDescending(image => Age(image, contract)).Select(image => new KeptImage(image, true, "the contract keeps everything"))];
        List<RetainedImage> judged = [];
        foreach (var (id, image) in byId)
        {
            var doubt = Doubt(image, contract, now);
            judged.Add(new RetainedImage(id, doubt.Length > 0 ? "" : await disksOf(image), doubt) { Time = Age(image, contract) });
        }

        return [.. RetentionPolicy.Decide(judged, Rules(contract.Retention)).Select(decision => new KeptImage(byId[decision.Image.Id], decision.IsKept, decision.Reason)).OrderByDescending(kept => Age(kept.Image, contract))];
    }

    /// <summary>Since when the server has the image as it is now.</summary>
    internal static DateTimeOffset Age(StoredImage image, Contract contract) => contract.AllowsDeletion ? image.Seen : image.Sealed ?? image.Seen;

    /// <summary>True while nothing may remove a finished image of an append-only contract.</summary>
    internal static bool IsYoung(StoredImage image, Contract contract, DateTimeOffset now) => now - Age(image, contract) < TimeSpan.FromDays(contract.MinimumAgeDays);

    private static string Doubt(StoredImage image, Contract contract, DateTimeOffset now) => image switch
    {
        { State: "unfinished" } => "unfinished: prune leaves it alone, 'images delete' removes it",
        { State: not "finished" } => $"damaged ({image.Reason}): not counted, 'images delete' removes it",
        _ when IsYoung(image, contract, now) => string.Create(CultureInfo.InvariantCulture, $"here for less than {contract.MinimumAgeDays} days: not counted yet"),
        _ when !contract.AllowsDeletion && image.Sealed is null => "not sealed: not counted until 'bootserver seal' has sealed it",
        { Verified: null } => "not verified: not counted until 'images verify' has read it",
        _ => "",
    };

    private static RetentionRules Rules(Retention retention) => new()
    {
        Last = retention.Last ?? 0,
        Daily = retention.Daily ?? 0,
        Weekly = retention.Weekly ?? 0,
        Monthly = retention.Monthly ?? 0,
        Yearly = retention.Yearly ?? 0,
    };
}
