// backup --level auto: shown while it moves, recorded as no fixed level.
namespace BootConsole.Appliance.Tests;

public sealed class LevelTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Theory]
    [InlineData("0")]
    [InlineData("20")]
    [InlineData("high")]
    public void What_is_no_level_is_a_usage_error(string level) =>
        Bootconsole.Run("backup", "--disk", sample.Source, "--store", sample.NewFolder(), "--no-encryption", "--level", level).Reports(2, "--level", "auto");

    [Fact]
    public void On_a_slow_line_it_rises_and_shows()
    {
        var store = sample.NewFolder();
        var run = Bootconsole.Run("backup", "--disk", sample.Source, "--store", store, "--no-encryption", "--level", "auto", "--limit", "16 Mbit/s", "--json").Succeeds();
        Assert.All(run.ProgressLines, line => DocumentedJson.Section("progress").Check(line));
        var levels = run.ProgressLines.Where(line => line.TryGetProperty("level", out _)).Select(line => line.GetProperty("level").GetInt32()).ToList();
        Assert.Equal(3, levels[0]);
        Assert.InRange(levels[^1], 4, 12);
        Assert.False(Bootconsole.Run("show", "--store", store, "latest", "--json").Succeeds().Document.GetProperty("manifest").TryGetProperty("level", out _));
        Bootconsole.Run("verify", "--store", store, "latest").Succeeds();
    }

    [Fact]
    public void A_fixed_level_stays_and_is_recorded()
    {
        var store = sample.NewFolder();
        var run = Bootconsole.Run("backup", "--disk", sample.Source, "--store", store, "--no-encryption", "--json").Succeeds();
        Assert.DoesNotContain(run.ProgressLines, line => line.TryGetProperty("level", out _));
        Assert.Equal(3, Bootconsole.Run("show", "--store", store, "latest", "--json").Succeeds().Document.GetProperty("manifest").GetProperty("level").GetInt32());
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("19")]
    public void The_memory_is_explained_for_the_level(string level) =>
        Assert.Contains("compression workers", Bootconsole.Run("backup", "--disk", sample.Source, "--store", sample.NewFolder(), "--no-encryption", "--dry-run", "--explain", "--level", level).Succeeds().Output, StringComparison.Ordinal);
}
