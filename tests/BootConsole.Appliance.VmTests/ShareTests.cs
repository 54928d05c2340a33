// Network shares as the booted PC's own kernel and helpers mount them: servers that take a backup and give it back, refuse, or do not answer.
using BootConsole.Appliance.VmTests.Pc;
using BootConsole.TestKit;
using Xunit.Abstractions;

namespace BootConsole.Appliance.VmTests;

public sealed class ShareTests(ITestOutputHelper output)
{
    private const string Source = "VM-DISK-1", Target = "VM-DISK-2";

    [Fact]
    public async Task An_NFS_export_takes_a_backup_and_gives_it_back_and_what_another_one_refuses_is_named()
    {
        await using var server = await NfsServer.StartAsync();
        await BacksUpAndRestoresAsync("NFS", new(server.Address(NfsServer.Open)), server.Folder(NfsServer.Open),
            new("absent", new(server.Address("nothere")), "The server has no such share or folder", "Check the name of the share"),
            new("read-only", new(server.Address(NfsServer.ReadOnly)), "cannot be written", "Check the export on the server"),
            new("squashed", new(server.Address(NfsServer.Squashed)), "cannot be written", "no_root_squash"));
    }

    [Fact]
    public async Task An_SMB_share_takes_a_backup_and_gives_it_back_and_what_another_one_refuses_is_named()
    {
        await using var server = await SambaServer.StartAsync();
        var credentials = server.Credentials();
        await BacksUpAndRestoresAsync("SMB", new(server.Address(SambaServer.Open), credentials), server.Folder(SambaServer.Open),
            new("password", new(server.Address(SambaServer.Open), server.WrongCredentials()), "The share refuses the login", "Check user and password in the credentials file"),
            new("guest", new(server.Address(SambaServer.Open)), "The share refuses the login"),
            new("absent", new(server.Address("nothere"), credentials), "The server has no such share or folder", "Check the name of the share"),
            new("folder", new(server.Address(SambaServer.Open + "/nothere"), credentials), "The server has no such share or folder"),
            new("read-only", new(server.Address(SambaServer.ReadOnly), credentials), "Check the share on the server"));
    }

    [Fact]
    public async Task A_backup_outlives_an_NFS_server_that_ends_and_comes_back()
    {
        await using var server = await NfsServer.StartAsync();
        await OutlivesAsync("NFS", new(server.Address(NfsServer.Open)), server.Folder(NfsServer.Open), server.KillAsync, server.StartAgainAsync);
    }

    [Fact]
    public async Task A_backup_outlives_an_SMB_server_that_ends_and_comes_back()
    {
        await using var server = await SambaServer.StartAsync();
        await OutlivesAsync("SMB", new(server.Address(SambaServer.Open), server.Credentials()), server.Folder(SambaServer.Open), server.KillAsync, server.StartAgainAsync);
    }

    [Fact]
    public async Task A_share_whose_server_does_not_answer_is_named()
    {
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        File.WriteAllBytes(folder["disk"], RandomBytes.Of(1, 8 << 20));
        var port = FreePort.Find();
        (string, string) Job(string name, string url)
        {
            File.WriteAllText(folder[name], $"""
                [pc]
                name = "vm-pc"
                [[storage]]
                name = "share"
                url = "{url}"
                [backup]
                store = "share"
                disks = ["only"]
                encryption = "none"
                [job]
                action = "backup"
                countdown = 0
                """);
            return ($"/etc/bootconsole/{name}.toml", folder[name]);
        }

        var settings = archive.Make("[pc]\nname = \"vm-pc\"\n", Job("nfs", $"nfs://{GuestServer.Host}:{port}/export"), Job("smb", $"smb://{GuestServer.Host}:{port}/share"));
        using var pc = await VirtualPc.StartAsync(new PcPlan { Memory = 512, Disks = [new PcDisk(folder["disk"], "DISK")], Kernel = new DirectBoot([BootParts.Base, settings], "console=ttyS0") });
        await pc.ShowsAsync("Welcome", "Network: eth0 has the address 10.0.2.15/24");
        var shell = await GuestShell.OpenAsync(pc);
        foreach (var share in (string[])["nfs", "smb"]) await shell.RefusedAsync(share, "The server does not answer", $"{share}://{GuestServer.Host}", "Check the network cable");
        pc.Report(output, "shares that do not answer");
    }

    private async Task BacksUpAndRestoresAsync(string what, Share share, string store, params Refusal[] refusals)
    {
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        var (disk, wiped) = (SampleDisk.Make(folder["disk"]), PartitionedImage.Sparse(folder["wiped"], SampleDisk.Bytes));
        File.WriteAllText(folder["password"], "correct horse\n");
        (string, string) Put(string name, string text)
        {
            File.WriteAllText(folder[name], text);
            return ($"/etc/bootconsole/{name}", folder[name]);
        }

        (string, string)[] jobs = [Put("backup.toml", BackupTo(share, "share")), Put("restore.toml", RestoreFrom(share)), .. refusals.Select(refusal => Put(refusal.Name + ".toml", BackupTo(refusal.Share, refusal.Name)))];
        var credentials = refusals.Select(refusal => (refusal.Name, refusal.Share)).Prepend((Name: "share", Share: share)).Where(one => one.Share.Credentials.Length > 0).Select(one => ($"/etc/bootconsole/{one.Name}.credentials", one.Share.Credentials));
        using var pc = await VirtualPc.StartAsync(new PcPlan
        {
            Memory = 768,
            Disks = [new PcDisk(disk, Source), new PcDisk(wiped, Target)],
            Kernel = new DirectBoot([BootParts.Base, archive.Make("[pc]\nname = \"vm-pc\"\n", [.. jobs, .. credentials, ("/etc/bootconsole/password", folder["password"])])], "console=ttyS0"),
        });
        await pc.ShowsAsync("Welcome", "Network: eth0 has the address 10.0.2.15/24");
        var shell = await GuestShell.OpenAsync(pc);
        foreach (var refusal in refusals) await shell.RefusedAsync(refusal.Name, [refusal.Share.Url[..refusal.Share.Url.LastIndexOf('/')], .. refusal.Words]);
        pc.Report(output, $"{what}: {refusals.Length} refusals");
        await shell.DoneAsync("backup", "DONE, and checked.");
        pc.Report(output, $"{what}: backup");
        Assert.DoesNotContain(GuestServer.Host, await shell.DoAsync("cat /proc/mounts"), StringComparison.Ordinal);
        await shell.DoneAsync("restore", "DONE, and checked.", "is restored and read back");
        pc.Report(output, $"{what}: restore");
        Assert.DoesNotContain(GuestServer.Host, await shell.DoAsync("cat /proc/mounts"), StringComparison.Ordinal);
        await pc.EnterAsync("poweroff");
        await pc.EndsAsync();
        SystemTool.Run("cmp", disk, wiped);
        var image = Assert.Single(Directory.GetDirectories(Path.Combine(store, "images")));
        Assert.Contains($"\"durabilityConfirmed\": {(what == "NFS" ? "true" : "false")}", File.ReadAllText(Path.Combine(image, "image.json")), StringComparison.Ordinal);
    }

    // No proxy between them: one that goes on taking connections for a server that has ended is no server that has ended, and keeps the SMB client connecting for as long.
    private async Task OutlivesAsync(string what, Share share, string store, Func<Task> kill, Func<Task> startAgain)
    {
        using var folder = new TempFolder();
        using var archive = new PcArchive();
        var disk = SampleDisk.Make(folder["disk"]);
        var settings = archive.Make(
            $"""
            {Common(share, "share")}
            [backup]
            store = "share"
            disks = ["serial:{Source}"]
            encryption = "none"
            limit = "1 MB/s"
            segment_by_rate = [["max", "1 MiB"]]
            [job]
            action = "backup"
            countdown = 0
            afterwards = "poweroff"
            on_failure = "poweroff"
            """, share.Credentials.Length > 0 ? [("/etc/bootconsole/share.credentials", share.Credentials)] : []);
        using (var pc = await VirtualPc.StartAsync(new PcPlan { Memory = 512, Disks = [new PcDisk(disk, Source)], Kernel = new DirectBoot([BootParts.Base, settings], "console=ttyS0") }))
        {
            await pc.UntilAsync(() => Directory.Exists(Path.Combine(store, "images")) && Directory.EnumerateFiles(store, "*.table.zst", SearchOption.AllDirectories).Take(2).Count() == 2, "two committed segments");
            await kill();
            pc.Report(output, $"{what}: the server is killed");
            await pc.SaysAsync("connection lost");
            pc.Report(output, $"{what}: the PC knows");
            await startAgain();
            await pc.SaysAsync("connected again", "The PC will be switched off");
            Assert.Contains("is finished", pc.Log, StringComparison.Ordinal);
            pc.Report(output, $"{what}: backup through the end of the server");
        }

        var image = Assert.Single(Directory.GetDirectories(Path.Combine(store, "images")));
        ServerView.Bootconsole("export", Path.GetFileName(image), "--store", store, "--to", folder["exported"]);
        SystemTool.Run("cmp", disk, folder["exported"]);
    }

    private static string BackupTo(Share share, string name) => $"""
        {Common(share, name)}
        [backup]
        store = "share"
        disks = ["serial:{Source}"]
        encryption = "password"
        password_file = "/etc/bootconsole/password"
        verify = true
        [job]
        action = "backup"
        countdown = 0
        """;

    private static string RestoreFrom(Share share) => $"""
        {Common(share, "share")}
        [restore]
        store = "share"
        image = "latest"
        disks = ["serial:{Target}"]
        overwrite = ["{Target}"]
        only_differences = false
        password_file = "/etc/bootconsole/password"
        [job]
        action = "restore"
        countdown = 0
        """;

    private static string Common(Share share, string name) => $"""
        [pc]
        name = "vm-pc"
        [[storage]]
        name = "share"
        url = "{share.Url}"
        {(share.Credentials.Length > 0 ? $"credentials = \"/etc/bootconsole/{name}.credentials\"" : "")}
        """;

    /// <summary>A share.</summary>
    /// <param name="Url">Its address.</param>
    /// <param name="Credentials">Its credentials file on the host; empty for none.</param>
    private sealed record Share(string Url, string Credentials = "");

    /// <summary>A share that refuses.</summary>
    /// <param name="Name">The job's name.</param>
    /// <param name="Share">The share.</param>
    /// <param name="Words">What the screen says.</param>
    private sealed record Refusal(string Name, Share Share, params string[] Words);
}
