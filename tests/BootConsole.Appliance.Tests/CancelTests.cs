// Ctrl-C, a terminated and a killed program: at any moment the store reads, the target cannot boot half restored, and nothing is half written.
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class CancelTests(SampleStore sample) : IClassFixture<SampleStore>
{
    // The 13 MB that are sent take 13 seconds at least, on the fastest machine: every moment lies inside the run.
    private const string Slowly = "1 MB/s";

    /// <summary>Moments in milliseconds after the start: from before the program is up to the middle of its work.</summary>
    public static TheoryData<int, Signal> Moments
    {
        get
        {
            var random = new Random(20261121);
            var moments = new TheoryData<int, Signal>();
            for (var i = 0; i < 14; i++) moments.Add(random.Next(50 + (i * 120)), i % 2 == 0 ? Signal.Interrupt : Signal.Terminate);
            return moments;
        }
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task A_backup_cancelled_at_a_random_moment_harms_nothing_and_can_be_gone_on_with(int milliseconds, Signal signal)
    {
        var copy = sample.CopyStore();
        var before = copy.Hashes();
        var backup = Bootconsole.Start("backup", "--disk", sample.Source, "--store", copy.Folder, "--name", "cut", "--no-encryption", "--limit", Slowly, "--json");
        await Task.Delay(milliseconds);
        backup.Send(signal);
        var run = backup.WaitForEnd();
        AssertCancelled(run, signal);
        // What was published is kept and says so; else nothing is left.
        var kept = Directory.GetDirectories(Path.Combine(copy.Folder, "images")).Where(image => Path.GetFileName(image) != copy.Image).ToList();
        Assert.Equal(before, copy.Hashes().Where(file => !kept.Exists(image => file.Key.StartsWith(image, StringComparison.Ordinal))).ToDictionary());
        if (kept.Count == 0) return;
        var state = Assert.Single(Bootconsole.Run("images", "--store", copy.Folder, "--json").Succeeds().Document.GetProperty("images").EnumerateArray(), image => image.GetProperty("name").GetString() == "cut");
        Assert.Equal("suspended", state.GetProperty("state").GetString());
        Bootconsole.Run("resume", "--store", copy.Folder).Succeeds();
    }

    // The end of a backup is where most files are published; level 1 gets there within the moments.
    [Theory]
    [InlineData("disk-0/00000000-1.zst")]
    [InlineData("disk-0/tables/00000000-1.table.zst")]
    [InlineData("disk-0/SHA256SUMS")]
    [InlineData("disk-0/layout.json")]
    [InlineData("image.json.sha256")]
    [InlineData("image.json")]
    [InlineData("state.json")]
    public async Task A_backup_cancelled_when_a_file_appears_is_whole_or_gone_on_with(string file)
    {
        var store = sample.NewFolder();
        var backup = Bootconsole.Start("backup", "--disk", sample.Source, "--store", store, "--no-encryption", "--level", "1", "--json");
        var images = Path.Combine(store, "images");
        await Eventually.BecomesTrueAsync(() => backup.HasEnded || (Directory.Exists(images) && Directory.GetDirectories(images).Any(image => File.Exists(Path.Combine(image, file)))), file);
        backup.Send(Signal.Interrupt);
        var run = backup.WaitForEnd();
        Assert.Empty(Directory.GetFiles(store, "*.part", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(Path.Combine(store, "leases")));
        if (run.ExitCode == 0) Bootconsole.Run("verify", "--store", store, run.Document.GetProperty("image").GetString()!).Succeeds();
        else run.Reports(130, "Cancelled");
        Assert.InRange(Directory.GetDirectories(images).Length, run.ExitCode == 0 ? 1 : 0, 1);
        if (run.ExitCode == 0) return;
        // The same command goes on with what was kept, or begins anew where nothing was worth it.
        var again = Bootconsole.Run("backup", "--disk", sample.Source, "--store", store, "--no-encryption", "--level", "1", "--json").Succeeds();
        Bootconsole.Run("verify", "--store", store, again.Document.GetProperty("image").GetString()!).Succeeds();
        Assert.Single(Directory.GetDirectories(images));
    }

    [Fact]
    public async Task A_backup_cancelled_while_it_is_verified_keeps_the_finished_image()
    {
        var store = sample.NewFolder();
        var source = sample.NewDisk(256 << 20);
        var backup = Bootconsole.Start("backup", "--disk", source, "--store", store, "--no-encryption", "--verify", "--json");
        await Eventually.BecomesTrueAsync(() => backup.HasEnded || IsFinished(store), "a finished image");
        backup.Send(Signal.Interrupt);
        var run = backup.WaitForEnd();
        if (run.ExitCode != 0) run.ReportsJson(130, "cancelled");
        Bootconsole.Run("verify", "--store", store, "latest").Succeeds();
    }

    [Theory]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.HangUp)]
    public async Task A_restore_cancelled_in_its_midst_leaves_a_target_without_tables(Signal signal)
    {
        var target = sample.NewPath(".img");
        File.Copy(sample.Source, target);
        var restore = Bootconsole.Start("restore", "--store", sample.Store, "latest", "--disk", target, "--yes-overwrite", target, "--json");
        await Eventually.BecomesTrueAsync(() => restore.HasEnded || Content.HasNoTables(target, SampleStore.DiskBytes), "the tables are erased");
        restore.Send(signal);
        var run = restore.WaitForEnd();
        if (run.ExitCode == 0)
        {
            Assert.Equal("done", run.Document.GetProperty("outcome").GetString());
            SystemTool.Run("sfdisk", "--verify", target);
            return;
        }

        run.ReportsJson(130, "cancelled", "no partition table", "restore it again");
        Assert.True(Content.HasNoTables(target, SampleStore.DiskBytes));
        Assert.Empty(Directory.GetFiles(Path.Combine(sample.Store, "leases")));
        // As the report says, it goes on with what is missing.
        var full = sample.NewPath(".img");
        File.Copy(sample.Source, full);
        Bootconsole.Run("restore", "--store", sample.Store, "latest", "--disk", full, "--yes-overwrite", full).Succeeds();
        Bootconsole.Run("restore", "--store", sample.Store, "latest", "--disk", target, "--yes-overwrite", target, "--only-differences").Succeeds();
        Assert.Equal(Content.Hash(full), Content.Hash(target));
    }

    [Fact]
    public async Task An_export_cancelled_in_its_midst_leaves_no_file()
    {
        var file = sample.NewPath(".img");
        var export = Bootconsole.Start("export", "--store", sample.Store, "latest", "--to", file, "--json");
        await Eventually.BecomesTrueAsync(() => export.HasEnded || File.Exists(file + ".part"), "the part appears");
        export.Send(Signal.Interrupt);
        var run = export.WaitForEnd();
        Assert.False(Path.Exists(file + ".part"));
        if (run.ExitCode == 0) Assert.Equal(SampleStore.DiskBytes, new FileInfo(file).Length);
        else run.ReportsJson(130, "cancelled", "no half file");
        Assert.Equal(run.ExitCode == 0, File.Exists(file));
    }

    [Fact]
    public async Task A_killed_backup_shows_as_unfinished_can_be_cleared_and_made_again()
    {
        var copy = sample.CopyStore();
        var backup = Bootconsole.Start("backup", "--disk", sample.Source, "--store", copy.Folder, "--name", "killed", "--no-encryption", "--limit", Slowly);
        var images = Path.Combine(copy.Folder, "images");
        await Eventually.BecomesTrueAsync(() => Directory.GetFiles(images, "*.part", SearchOption.AllDirectories).Any(part => part.Contains(".zst.", StringComparison.Ordinal) && new FileInfo(part).Length > 0), "a segment is being written");
        Bootconsole.Run("delete", "--store", copy.Folder, "killed").Reports(3, "A job is making this image", "Cancel that job");
        backup.Send(Signal.Kill);
        Assert.Equal(137, backup.WaitForEnd().ExitCode);
        var states = Bootconsole.Run("images", "--store", copy.Folder, "--json").Succeeds().Document.GetProperty("images").EnumerateArray().Select(image => (image.GetProperty("name").GetString(), image.GetProperty("state").GetString()));
        Assert.Equal([("sample", "done"), ("killed", "unfinished")], states.OrderBy(state => state.Item2));
        Bootconsole.Run("verify", "--store", copy.Folder, copy.Image).Succeeds();
        Bootconsole.Run("backup", "--disk", sample.Source, "--store", copy.Folder, "--name", "again", "--no-encryption").Succeeds();
        Bootconsole.Run("delete", "--store", copy.Folder, "killed").Succeeds();
        Assert.Equal(2, Directory.GetDirectories(images).Length);
        Assert.Empty(Directory.GetFiles(copy.Folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Two_backups_of_one_name_in_one_second_do_not_mix()
    {
        var store = sample.NewFolder();
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Bootconsole.Run("backup", "--disk", sample.Source, "--store", store, "--pc", "pc", "--no-encryption", "--json"))));
        foreach (var run in runs.Where(run => run.ExitCode != 0)) run.ReportsJson(3, "refused", "another job", "Start again");
        var made = runs.Where(run => run.ExitCode == 0).Select(run => run.Document.GetProperty("image").GetString()!).ToList();
        Assert.NotEmpty(made);
        Assert.Equal(made.Order(StringComparer.Ordinal), Directory.GetDirectories(Path.Combine(store, "images")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal));
        foreach (var image in made) Bootconsole.Run("verify", "--store", store, image).Succeeds();
        Assert.Empty(Directory.GetFiles(Path.Combine(store, "leases")));
    }

    private static bool IsFinished(string store)
    {
        var images = Path.Combine(store, "images");
        return Directory.Exists(images) && Directory.GetFiles(images, "image.json", SearchOption.AllDirectories).Length > 0;
    }

    // Before .NET has taken the signal over, the kernel's own way of ending the program is all there is; nothing was begun then.
    private static void AssertCancelled(Run run, Signal signal)
    {
        if (run.ExitCode == 128 + (int)signal && run.Errors.Length == 0) return;
        run.ReportsJson(130, "cancelled", "Cancelled", "The disks were only read");
    }
}
