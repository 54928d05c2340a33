// Which instant a time to begin means, also on the two days of the year that are not 24 hours long.
using System.Globalization;

namespace BootConsole.Settings.Tests;

public sealed class JobStartTimeTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("now", "2026-11-21T06:04:05+00:00", "2026-11-21T06:04:05+00:00")]
    // Later today, tomorrow, and this very moment.
    [InlineData("07:05", "2026-11-21T06:04:05+00:00", "2026-11-21T06:05:00+00:00")]
    [InlineData("07:04", "2026-11-21T06:04:05+00:00", "2026-11-22T06:04:00+00:00")]
    [InlineData("07:04", "2026-11-21T06:04:00+00:00", "2026-11-21T06:04:00+00:00")]
    // Midnight here is another day elsewhere.
    [InlineData("00:00", "2026-11-21T22:59:00+00:00", "2026-11-21T23:00:00+00:00")]
    [InlineData("23:59", "2026-12-31T23:30:00+00:00", "2027-01-01T22:59:00+00:00")]
    // 02:30 does not come on 2027-03-28: the clock goes from 02:00 to 03:00.
    [InlineData("02:30", "2027-03-27T12:00:00+00:00", "2027-03-28T01:30:00+00:00")]
    [InlineData("02:30", "2027-03-28T01:30:01+00:00", "2027-03-29T00:30:00+00:00")]
    // 02:30 comes twice on 2026-10-25.
    [InlineData("02:30", "2026-10-24T12:00:00+00:00", "2026-10-25T00:30:00+00:00")]
    [InlineData("02:30", "2026-10-25T00:30:01+00:00", "2026-10-26T01:30:00+00:00")]
    // A date without an offset is the PC's.
    [InlineData("2026-12-01T02:00", "2026-11-21T06:04:05+00:00", "2026-12-01T01:00:00+00:00")]
    [InlineData("2026-12-01 02:00:30", "2026-11-21T06:04:05+00:00", "2026-12-01T01:00:30+00:00")]
    [InlineData("2026-12-01T02:00Z", "2026-11-21T06:04:05+00:00", "2026-12-01T02:00:00+00:00")]
    [InlineData("2026-12-01T02:00:00+05:30", "2026-11-21T06:04:05+00:00", "2026-11-30T20:30:00+00:00")]
    [InlineData("2020-01-01T00:00", "2026-11-21T06:04:05+00:00", "2019-12-31T23:00:00+00:00")]
    public void A_time_means_one_instant(string text, string now, string expected) =>
        Assert.Equal(expected, JobStartTime.Parse(text)!.Next(Instant(now), Berlin).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("24:00")]
    [InlineData("2:00")]
    [InlineData("2026-02-30T02:00")]
    [InlineData("2026-12-01")]
    public void What_is_no_time_is_none(string text) => Assert.Null(JobStartTime.Parse(text));

    [Fact]
    public void The_next_time_of_a_clock_is_never_past_and_at_most_a_long_day_away()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.Next(366 * 86_400));
            var start = new StartAtClock(new TimeOnly(random.Next(24), random.Next(60)));
            Assert.InRange(start.Next(now, Berlin) - now, TimeSpan.Zero, TimeSpan.FromHours(25));
            Assert.InRange(start.Next(now, TimeZoneInfo.Utc) - now, TimeSpan.Zero, TimeSpan.FromDays(1));
        }
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
