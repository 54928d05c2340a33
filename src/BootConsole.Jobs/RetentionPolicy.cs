// Which images the rules keep, and why: pure, and never asked about the age of an image, so that a wrong clock of this PC removes nothing.
using System.Globalization;
using BootConsole.Core;

namespace BootConsole.Jobs;

/// <summary>An image as retention sees it.</summary>
/// <param name="Id">Its id: time, PC and name.</param>
/// <param name="Disks">Which disks it is of, as any text that is equal for equal disks.</param>
/// <param name="Doubt">Why it is kept without a question and does not count for the rules; empty for an image that the rules judge.</param>
public sealed record RetainedImage(ImageId Id, string Disks, string Doubt = "")
{
    /// <summary>The time that it is ordered by and whose day, week, month and year it stands for; that of its id, unless the caller knows a better one.</summary>
    public DateTimeOffset Time { get; init; } = Id.Time;
}

/// <summary>What becomes of an image.</summary>
/// <param name="Image">The image.</param>
/// <param name="Rules">The rules that keep it, such as <c>last 1</c> and <c>daily 2026-11-20</c>; empty for one that no rule keeps.</param>
public sealed record RetentionDecision(RetainedImage Image, IReadOnlyList<string> Rules)
{
    /// <summary>True when it stays.</summary>
    public bool IsKept => Image.Doubt.Length > 0 || Rules.Count > 0;

    /// <summary>Why it stays or goes, for people.</summary>
    public string Reason => Image.Doubt.Length > 0 ? Image.Doubt : Rules.Count > 0 ? string.Join(", ", Rules) : "no rule keeps it";
}

/// <summary>Applies rules to the images of a store.</summary>
/// <remarks>
/// Images are judged within their series: those of the same PC, the same name and the same disks. Disks count because two disks backed up one by one under the same
/// name are two histories; only their newest one would stay otherwise. As in restic and Proxmox Backup Server the newest image of a period stands for it, and a period
/// without images does not count; as in restic the rules do not know of each other, and an image stays when one of them keeps it.
/// </remarks>
public static class RetentionPolicy
{
    /// <summary>Decides on each image.</summary>
    /// <returns>One decision an image, in order of PC, name and disks, the newest first.</returns>
    public static IReadOnlyList<RetentionDecision> Decide(IEnumerable<RetainedImage> images, RetentionRules rules) =>
    [
        .. images
            .GroupBy(image => (image.Id.Pc, image.Id.Name, image.Disks))
            .OrderBy(series => series.Key.Pc, StringComparer.Ordinal).ThenBy(series => series.Key.Name, StringComparer.Ordinal).ThenBy(series => series.Key.Disks, StringComparer.Ordinal)
            .SelectMany(series => DecideSeries(series.OrderByDescending(image => image.Time).ThenBy(image => image.Id.Text, StringComparer.Ordinal), rules)),
    ];

    private static IEnumerable<RetentionDecision> DecideSeries(IEnumerable<RetainedImage> newestFirst, RetentionRules rules)
    {
        List<Rule> open =
        [
            new("last", rules.Last, image => image.Id.Text, isNumbered: true),
            new("daily", rules.Daily, image => Format(image, "yyyy-MM-dd")),
            new("weekly", rules.Weekly, Week),
            new("monthly", rules.Monthly, image => Format(image, "yyyy-MM")),
            new("yearly", rules.Yearly, image => Format(image, "yyyy")),
        ];
        foreach (var image in newestFirst)
            yield return new RetentionDecision(image, image.Doubt.Length > 0 ? [] : [.. open.Select(rule => rule.TryKeep(image)).OfType<string>()]);
    }

    private static string Format(RetainedImage image, string format) => image.Time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    // The year of a week is that of its Thursday: 2027-01-01 is in 2026-W53.
    private static string Week(RetainedImage image) =>
        string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(image.Time.UtcDateTime):0000}-W{ISOWeek.GetWeekOfYear(image.Time.UtcDateTime):00}");

    private sealed class Rule(string name, int most, Func<RetainedImage, string> period, bool isNumbered = false)
    {
        private string _latest = "";
        private int _kept;

        /// <returns>In words which of its images it is; null when the rule does not keep it.</returns>
        internal string? TryKeep(RetainedImage image)
        {
            if (_kept >= most || period(image) is var found && found == _latest) return null;
            _latest = found;
            _kept++;
            return isNumbered ? string.Create(CultureInfo.InvariantCulture, $"{name} {_kept}") : $"{name} {found}";
        }
    }
}
