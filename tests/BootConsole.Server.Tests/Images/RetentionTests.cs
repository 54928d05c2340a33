// What the contracts' retention keeps: by the server's times, and by nothing that a PC says.
using BootConsole.Server.Catalogue;
using BootConsole.Server.Images;
using BootConsole.Server.Tests.Catalogue;

namespace BootConsole.Server.Tests.Images;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 4, 0, TimeSpan.Zero);

    [Fact]
    public async Task Future_dates_push_nothing_out_and_old_dates_are_not_pushed_out()
    {
        // Dated in reverse: the oldest on the server claims to be the newest.
        var images = Enumerable.Range(0, 6).Select(i => Image(days: 10 + i, dated: Now.AddYears(i - 3))).ToList();
        Assert.Equal(["keep last 1", "keep last 2", "remove no rule keeps it", "remove no rule keeps it", "remove no rule keeps it", "remove no rule keeps it"], await Plan(images, SampleContract.Basic with { Retention = new Retention(Last: 2) }));
    }

    [Fact]
    public async Task What_is_young_stays_and_counts_for_nothing()
    {
        var images = Enumerable.Range(0, 10).Select(i => Image(days: 1, dated: Now.AddYears(50 + i))).Append(Image(days: 40, Now.AddDays(-40))).Append(Image(days: 41, Now.AddDays(-41))).Append(Image(days: 42, Now.AddDays(-42))).ToList();
        var plan = await Plan(images, SampleContract.Basic with { Retention = new Retention(Last: 2), MinimumAgeDays = 7, AllowsDeletion = false });
        Assert.All(plan.Take(10), line => Assert.Equal("keep here for less than 7 days: not counted yet", line));
        Assert.Equal(["keep last 1", "keep last 2", "remove no rule keeps it"], plan.Skip(10));
    }

    [Fact]
    public async Task What_was_not_verified_or_sealed_or_is_damaged_pushes_nothing_out_and_stays()
    {
        List<StoredImage> images = [Image(8, Now) with { Verified = null }, Image(9, Now) with { Sealed = null }, Image(10, Now) with { State = "damaged", Reason = "a file has changed" }, Image(11, Now) with { State = "unfinished" }, Image(40, Now)];
        var plan = await Plan(images, SampleContract.Basic with { Retention = new Retention(Last: 1), AllowsDeletion = false });
        Assert.Equal("keep last 1", plan[^1]);
        Assert.All(plan.SkipLast(1), line => Assert.StartsWith("keep ", line, StringComparison.Ordinal));
        Assert.Contains(plan, line => line.Contains("not verified", StringComparison.Ordinal));
        Assert.Contains(plan, line => line.Contains("not sealed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_time_of_the_seal_counts_where_deletion_is_forbidden()
    {
        var late = Image(400, Now) with { Sealed = Now.AddDays(-1) };
        Assert.Equal(["keep here for less than 7 days: not counted yet"], await Plan([late], SampleContract.Basic with { AllowsDeletion = false }));
    }

    [Fact]
    public async Task A_contract_without_retention_keeps_everything() =>
        Assert.Equal(["keep the contract keeps everything"], await Plan([Image(4000, Now)], SampleContract.Basic with { Retention = new Retention() }));

    [Fact]
    public async Task Days_and_weeks_are_those_of_the_server()
    {
        var images = Enumerable.Range(10, 5).Select(day => Image(day, Now.AddYears(7))).ToList();
        var plan = await Plan(images, SampleContract.Basic with { Retention = new Retention(Daily: 2), MinimumAgeDays = 0 });
        Assert.Equal(["keep daily 2026-11-11", "keep daily 2026-11-10"], plan.Take(2));
        Assert.All(plan.Skip(2), line => Assert.StartsWith("remove", line, StringComparison.Ordinal));
    }

    private static async Task<string[]> Plan(IReadOnlyList<StoredImage> images, Contract contract) =>
        [.. (await ImageRetention.PlanAsync(images, contract, Now, _ => Task.FromResult("disk"))).Select(kept => $"{(kept.IsKept ? "keep" : "remove")} {kept.Reason}")];

    private static StoredImage Image(int days, DateTimeOffset dated)
    {
        var seen = Now.AddDays(-days);
        var name = Core.ImageId.Create(dated.AddSeconds(days), "office", "daily").Text;
        return new StoredImage
        {
            Pc = "office",
            Name = name,
            State = "finished",
            Kind = "full",
            Parent = "",
            Taken = dated,
            Seen = seen,
            StoredBytes = 1,
            DiskBytes = 1,
            Manifest = name,
            Verified = Now,
            Sealed = seen,
        };
    }
}
