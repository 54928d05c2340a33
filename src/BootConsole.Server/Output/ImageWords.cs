// Images of the catalogue as lines for people and as documents. Pure.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;

namespace BootConsole.Server.Output;

/// <summary>Describes images.</summary>
internal static class ImageWords
{
    /// <summary>Images as a table, by PC and time.</summary>
    /// <param name="images">The images.</param>
    /// <param name="standings">How far the unfinished ones are; those that are not in it are not told of.</param>
    internal static IEnumerable<string> Table(IReadOnlyList<StoredImage> images, IReadOnlyDictionary<StoredImage, JobStanding> standings) => images.Count == 0 ? [] : PlainTable.Lines(
    [
        ["PC", "Image", "Kind", "Size", "Stored", "Seen", "Sealed", "Verified", "State"],
        .. images.Select(image => (string[])
        [
            image.Pc,
            image.Name,
            image.Kind.Length > 0 ? image.Kind : "?",
            image.DiskBytes > 0 ? ByteSize.Format(image.DiskBytes) : "?",
            ByteSize.Format(image.StoredBytes),
            Time(image.Seen),
            image.Sealed is { } sealedAt ? Time(sealedAt) : "-",
            image.Verified is { } verified ? Time(verified) : "-",
            State(image, standings.GetValueOrDefault(image)),
        ]),
    ]);

    /// <summary>Last runs as a table.</summary>
    internal static IEnumerable<string> Runs(IReadOnlyList<LastRun> runs) => runs.Count == 0 ? [] : PlainTable.Lines(
        [["PC", "Last run", "What", "Outcome", ""], .. runs.Select(run => (string[])[run.Pc, Time(run.Started), run.What, run.Outcome.Length > 0 ? run.Outcome : "?", run.Problem.Length > 0 ? run.Problem : run.Image])]);

    internal static ImageDocument Document(StoredImage image, JobStanding? standing = null) => new()
    {
        Pc = image.Pc,
        Id = image.Name,
        State = image.State,
        Kind = image.Kind,
        Parent = image.Parent.Length > 0 ? image.Parent : null,
        Taken = image.Taken,
        Seen = image.Seen,
        StoredBytes = image.StoredBytes,
        DiskBytes = image.DiskBytes,
        Sealed = image.Sealed,
        Verified = image.Verified,
        Reason = image.Reason.Length > 0 ? image.Reason : null,
        Running = standing is null ? null : new RunningDocument(standing.IsLiving, standing.DoneBytes, standing.DiskBytes),
    };

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string State(StoredImage image, JobStanding? standing)
    {
        if (image.Reason.Length > 0) return $"{image.State}: {image.Reason}";
        if (standing is null || image.State != "unfinished") return image.State;
        var far = standing.DiskBytes > 0 ? string.Create(CultureInfo.InvariantCulture, $", {(int)(standing.DoneBytes * 100.0 / standing.DiskBytes)} %") : "";
        return (standing.IsLiving ? "running" : "unfinished") + far;
    }
}
