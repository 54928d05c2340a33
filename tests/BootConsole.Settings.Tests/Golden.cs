// Files beside the test program that tests compare with, and the settings file that most of them start from.
using System.Text;

namespace BootConsole.Settings.Tests;

/// <summary>Golden files.</summary>
public static class Golden
{
    /// <summary>A settings file that uses every table and almost every key.</summary>
    public static string Whole { get; } = Text("Goldens/whole.toml");

    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name));

    public static SettingsCheck Check(string toml) => SettingsFile.Check(Encoding.UTF8.GetBytes(toml), "pc.toml");

    public static ApplianceSettings Settings(string toml)
    {
        var check = Check(toml);
        Assert.Empty(check.Errors.Select(error => error.ToString()));
        return check.Settings!;
    }

    /// <summary>The whole file with one place changed.</summary>
    public static string Changed(string from, string to)
    {
        var at = Whole.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the whole file has no '{from}'");
        return Whole[..at] + to + Whole[(at + from.Length)..];
    }
}
