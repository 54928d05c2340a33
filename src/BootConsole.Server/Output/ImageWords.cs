// Images of the catalogue as lines for people and as documents (lists of them: ImageLists). Pure.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;

namespace BootConsole.Server.Output;

/// <summary>Describes images.</summary>
internal static class ImageWords
{
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
        Running = standing is null ? null : Running(standing),
    };

    internal static RunningDocument Running(JobStanding standing) => new(standing.IsLiving, standing.DoneBytes, standing.DiskBytes);

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The state in words.</summary>
    /// <param name="state">As the catalogue has it.</param>
    /// <param name="reason">Why it is damaged; else empty.</param>
    /// <param name="standing">How far it is, when it is unfinished; null when nobody knows.</param>
    internal static string State(string state, string reason, JobStanding? standing)
    {
        if (reason.Length > 0) return $"{state}: {reason}";
        if (standing is null || state != "unfinished") return state;
        var far = standing.DiskBytes > 0 ? string.Create(CultureInfo.InvariantCulture, $", {(int)(standing.DoneBytes * 100.0 / standing.DiskBytes)} %") : "";
        return (standing.IsLiving ? "running" : "unfinished") + far;
    }
}
