// What every screen looks like in every state, as text that a person can read and judge.
using BootConsole.Appliance.Screens;
using BootConsole.Appliance.Terminal;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Screens;

public sealed class ScreenGoldenTests
{
    /// <summary>Set to rewrite the goldens; the difference is then read before it is committed.</summary>
    private static readonly bool Rewrites = Environment.GetEnvironmentVariable("BOOTCONSOLE_REWRITE_GOLDENS") == "1";

    public static TheoryData<string> Names => [.. SampleScreens.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_screen_looks_like_its_golden(string name)
    {
        var (screen, facts) = SampleScreens.All[name];
        var text = string.Concat(
            Picture("80x25", screen, facts, new TerminalSize(80, 25), Look.Unicode),
            Picture("80x25, ASCII", screen, facts, new TerminalSize(80, 25), Look.Ascii),
            Picture("120x40", screen, facts, new TerminalSize(120, 40), Look.Unicode),
            Picture("80x25, help", screen, facts, new TerminalSize(80, 25), Look.Unicode, showsHelp: true));
        var path = Path.Combine(RepositoryFolder.Path, "tests/BootConsole.Appliance.Tests/Screens/Goldens", name + ".txt");
        if (Rewrites) File.WriteAllText(path, text);
        Assert.True(File.Exists(path), $"there is no golden {path}; BOOTCONSOLE_REWRITE_GOLDENS=1 writes it");
        Assert.Equal(File.ReadAllText(path), text);
    }

    [Fact]
    public void Every_golden_has_its_screen_and_every_kind_of_screen_a_golden()
    {
        var files = Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "tests/BootConsole.Appliance.Tests/Screens/Goldens"), "*.txt").Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(SampleScreens.All.Keys.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        var kinds = typeof(Screen).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Screen)) && !type.IsAbstract);
        Assert.Empty(kinds.Except(SampleScreens.All.Values.Select(sample => sample.Screen.GetType())));
    }

    [Fact]
    public void Ascii_screens_are_ascii_and_no_line_is_cut_unseen()
    {
        foreach (var (name, (screen, facts)) in SampleScreens.All)
        {
            var model = ConsoleModel.Of(facts, new TerminalSize(80, 25)) with { Screens = [screen] };
            var text = ConsoleView.Draw(model, Look.Ascii).ToText();
            // Names of disks are what they are.
            Assert.All(text.Where(character => !char.IsAscii(character)), character => Assert.True("外付け東芝".Contains(character), $"{name}: '{character}'"));
            var page = screen.Show(new View(Look.Ascii, facts, 78, 21));
            Assert.All(page.Lines, line => Assert.True(line.Width <= 78, $"{name}: a line of {line.Width} cells: {line.Text}"));
        }
    }

    [Fact]
    public void No_meaning_is_in_colour_alone()
    {
        foreach (var (name, (screen, facts)) in SampleScreens.All)
        {
            var page = screen.Show(new View(Look.Unicode, facts, 78, 21));
            // A line that is red or yellow somewhere says so in words that a person without colours reads, too: the same text again in another role would be two meanings.
            foreach (var group in page.Lines.Where(line => line.Text.Trim().Length > 0).GroupBy(line => line.Text))
                Assert.True(group.Select(line => line.Pieces[^1].Role).Distinct().Count() == 1, $"{name}: '{group.Key}' means two things by colour");
        }
    }

    private static string Picture(string title, Screen screen, Facts facts, TerminalSize size, Look look, bool showsHelp = false)
    {
        var model = ConsoleModel.Of(facts, size) with { Screens = [screen], ShowsHelp = showsHelp };
        return $"== {title}\n{ConsoleView.Draw(model, look).ToText()}";
    }
}
