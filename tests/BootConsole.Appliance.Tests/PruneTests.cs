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
