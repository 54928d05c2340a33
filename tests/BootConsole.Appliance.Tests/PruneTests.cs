// Pruning by rules from the command line: what stays and why, what goes, and what is never removed.
using System.Text.Json;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class PruneTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Theory]
    [InlineData("")]
    [InlineData("--keep-last 0")]
    [InlineData("--keep-last 0 --keep-daily 0")]
    public void Rules_that_keep_nothing_are_refused_and_nothing_goes(string rules)
    {
        var copy = sample.CopyStore();
        var before = copy.Hashes();
        Prune(copy, rules.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Reports(2, "no rule keeps anything", "--keep-daily");
        Assert.Equal(before, copy.Hashes());
    }

    [Theory]
    [InlineData("--keep-last", "-1", "0 or more")]
    [InlineData("--keep-last", "three", "whole number")]
    [InlineData("--keep-weekly", "-3", "--keep-weekly")]
    public void A_number_that_is_none_is_a_usage_error(string option, string value, string words) => Prune(sample.CopyStore(), option, value, "--keep-yearly", "3").Reports(2, words);

    [Fact]
    public void A_dry_run_shows_what_stays_and_why_and_removes_nothing()
    {
        var copy = sample.CopyStore();
        var (middle, newest) = (Copy(copy, "2001-02-03T040506Z"), Copy(copy, "2001-02-04T040506Z"));
        var before = copy.Hashes();
        var run = Prune(copy, "--keep-last", "1", "--keep-yearly", "2", "--dry-run").Succeeds();
        Assert.Matches($@"{sample.Image} +keep +last 1, yearly \d{{4}}\n", run.Output);
        Assert.Matches($@"{newest} +keep +yearly 2001\n", run.Output);
        Assert.Matches($@"{middle} +remove +no rule keeps it\n", run.Output);
        Assert.Contains("nothing was removed", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, copy.Hashes());
        var document = Json(Prune(copy, "--keep-last", "1", "--dry-run", "--json").Succeeds());
        Assert.True(document.GetProperty("dryRun").GetBoolean());
        Assert.Equal(["keep", "remove", "remove"], document.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("action").GetString()));
    }

    [Fact]
    public void What_no_rule_keeps_goes_and_what_one_keeps_reads()
    {
        var copy = sample.CopyStore();
        var (middle, oldest) = (Copy(copy, "2001-02-03T040506Z"), Copy(copy, "2001-02-01T040506Z"));
        var document = Json(Prune(copy, "--keep-daily", "2", "--json").Succeeds());
        Assert.Equal([false, false, true], document.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("removed").GetBoolean()));
        Assert.True(document.GetProperty("counts").GetProperty("freedBytes").GetInt64() > 8 << 20);
        Assert.False(Directory.Exists(Path.Combine(copy.Folder, "images", oldest)));
        Assert.True(Directory.Exists(Path.Combine(copy.Folder, "images", middle)));
        Bootconsole.Run("verify", "--store", copy.Folder, sample.Image).Succeeds();
        Assert.Contains("Nothing is to be removed", Prune(copy, "--keep-daily", "2").Succeeds().Output, StringComparison.Ordinal);
        Assert.Contains("no images to judge", Prune(copy, "--keep-daily", "2", "--pc", "another").Succeeds().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_in_use_stays_with_its_reason_and_the_others_go()
    {
        var copy = sample.CopyStore();
        var (middle, oldest) = (Copy(copy, "2001-02-03T040506Z"), Copy(copy, "2001-02-01T040506Z"));
        copy.AddLease(oldest, "restore");
        var run = Prune(copy, "--keep-last", "1", "--json").ReportsJson(1, "failed", oldest, "in use", "1 of 2 images");
        Json(run);
        Assert.Equal([false, true, false], run.Document.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("removed").GetBoolean()));
        Assert.Contains("restore", run.Document.GetProperty("images")[2].GetProperty("refusal").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(copy.Folder, "images", middle)));
        Bootconsole.Run("verify", "--store", copy.Folder, oldest, "--keyless").Succeeds();
    }

    [Fact]
    public void An_image_dated_in_the_future_stays_and_does_not_count()
    {
        var copy = sample.CopyStore();
        var (future, older) = (Copy(copy, "2099-02-03T040506Z"), Copy(copy, "2001-02-03T040506Z"));
        var run = Prune(copy, "--keep-last", "1").Succeeds();
        Assert.Matches($@"{future} +keep +dated in the future: not counted, 'delete' removes it\n", run.Output);
        Assert.Matches($@"{sample.Image} +keep +last 1\n", run.Output);
        Assert.Matches($@"{older} +remove +no rule keeps it\n", run.Output);
        Assert.True(Directory.Exists(Path.Combine(copy.Folder, "images", future)));
    }

    [Fact]
    public async Task What_a_running_backup_builds_on_stays_until_it_has_ended()
    {
        var (store, disk) = (new StoreCopy(sample.NewFolder(), ""), sample.NewPath(".img"));
        SystemTool.Run("cp", "--sparse=always", sample.Source, disk);
        string[] start = ["backup", "--disk", disk, "--store", store.Folder, "--pc", "test-pc", "--no-encryption", "--json"];
        var first = Bootconsole.Run([.. start, "--name", "nightly"]).Succeeds().Document.GetProperty("image").GetString()!;
        EncryptedStore.Change(disk, 0, 8);
        var running = Bootconsole.Start([.. start, "--name", "running", "--kind", "incremental", "--limit", "2 MB/s"]);
        await Eventually.BecomesTrueAsync(() => running.HasEnded || Directory.GetFiles(store.Folder, "*.zst.*.part", SearchOption.AllDirectories).Any(part => new FileInfo(part).Length > 0), "the backup sends");
        // Stopped, it lives, and what follows need not hurry.
        running.Send(Signal.Stop);
        var second = Bootconsole.Run([.. start, "--name", "nightly"]).Succeeds().Document.GetProperty("image").GetString()!;
        var table = Prune(store, "--keep-last", "1").Reports(1, first, "1 of 1 images", "could not be removed");
        Assert.Matches($@"{second} +keep +last 1\n", table.Output);
        Assert.Matches(@"_running +keep +unfinished: prune leaves it alone", table.Output);
        running.Send(Signal.Continue);
        var child = running.WaitForEnd().Succeeds().Document.GetProperty("image").GetString()!;
        // Now it goes; what the other needs of it stays.
        var pruned = Json(Prune(store, "--keep-last", "1", "--json").Succeeds());
        Assert.True(pruned.GetProperty("counts").GetProperty("keptFiles").GetInt32() > 0);
        Assert.Equal(new[] { child, second }.Order(StringComparer.Ordinal), Bootconsole.Run("images", "--store", store.Folder, "--json").Succeeds().Document.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("id").GetString()!));
        Bootconsole.Run("verify", "--store", store.Folder, child).Succeeds();
        Bootconsole.Run("verify", "--store", store.Folder, child, "--against", disk).Succeeds();
    }

    private static Run Prune(StoreCopy store, params string[] words) => Bootconsole.Run(["prune", "--store", store.Folder, .. words]);

    private static JsonElement Json(Run run)
    {
        DocumentedJson.Section("prune").Check(run.Document);
        return run.Document;
    }

    // An image of another time. Only its manifest knows: the tables still carry the first one's id, so it lists and goes like any other and does not restore.
    private static string Copy(StoreCopy store, string time)
    {
        var id = time + store.Image[store.Image.IndexOf('_', StringComparison.Ordinal)..];
        SystemTool.Run("cp", "-a", store.ImageFolder, Path.Combine(store.Folder, "images", id));
        new StoreCopy(store.Folder, id).EditManifest(manifest => manifest["id"] = id);
        return id;
    }
}
