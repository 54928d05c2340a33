// Retention against a simple model, and its words against examples.
using BootConsole.Core;
using FsCheck;
using FsCheck.Fluent;

namespace BootConsole.Jobs.Tests;

public sealed class RetentionPolicyTests
{
    private static readonly Gen<RetentionRules> Rules =
        from last in Gen.Choose(0, 3)
        from daily in Gen.Choose(0, 4)
        from weekly in Gen.Choose(0, 4)
        from monthly in Gen.Choose(0, 4)
        from yearly in Gen.Choose(0, 4)
        select new RetentionRules { Last = last, Daily = daily, Weekly = weekly, Monthly = monthly, Yearly = yearly };

    // Hours, days, weeks and months apart, around the ends of years.
    private static readonly Gen<RetainedImage> Images =
        from pc in Gen.Elements("a", "b")
        from name in Gen.Elements("nightly", "once")
        from disks in Gen.Elements("one", "two")
        from doubt in Gen.Elements("", "", "", "doubt")
        from year in Gen.Choose(2024, 2027)
        from day in Gen.Choose(-20, 20)
        from hour in Gen.Choose(0, 23)
        select new RetainedImage(ImageId.Create(new DateTimeOffset(year, 1, 1, hour, 0, 0, TimeSpan.Zero).AddDays(day), pc, name), disks, doubt);

    private static readonly Gen<(List<RetainedImage> Images, RetentionRules Rules)> Cases =
        from images in Images.ListOf() from rules in Rules select (images.DistinctBy(image => image.Id).ToList(), rules);

    [Fact]
    public void It_keeps_exactly_what_the_model_keeps() => Check(Cases, given =>
        RetentionPolicy.Decide(given.Images, given.Rules).All(decision => decision.IsKept == ModelKeeps(given.Images, given.Rules, decision.Image)));

    [Fact]
    public void Every_image_is_decided_on_once() => Check(Cases, given =>
        RetentionPolicy.Decide(given.Images, given.Rules).Select(decision => decision.Image.Id.Text).Order().SequenceEqual(given.Images.Select(image => image.Id.Text).Order()));

    [Fact]
    public void The_newest_of_each_series_stays_if_any_rule_keeps_anything() => Check(Cases, given =>
        given.Rules.KeepNothing || RetentionPolicy.Decide(given.Images, given.Rules).Where(decision => decision.Image.Doubt.Length == 0)
            .GroupBy(decision => (decision.Image.Id.Pc, decision.Image.Id.Name, decision.Image.Disks)).All(series => series.MaxBy(decision => decision.Image.Id.Time)!.IsKept));

    [Fact]
    public void A_second_pruning_by_the_same_rules_removes_nothing_more() => Check(Cases, given =>
        RetentionPolicy.Decide(RetentionPolicy.Decide(given.Images, given.Rules).Where(decision => decision.IsKept).Select(decision => decision.Image), given.Rules).All(decision => decision.IsKept));

    [Fact]
    public void An_image_more_in_doubt_changes_nothing_for_the_others() => Check(
        from given in Cases from more in Images select (given, more),
        both =>
        {
            if (both.given.Images.Any(image => image.Id == both.more.Id)) return true;
            var before = RetentionPolicy.Decide(both.given.Images, both.given.Rules);
            var after = RetentionPolicy.Decide([.. both.given.Images, both.more with { Doubt = "doubt" }], both.given.Rules);
            return after.Where(decision => decision.Image.Id != both.more.Id).Select(decision => (decision.Image.Id, decision.Reason)).SequenceEqual(before.Select(decision => (decision.Image.Id, decision.Reason)));
        });

    [Fact]
    public void The_reasons_are_the_rules_that_keep_an_image() => Assert.Equal(
        [
            "2027-01-03T020000Z_pc_nightly: last 1, daily 2027-01-03, weekly 2026-W53, monthly 2027-01, yearly 2027",
            "2027-01-02T020000Z_pc_nightly: last 2, daily 2027-01-02",
            "2027-01-01T230000Z_pc_nightly: no rule keeps it",
            "2026-12-31T020000Z_pc_nightly: monthly 2026-12",
            "2026-12-20T020000Z_pc_nightly: weekly 2026-W51",
            "2026-11-30T020000Z_pc_nightly: no rule keeps it",
        ],
        Decide(
            new RetentionRules { Last = 2, Daily = 2, Weekly = 2, Monthly = 2, Yearly = 1 },
            "2027-01-03T020000Z", "2027-01-02T020000Z", "2027-01-01T230000Z", "2026-12-31T020000Z", "2026-12-20T020000Z", "2026-11-30T020000Z"));

    [Fact]
    public void A_day_is_a_day_of_UTC_and_an_empty_one_does_not_count() => Assert.Equal(
        [
            "2026-11-21T000000Z_pc_nightly: daily 2026-11-21",
            "2026-11-20T235959Z_pc_nightly: daily 2026-11-20",
            "2026-11-20T000000Z_pc_nightly: no rule keeps it",
            "2024-02-29T120000Z_pc_nightly: daily 2024-02-29",
        ],
        Decide(new RetentionRules { Daily = 3 }, "2024-02-29T120000Z", "2026-11-20T000000Z", "2026-11-20T235959Z", "2026-11-21T000000Z"));

    private static IEnumerable<string> Decide(RetentionRules rules, params string[] times) =>
        RetentionPolicy.Decide(times.Select(time => new RetainedImage(Id(time), "")), rules).Select(decision => $"{decision.Image.Id}: {decision.Reason}");

    private static ImageId Id(string time) => ImageId.TryParse($"{time}_pc_nightly", out var id) ? id : throw new ArgumentException(time);

    // Slow and by the definition: an image is kept by a rule when it is the newest of its period, and fewer than N later periods have an image.
    private static bool ModelKeeps(List<RetainedImage> all, RetentionRules rules, RetainedImage image)
    {
        if (image.Doubt.Length > 0) return true;
        var series = all.Where(other => other.Doubt.Length == 0 && other.Id.Pc == image.Id.Pc && other.Id.Name == image.Id.Name && other.Disks == image.Disks).ToList();
        return Keeps(rules.Last, time => time) || Keeps(rules.Daily, time => time.Date) || Keeps(rules.Weekly, time => time.Date.AddDays(-(((int)time.DayOfWeek + 6) % 7)))
            || Keeps(rules.Monthly, time => new DateTime(time.Year, time.Month, 1)) || Keeps(rules.Yearly, time => new DateTime(time.Year, 1, 1));

        bool Keeps(int most, Func<DateTime, DateTime> start)
        {
            var own = start(image.Id.Time.UtcDateTime);
            return !series.Any(other => start(other.Id.Time.UtcDateTime) == own && other.Id.Time > image.Id.Time)
                && series.Select(other => start(other.Id.Time.UtcDateTime)).Where(period => period > own).Distinct().Count() < most;
        }
    }

    private static void Check<T>(Gen<T> values, Func<T, bool> holds) => Prop.ForAll(Arb.From(values), holds).QuickCheckThrowOnFailure();
}
