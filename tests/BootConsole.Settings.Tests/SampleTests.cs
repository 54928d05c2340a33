// The samples of config/ and the documentation stay true.
namespace BootConsole.Settings.Tests;

public sealed class SampleTests
{
    public static TheoryData<string> Samples => ["interactive", "local", "unattended-backup", "unattended-restore"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_means_what_its_golden_text_says(string name)
    {
        var lines = SettingsSummary.Describe(Golden.Settings(Golden.Text($"config/{name}.toml")));
        Assert.Equal(Golden.Text($"Goldens/{name}.txt"), string.Join('\n', lines) + "\n");
    }

    [Fact]
    public void Every_sample_is_tested() =>
        Assert.Equal(4, Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "config")).Length);

    [Fact]
    public void Every_key_is_documented_under_its_table_and_nothing_else()
    {
        var document = Golden.Text("docs/settings.md");
        foreach (var (table, keys) in Reading.KnownKeys.Tables)
        {
            var start = document.IndexOf($"\n## `{Reading.KnownKeys.Header(table)}`", StringComparison.Ordinal);
            Assert.True(start >= 0, $"no chapter on {table}");
            var end = document.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
            var rows = document[start..(end < 0 ? document.Length : end)].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));
            var documented = rows.SelectMany(row => row.Split('|')[1].Split(',')).Select(key => key.Trim(' ', '`'));
            Assert.Equal(keys.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
        }
    }
}
