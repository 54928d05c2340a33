// bootconsole run at a terminal: the countdown that a key ends, and the menu after trouble.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Unattended;

public sealed class UnattendedTerminalTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public async Task A_key_in_the_countdown_of_a_backup_leads_to_the_menu()
    {
        using var file = new UnattendedFile().Backup(sample.Source, "countdown = 3000");
        using var terminal = new Terminal(80, 25, "LC_ALL=C.UTF-8");
        terminal.Type(file.Line);
        await terminal.ShowsAsync("waiting until ", "in 0:49:", "A key leads to the menu.");
        terminal.Press("x");
        await terminal.ShowsAsync("Welcome", "Back up", "F1 Help");
        terminal.Press("8");
        await terminal.ShowsAsync("ended 0.");
        Assert.Contains("A key was pressed", Assert.Single(file.Records), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(file.Store, "images")));
        // The terminal echoes again.
        terminal.Type("echo seen $((40 + 2))");
        await terminal.ShowsAsync("echo seen", "seen 42");
    }

    [Fact]
    public async Task A_key_in_the_countdown_of_a_restore_leads_to_its_screen_and_nothing_was_written()
    {
        using var file = new UnattendedFile(sample.CopyStore().Folder);
        using var disk = LoopDisk.Create(file["target.img"], SampleStore.DiskBytes);
        file.Restore(disk.Path, $"{disk.Path}:{SampleStore.DiskBytes}", sample.Image, "countdown = 3000");
        using var terminal = new Terminal(200, 25, "LC_ALL=C.UTF-8");
        terminal.Type(file.Line);
        await terminal.ShowsAsync($"{disk.Path} (64.0 MiB) will be OVERWRITTEN with image {sample.Image}", "A key leads to the menu.");
        terminal.Press("Escape");
        await terminal.ShowsAsync("Restore here?");
        Assert.False(Content.Read(disk.Path, 0, 1 << 20).AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public async Task A_failure_is_on_the_screen_with_its_reason_and_the_menu_is_one_key_away()
    {
        using var file = new UnattendedFile().Backup("serial:NOT-THERE");
        // Wide and high: the report names every disk of the machine that the test runs on.
        using var terminal = new Terminal(200, 40, "LC_ALL=C.UTF-8");
        terminal.Type(file.Line);
        await terminal.ShowsAsync("NOT DONE.", "There is no such disk", "Nothing was written");
        terminal.Press("Enter");
        await terminal.ShowsAsync("Welcome", "Back up");
        terminal.Press("8");
        await terminal.ShowsAsync("ended 3.");
    }

    [Fact]
    public async Task A_success_is_on_the_screen_of_the_menu()
    {
        using var file = new UnattendedFile().Backup(sample.Source);
        using var terminal = new Terminal(80, 25, "LC_ALL=C.UTF-8");
        terminal.Type(file.Line);
        await terminal.ShowsAsync("DONE, and checked.", "is finished and in the store.");
        terminal.Press("Enter");
        await terminal.ShowsAsync("Welcome");
    }

    [Fact]
    public async Task A_malformed_file_leads_to_the_menu_with_line_and_column()
    {
        using var file = new UnattendedFile();
        File.WriteAllText(file.Settings, "[pc]\nname = \"a\" b\n");
        using var terminal = new Terminal(80, 25, "LC_ALL=C.UTF-8");
        terminal.Type(file.Line);
        await terminal.ShowsAsync("NOT DONE.", ":2:12:");
        terminal.Press("Enter");
        await terminal.ShowsAsync("No settings file");
        terminal.Press("8");
        await terminal.ShowsAsync("ended 2.");
    }

    [Fact]
    public async Task A_dumb_line_gets_plain_lines_and_a_key_counts_all_the_same()
    {
        using var file = new UnattendedFile().Backup(sample.Source, "countdown = 3000");
        using var terminal = new Terminal(100, 25, "TERM=dumb", "LC_ALL=C");
        terminal.Type(file.Line);
        await terminal.ShowsAsync("waiting until ", "A key leads to the menu.");
        terminal.Press("Enter");
        await terminal.ShowsAsync("Welcome");
    }
}
