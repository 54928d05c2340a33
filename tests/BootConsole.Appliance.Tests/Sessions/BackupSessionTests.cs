// A technician at the console: backup and restore over SFTP by keys alone, a cancel in both its meanings, and what goes wrong on the way.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Sessions;

public sealed class BackupSessionTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public async Task A_disk_is_backed_up_to_a_server_and_restored_from_there_by_keys_alone()
    {
        await using var server = await PrivateSshd.StartAsync();
        var (knownHosts, target) = (Path.Combine(server.Folder, "known_hosts"), sample.NewDisk(SampleStore.DiskBytes));
        File.WriteAllText(knownHosts, server.KnownHostsLine + "\n");
        using var session = await ConsoleSession.StartAsync();
        await session.PressAsync("1", "Which disks?", "P Path");
        await session.NameDiskAsync(sample.Source, "Where to?");
        await session.OpenStoreAsync(server.Address().ToString(), Path.Combine(server.Folder, "id"), knownHosts, "Encryption");
        await session.PressAsync("Enter", "New password");
        await session.EnterAsync(ConsoleSession.Password, "The same again", "21 characters.");
        await session.EnterAsync(ConsoleSession.Password, "Start the backup?", ConsoleSession.PlanIsMade);
        await session.PressAsync("Enter", "DONE, and checked.", "finished", "To the menu");
        await session.PressAsync("Enter", "Welcome");

        await session.PressAsync("2", "From where?");
        await session.OpenStoreAsync(server.Address().ToString(), Path.Combine(server.Folder, "id"), knownHosts, "      encrypted");
        await session.PressAsync("Enter", "The password of the image");
        await session.EnterAsync("wrong", "Trouble:", "password");
        await session.EnterAsync(ConsoleSession.Password, "Onto which disk?", "P Path");
        await session.NameDiskAsync(target, "only the chunks");
        await session.PressAsync("Enter", "Overwrite?", "Enter Overwrite this disk");
        Assert.True(Content.HasNoTables(target, SampleStore.DiskBytes), "something was written before it was confirmed");
        await session.EnterAsync("yes", "That is not what");
        for (var count = 0; count < 3; count++) session.Terminal.Press("BSpace");
        await session.EnterAsync(target, "DONE, and checked.", "restored");
        Assert.Equal(Content.Read(sample.Source, SampleStore.LinuxStart, 40 << 20), Content.Read(target, SampleStore.LinuxStart, 40 << 20));
        SystemTool.Run("cmp", "-n", "17408", sample.Source, target);
        await session.PressAsync("Enter", "Welcome");
        await session.PressAsync("8", "ended 0.");
        Assert.True(session.Terminal.ShowsCursor);
    }

    [Fact]
    public async Task A_cancel_keeps_what_was_sent_or_cleans_up_and_the_same_backup_goes_on()
    {
        var (disk, store) = (LargeDisk(), sample.NewFolder());
        using var session = await ConsoleSession.StartAsync(isSlow: true);
        await session.PrepareBackupAsync(disk, store);
        await session.StartOpenBackupAsync();
        await PauseAsync(session, store);
        await session.PressAsync("Escape", "Stop the backup?", "K Keep what was sent");
        await session.PressAsync("k", "CANCELLED.", "Earlier images");
        var kept = Files(store, "*.zst").ToDictionary(file => file, Content.Hash);
        Assert.NotEmpty(kept);
        Assert.Empty(Directory.GetFiles(Path.Combine(store, "leases")));
        await session.PressAsync("Enter", "Welcome");

        await session.PrepareBackupAsync(disk, store);
        await session.StartOpenBackupAsync();
        await session.ShowsAsync("DONE, and checked.");
        Assert.All(kept, file => Assert.Equal(file.Value, Content.Hash(file.Key)));
        var image = Assert.Single(Directory.GetDirectories(Path.Combine(store, "images")));
        Bootconsole.Run("verify", "--store", store, "latest").Succeeds();
        await session.PressAsync("Enter", "Welcome");

        await session.PrepareBackupAsync(disk, store);
        await session.StartOpenBackupAsync();
        await PauseAsync(session, store, except: image);
        // Ctrl-C asks, too, and is no yes.
        await session.PressAsync("C-c", "Stop the backup?", "C Clean up");
        await session.PressAsync("C-c", "Stop the backup?");
        await session.PressAsync("Escape", "P Go on");
        await session.PressAsync("Escape", "Stop the backup?");
        await session.PressAsync("c", "CANCELLED.");
        Assert.Equal([image], Directory.GetDirectories(Path.Combine(store, "images")));
    }

    [Fact]
    public async Task A_password_that_is_wrong_three_times_leads_back()
    {
        var store = sample.NewFolder();
        using var password = new TempFolder();
        File.WriteAllText(password["password"], ConsoleSession.Password);
        SystemTool.Run("chmod", "600", password["password"]);
        Bootconsole.Run("backup", "--disk", sample.NewDisk(1 << 20), "--store", store, "--password-file", password["password"]).Succeeds();
        using var session = await ConsoleSession.StartAsync();
        await session.PressAsync("2", "From where?");
        await session.EnterAsync(store, "Which image?", "encrypted");
        await session.PressAsync("Enter", "The password of the image");
        await session.EnterAsync("one", "Trouble:");
        // Said of this one, not of the last.
        await session.PressAsync("x", "•");
        await session.EnterAsync("two", "Trouble:");
        await session.PressAsync("x", "•");
        await session.EnterAsync("three", "That was the third time.", "Safe:");
        await session.PressAsync("Escape", "Which image?");
    }

    [SkippableFact]
    public async Task A_server_that_dies_while_its_images_are_listed_is_named_and_found_again()
    {
        await using var server = await PrivateSshd.StartAsync();
        var knownHosts = Path.Combine(server.Folder, "known_hosts");
        File.WriteAllText(knownHosts, server.KnownHostsLine + "\n");
        using var session = await ConsoleSession.StartAsync();
        await session.PressAsync("3", "From where?");
        await session.OpenStoreAsync(server.Address().ToString(), Path.Combine(server.Folder, "id"), knownHosts, "There is no image in this store yet.");
        await server.KillAsync();
        await session.PressAsync("r", "Trouble:", "Safe:", "Nothing was written.", "To do:");
        var port = server.Port;
        await server.StartAgainAsync();
        Skip.If(server.Port != port, "somebody else took the port");
        await session.PressAsync("r", "There is no image in this store yet.");
    }

    [Fact]
    public async Task A_disk_that_went_away_after_it_was_listed_is_named()
    {
        var disk = sample.NewDisk(1 << 20);
        using var session = await ConsoleSession.StartAsync();
        await session.PrepareBackupAsync(disk, sample.NewFolder());
        File.Delete(disk);
        session.Terminal.Press("Down");
        session.Terminal.Press("Down");
        session.Terminal.Press("Down");
        await session.PressAsync("Right", "Not encrypted:");
        await session.PressAsync("Enter", "Start the backup?", "Trouble:", "Nothing was written.", Path.GetFileName(disk));
        await session.PressAsync("Escape", "How?");
        // Back at the list it is gone.
        await session.PressAsync("Escape", "Where to?");
        await session.PressAsync("Escape", "Which disks?");
    }

    // Random bytes: they cannot be compressed, and so take a while and several segments.
    private string LargeDisk()
    {
        var path = sample.NewPath(".img");
        using var file = File.Create(path);
        for (var part = 0; part < 16; part++) file.Write(RandomBytes.Of(part, 16 << 20));
        return path;
    }

    // Until something was sent; then the job stands still for as long as the test looks at it.
    private static async Task PauseAsync(ConsoleSession session, string store, string except = "-")
    {
        await Eventually.BecomesTrueAsync(() => Files(store, "*.table.zst").Count(file => !file.StartsWith(except, StringComparison.Ordinal)) > 1, "a segment is committed");
        await session.PressAsync("p", "Paused.");
    }

    private static IEnumerable<string> Files(string store, string pattern) => Directory.EnumerateFiles(store, pattern, SearchOption.AllDirectories);
}
