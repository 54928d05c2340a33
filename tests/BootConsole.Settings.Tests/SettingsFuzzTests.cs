// Broken settings files: checked, never a crash, and an error for each that is refused.
using System.Text;

namespace BootConsole.Settings.Tests;

public sealed class SettingsFuzzTests
{
    [Fact]
    public void Broken_settings_files_are_read_or_refused_and_nothing_else_happens()
    {
        var samples = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "config"), "*.toml").Order(StringComparer.Ordinal);
        var mutation = new Mutation([Encoding.UTF8.GetBytes(Golden.Whole), .. samples.Select(File.ReadAllBytes)]);
        var (read, told) = (0, 0);
        for (var seed = 0; seed < Mutation.Rounds; seed++)
        {
            var text = mutation.Text(seed);
            try
            {
                var check = SettingsFile.Check(text, "pc.toml");
                if (check.Settings is null)
                {
                    Assert.NotEmpty(check.Errors);
                    if (check.Errors[0].Key.Length > 0) told++;
                }
                else
                {
                    Assert.All(SettingsSummary.Describe(check.Settings), line => Assert.DoesNotContain('\n', line));
                    read++;
                }
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed} ends with a fault", fault);
            }
        }

        // Files must come through to every stage, or the mutations prove nothing about it.
        Assert.True(read > Mutation.Rounds / 50 && told > Mutation.Rounds / 50, $"{read} read, {told} refused by the typed layer");
    }
}
