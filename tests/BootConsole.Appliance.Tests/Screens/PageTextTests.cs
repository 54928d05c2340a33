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
}
