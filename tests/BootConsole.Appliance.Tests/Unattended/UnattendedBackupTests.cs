// bootconsole run with a backup: from the file alone, recorded in the store, and tried again.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests.Unattended;

public sealed class UnattendedBackupTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public async Task A_backup_over_sftp_is_made_from_the_file_alone_and_the_next_one_builds_on_it()
    {
        await using var server = await PrivateSshd.StartAsync();
        using var file = new UnattendedFile(server.StoreFolder);
        WriteSftp(file, server.Address().ToString(), server.KnownHostsLine, server.Folder);
        var run = file.Run().Succeeds();
        Assert.Contains("Unattended backup 'nightly' (incremental)", run.Output, StringComparison.Ordinal);
        Assert.Contains("read back and every chunk checked", run.Output, StringComparison.Ordinal);
        Assert.Contains("This is not the boot environment: the PC is left as it is. There it would be switched off now.", run.Output, StringComparison.Ordinal);
        file.Run().Succeeds();
        var images = Bootconsole.Run("images", "--store", file.Store).Succeeds().Output;
        Assert.Equal(3, images.Split("office-pc_nightly").Length);
        Assert.Contains("full", images, StringComparison.Ordinal);
        Assert.Contains("incremental", images, StringComparison.Ordinal);
        Assert.Equal(2, file.Records.Count);
        foreach (var line in (string[])["bootconsole-run: 1\n", "pc: office-pc (", "job: backup 'nightly' (incremental)", "\nstarted: 20", "\nstore-clock-ahead-seconds: ", "\noutcome: done\nexit-code: 0\n", "\nimage: 20"])
            Assert.All(file.Records, record => Assert.Contains(line, record, StringComparison.Ordinal));
        Assert.All(file.Records, record => Assert.DoesNotContain("battery", record, StringComparison.Ordinal));
        Assert.Empty(file.RecordsHere);
        // What lies in runs/ is in nobody's way.
        Bootconsole.Run("verify", "--store", file.Store, "latest", "--password-file", file.PasswordFile).Succeeds();
        Bootconsole.Run("prune", "--store", file.Store, "--keep-last", "1").Succeeds();
        Assert.Equal(2, file.Records.Count);
    }

    [Fact]
    public async Task A_server_out_of_reach_leaves_the_record_here_and_the_next_run_takes_it_there()
    {
        await using var server = await PrivateSshd.StartAsync();
        using var file = new UnattendedFile(server.StoreFolder);
        WriteSftp(file, server.Address().ToString(), server.KnownHostsLine, server.Folder);
        await server.KillAsync();
        var run = file.Run().Reports(1, "connection refused");
        Assert.Contains("is kept in " + file.Waiting, run.Output, StringComparison.Ordinal);
        Assert.Contains("outcome: failed", Assert.Single(file.RecordsHere), StringComparison.Ordinal);
        Assert.Empty(file.Records);
        var port = server.Port;
        await server.StartAgainAsync();
        WriteSftp(file, server.Address().ToString(), server.KnownHostsLine, server.Folder);
        Assert.Contains("An earlier record was taken to the store", file.Run().Succeeds().Output, StringComparison.Ordinal);
        Assert.Empty(file.RecordsHere);
        // Two of one second stand in any order.
        Assert.Equal(["done", "failed"], file.Records.Select(Outcome).Order());
        // A server that proves itself by another key is none: nothing is sent there, not even the record.
        WriteSftp(file, server.Address().ToString(), $"[127.0.0.1]:{server.Port} {server.PublicKey("ca_host")}", server.Folder);
        file.Run().Reports(1, "host key");
        Assert.Equal(2, file.Records.Count);
        Assert.Contains("host key", Assert.Single(file.RecordsHere), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void What_is_refused_early_is_recorded_in_the_store()
    {
        using var file = new UnattendedFile().Backup("serial:NOT-THERE", "at = \"2099-01-01T00:00:00Z\"\non_failure = \"poweroff\"");
        var run = file.Run().Reports(3, "no such disk", "NOT-THERE");
        Assert.Contains("There it would be switched off now.", run.Output, StringComparison.Ordinal);
        var record = Assert.Single(file.Records);
        foreach (var line in (string[])["outcome: refused", "exit-code: 3", "what: There is no such disk", "safe: Nothing was written."]) Assert.Contains(line, record, StringComparison.Ordinal);
        Assert.Equal(["runs"], Directory.GetFileSystemEntries(file.Store).Select(Path.GetFileName));
    }

    [Fact]
    public void A_disk_that_is_there_twice_is_refused()
    {
        using var file = new UnattendedFile().Backup("serial:TWIN");
        using var twins = FakeLsblk.WithTwins("TWIN");
        Bootconsole.RunWithPath(twins.Folder, file.Arguments()).Reports(3, "more than one disk goes by this name");
        Assert.Contains("disk: /dev/sdy", Assert.Single(file.Records), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[pc]\nname = \"a\" b\n", ":2:12:")]
    [InlineData("[pc]\nname = \"office\"\n[job]\naction = \"backup\"\n", "there is no table [backup]")]
    public void A_malformed_file_is_named_with_line_and_column_and_recorded_here(string text, string words)
    {
        using var file = new UnattendedFile();
        File.WriteAllText(file.Settings, text);
        file.Run().Reports(2, file.Settings + ":", words);
        Assert.Contains(words, Assert.Single(file.RecordsHere), StringComparison.Ordinal);
        File.Delete(file.Settings);
        file.Run("--json").ReportsJson(2, "refused", file.Settings);
    }

    [Fact]
    public void A_time_that_has_passed_is_a_settings_error()
    {
        using var file = new UnattendedFile().Backup(sample.Source, "at = \"2020-01-01T00:00:00Z\"\non_failure = \"retry\"");
        file.Run().Reports(2, "has passed", "job.at");
        Assert.Contains("exit-code: 2", Assert.Single(file.Records), StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_is_tried_again_for_as_long_as_the_file_says_and_no_longer()
    {
        using var file = new UnattendedFile().Backup("/no-such-disk.img", "countdown = 0\non_failure = \"retry\"", "encryption = \"none\"\nretry_for = \"2 s\"");
        var run = file.Run();
        Assert.True(run.ExitCode == 3, run.ToString());
        Assert.Equal(3, run.Errors.Split("bootconsole: There is no such disk: /no-such-disk.img.").Length);
        Assert.Contains("Try 1 failed; trying again in 2 s.", run.Output, StringComparison.Ordinal);
        Assert.Equal(["refused", "refused"], file.Records.Select(Outcome));
        Assert.Equal(["try: 1", "try: 2"], file.Records.Select(record => record.Split('\n').Single(line => line.StartsWith("try:", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_try_that_succeeds_ends_the_trying()
    {
        using var file = new UnattendedFile();
        file.Backup(file["disk.img"], "countdown = 0\non_failure = \"retry\"");
        var running = Bootconsole.Start(file.Arguments("--json"));
        await Eventually.BecomesTrueAsync(() => file.Records.Count == 1, "the first try is recorded");
        PartitionedImage.Sparse(file["disk.img"], 4 << 20);
        var run = running.WaitForEnd();
        Assert.True(run.ExitCode == 0, run.ToString());
        DocumentedJson.Section("job").Check(run.Document);
        foreach (var line in run.ProgressLines) DocumentedJson.Section(line.TryGetProperty("event", out _) ? "event" : "progress").Check(line);
        Assert.Equal(["done", "refused"], file.Records.Select(Outcome).Order());
    }

    [Fact]
    public async Task A_signal_while_it_waits_ends_it_and_is_recorded()
    {
        using var file = new UnattendedFile().Backup(sample.Source, "at = \"2099-01-01T00:00:00Z\"\njitter = \"30 min\"\non_failure = \"retry\"");
        using var output = new TempFolder();
        // Under a shell that keeps what is said while it runs.
        var running = RunningProgram.Start("sh", ["-c", "exec \"$0\" \"$@\" 2> " + output["errors"], Bootconsole.Program, .. file.Arguments()], path: null);
        await Eventually.BecomesTrueAsync(() => File.Exists(output["errors"]) && File.ReadAllText(output["errors"]).Contains("waiting until 2099-01-01 00:", StringComparison.Ordinal), "it waits");
        running.Send(Signal.Terminate);
        var run = running.WaitForEnd();
        Assert.True(run.ExitCode == 130, run.ToString());
        Assert.Contains("Random delay: ", run.Output, StringComparison.Ordinal);
        Assert.Equal(["cancelled"], file.Records.Select(Outcome));
    }

    private static string Outcome(string record) => record.Split('\n').Single(line => line.StartsWith("outcome: ", StringComparison.Ordinal))["outcome: ".Length..];

    private void WriteSftp(UnattendedFile file, string url, string hostKey, string keys) => File.WriteAllText(file.Settings, $"""
        [pc]
        name = "office-pc"
        [server]
        url = "{url}"
        host_keys = ["{hostKey}"]
        identity = "{Path.Combine(keys, "id")}"
        [backup]
        store = "server"
        disks = ["{sample.Source}"]
        name = "nightly"
        kind = "incremental"
        level = 1
        encryption = "password"
        password_file = "{file.PasswordFile}"
        verify = true
        [job]
        action = "backup"
        countdown = 0
        afterwards = "poweroff"
        """);
}
