// What a person at a terminal sees while a job runs, and what is left of it afterwards.
namespace BootConsole.Appliance.Tests;

public sealed class LiveDisplayTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public async Task The_display_shows_bar_rates_and_time_left_and_a_cancel_leaves_the_terminal_clean()
    {
        using var terminal = new Terminal();
        var store = sample.NewFolder();
        terminal.Type($"bootconsole backup --disk {sample.Source} --store {store} --no-encryption --limit '1 MB/s'; echo ended $?.");
        await terminal.ShowsAsync("backing up", "[#", "%", "read ", "compress ", "send ", "slowest: ", " left");
        terminal.Press("C-c");
        await terminal.ShowsAsync("ended 130.");
        AssertClean(terminal, "bootconsole: Cancelled.", "  Safe:  The disks were only read. Earlier images in the store are as they were.");
        Assert.Empty(Directory.GetDirectories(Path.Combine(store, "images")));
        Assert.Empty(Directory.GetFiles(Path.Combine(store, "leases")));
        terminal.Type("echo typed and seen");
        await terminal.ShowsAsync("ready> echo typed and seen");
    }

    [Fact]
    public async Task A_finished_job_leaves_its_result_and_nothing_else()
    {
        using var terminal = new Terminal(columns: 60);
        terminal.Type($"bootconsole verify --store {sample.Store} latest; echo ended $?.");
        await terminal.ShowsAsync("ended 0.");
        AssertClean(terminal, $"All 64 chunks of {sample.Image}");
    }

    [Fact]
    public async Task What_was_shown_before_a_display_stays_above_it()
    {
        using var terminal = new Terminal();
        var (copy, store) = (sample.CopyStore(), sample.NewFolder());
        terminal.Type($"seq 101 108; bootconsole backup --disk {sample.NewDisk(1 << 20)} --store {store} --no-encryption; bootconsole verify --store {copy.Folder} latest; echo ended $?.");
        await terminal.ShowsAsync("ended 0.");
        AssertClean(terminal, [.. Enumerable.Range(101, 8).Select(number => $"{number}"), "No file system was recognised; every sector is saved.", " is finished: ", "All 64 chunks"]);
        Assert.DoesNotContain("looking at the images", terminal.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_job_leaves_its_report_and_nothing_else()
    {
        using var terminal = new Terminal();
        var copy = sample.CopyStore();
        copy.FlipBit("disk-0/00000000-1.zst", 1_000_000);
        terminal.Type($"bootconsole verify --store {copy.Folder} latest; echo ended $?.");
        await terminal.ShowsAsync("ended 1.");
        AssertClean(terminal, "  Safe:  Nothing was changed; the image stays as it is.", "  To do: ");
    }

    private static void AssertClean(Terminal terminal, params string[] expected)
    {
        var screen = terminal.Screen;
        foreach (var words in expected) Assert.Contains(words, screen, StringComparison.Ordinal);
        foreach (var rest in new[] { "[#", "[-", "slowest", " left", "--]" }) Assert.DoesNotContain(rest, screen, StringComparison.Ordinal);
        Assert.True(terminal.ShowsCursor, "the cursor is hidden");
    }
}
