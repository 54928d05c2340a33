// The parts that pages are put together from.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Screens;

namespace BootConsole.Appliance.Tests.Screens;

public sealed class PageTextTests
{
    [Fact]
    public void However_long_a_fault_is_what_is_safe_and_what_to_do_stay_on_the_screen()
    {
        var report = new FaultReport(string.Join("; ", Enumerable.Range(0, 300).Select(number => $"/dev/loop{number}")), "Nothing was written.", "Try again.");
        var lines = PageText.Trouble(report, 80).Select(line => line.Text).ToList();
        Assert.True(lines.Count <= 12, $"{lines.Count} lines");
        Assert.Contains(lines, line => line.Contains("Nothing was written.", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Try again.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fault_of_several_lines_keeps_them_apart()
    {
        var lines = PageText.Trouble(new FaultReport("pc.toml has an error; nothing was started:\n  pc.toml:4:22: expected the closing quote", "Nothing was written.", ""), 80).Select(line => line.Text);
        Assert.Equal(["Trouble: pc.toml has an error; nothing was started:", "         pc.toml:4:22: expected the closing quote", "Safe:    Nothing was written."], lines);
    }
}
