// backup --limit: kept, shown as what holds the job, and taken from the settings file where the command line does not say.
using System.Diagnostics;

namespace BootConsole.Appliance.Tests;

public sealed class LimitTests(SampleStore sample) : IClassFixture<SampleStore>
{
    // The sample has 13 MB that nothing compresses.
    private const double StoredBytes = 13e6;

    [Theory]
    [InlineData("1")]
    [InlineData("fast")]
    [InlineData("-5 MB/s")]
    public void What_is_no_rate_is_a_usage_error(string limit) =>
        Bootconsole.Run("backup", "--disk", sample.Source, "--store", sample.NewFolder(), "--no-encryption", "--limit", limit).Reports(2, "--limit", "no rate", "50 Mbit/s");

    [Fact]
    public void It_is_kept_and_named_as_the_bottleneck()
    {
        var store = sample.NewFolder();
        var (run, seconds) = Timed("--store", store, "--limit", "32 Mbit/s", "--json");
        Assert.InRange(seconds, StoredBytes / 4e6 - 0.5, 60);
        Assert.Contains(run.ProgressLines, line => line.TryGetProperty("bottleneck", out var bottleneck) && bottleneck.GetString() == "limit");
        Assert.All(run.ProgressLines, line => DocumentedJson.Section("progress").Check(line));
        Bootconsole.Run("verify", "--store", store, "latest").Succeeds();
    }

    [Fact]
    public void The_settings_limit_counts_unless_the_command_line_says_otherwise()
    {
        var (config, store) = (sample.NewPath(".toml"), sample.NewFolder());
        File.WriteAllText(config, $"""
            [pc]
            name = "test-pc"
            [[storage]]
            name = "folder"
            url = "{store}"
            [backup]
            limit = "32 Mbit/s"
            """);
        var (_, seconds) = Timed("--store", "folder", "--config", config);
        Assert.InRange(seconds, StoredBytes / 4e6 - 0.5, 60);
        var (_, unlimited) = Timed("--store", "folder", "--config", config, "--limit", "0");
        Assert.True(unlimited < seconds);
    }

    private (Run Run, double Seconds) Timed(params string[] words)
    {
        var start = Stopwatch.GetTimestamp();
        var run = Bootconsole.Run(["backup", "--disk", sample.Source, "--no-encryption", .. words]).Succeeds();
        return (run, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
