// backup --at: refused before the wait, shown while it waits, begun when the time has come.
using System.Globalization;
using System.Text.Json;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class ScheduleTests(SampleStore sample) : IClassFixture<SampleStore>
{
    private static string Soon(int seconds) => DateTimeOffset.UtcNow.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("tomorrow", "no time to begin")]
    [InlineData("25:00", "no time to begin")]
    [InlineData("2020-01-01T00:00:00Z", "has passed")]
    public void What_is_no_time_to_come_is_a_usage_error(string time, string words) => Backup(sample.NewFolder(), sample.Source, time).Reports(2, "--at", words);

    [Fact]
    public void What_would_be_refused_is_refused_before_the_wait()
    {
        Backup(sample.NewFolder(), "/no-such-disk.img", "2099-01-01T00:00:00Z").Reports(3, "/no-such-disk.img");
        Backup("/no-such-folder/store", sample.Source, "2099-01-01T00:00:00Z").Reports(1, "/no-such-folder");
    }

    [Fact]
    public void It_begins_when_the_time_has_come_and_says_that_it_waits()
    {
        var store = sample.NewFolder();
        var due = DateTimeOffset.UtcNow.AddSeconds(3);
        var run = Backup(store, sample.Source, due.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), "--json").Succeeds();
        Assert.True(DateTimeOffset.UtcNow >= due.AddSeconds(-1));
        var waiting = Assert.Single(run.ProgressLines, line => line.GetProperty("stage").GetString()!.StartsWith("waiting until ", StringComparison.Ordinal));
        DocumentedJson.Section("progress").Check(waiting);
        Assert.InRange(waiting.GetProperty("secondsLeft").GetDouble(), 0, 3);
        Assert.Equal(JsonValueKind.String, run.Document.GetProperty("image").ValueKind);
    }

    [Fact]
    public void An_unchanged_plan_is_shown_once()
    {
        var output = Backup(sample.NewFolder(), sample.Source, Soon(3)).Succeeds().Output;
        Assert.Equal(2, output.Split(" that nothing uses are padded.").Length);
        Assert.DoesNotContain("another one now", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_does_not_wait() => Assert.Contains("nothing was written", Backup(sample.NewFolder(), sample.Source, "2099-01-01T00:00:00Z", "--dry-run").Succeeds().Output, StringComparison.Ordinal);

    [Fact]
    public async Task A_person_at_a_terminal_sees_the_countdown_and_may_end_it()
    {
        using var terminal = new Terminal();
        var store = sample.NewFolder();
        terminal.Type($"TZ=UTC bootconsole backup --disk {sample.Source} --store {store} --no-encryption --at {Soon(3700)}; echo ended $?.");
        await terminal.ShowsAsync("waiting until ", "+00:00, in 1:0", "Ctrl-C");
        await Eventually.BecomesTrueAsync(() => terminal.Screen is var first && first.Contains("in 1:0", StringComparison.Ordinal) && terminal.Screen != first, "the countdown moves");
        terminal.Press("C-c");
        await terminal.ShowsAsync("ended 130.", "bootconsole: Cancelled.");
        Assert.DoesNotContain("waiting until", terminal.Screen, StringComparison.Ordinal);
        Assert.True(terminal.ShowsCursor);
        Assert.Empty(Directory.GetFileSystemEntries(store));
    }

    private static Run Backup(string store, string disk, string time, params string[] more) =>
        Bootconsole.Run(["backup", "--disk", disk, "--store", store, "--no-encryption", "--at", time, .. more]);
}
