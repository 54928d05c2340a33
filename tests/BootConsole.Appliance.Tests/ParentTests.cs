// Incremental images whose parent is gone, damaged, of another PC or of other keys: a correct image is made all the same, and it is said what was passed over.
namespace BootConsole.Appliance.Tests;

public sealed class ParentTests(EncryptedStore sample) : IClassFixture<EncryptedStore>
{
    [Fact]
    public void Without_anything_to_build_on_a_full_image_is_made_and_it_is_said()
    {
        var copy = sample.CopyStore();
        Assert.Contains("There is no image of other-pc with this disk to build on.", AssertFull(copy, "--pc", "other-pc").Errors, StringComparison.Ordinal);
        AssertFull(new StoreCopy(sample.NewFolder(), ""), "--pc", EncryptedStore.Pc);
        Bootconsole.Run("delete", "--store", copy.Folder, sample.Full, sample.Child).Succeeds();
        Assert.Contains($"There is no image of {EncryptedStore.Pc}", AssertFull(copy, "--pc", EncryptedStore.Pc).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_parent_is_passed_over_and_the_one_before_it_taken()
    {
        var copy = sample.CopyStore();
        copy.FlipBit("image.json", 200);
        var run = Incremental(copy, sample.Source).Succeeds();
        Assert.Contains($"Image {sample.Child} is passed over", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("A full image is made instead", run.Errors, StringComparison.Ordinal);
        sample.AssertRestores(copy.Folder, "latest", sample.Source);
    }

    [Fact]
    public void A_parent_whose_mac_is_wrong_is_passed_over()
    {
        var copy = sample.CopyStore();
        copy.EditManifest(manifest => manifest["pad"] = 7);
        Assert.Contains($"Image {sample.Child} is passed over: ", Incremental(copy, sample.Source).Succeeds().Errors, StringComparison.Ordinal);
        sample.AssertRestores(copy.Folder, "latest", sample.Source);
    }

    [Fact]
    public void A_deleted_parent_of_the_parent_takes_nothing_away()
    {
        var copy = sample.CopyStore();
        Bootconsole.Run("delete", "--store", copy.Folder, sample.Full).Succeeds();
        sample.AssertRestores(copy.Folder, sample.Child, sample.Source);
        using var change = sample.ChangeSource(0, 1);
        var run = Incremental(copy, sample.Source, "--json").Succeeds();
        Assert.Equal(1, run.Document.GetProperty("counts").GetProperty("data").GetInt64());
        sample.AssertRestores(copy.Folder, "latest", sample.Source);
    }

    [Fact]
    public void A_segment_that_was_found_bad_is_noted_never_built_upon_and_shown_by_prune()
    {
        var copy = sample.CopyStore(sample.Full);
        const string Segment = "disk-0/00000000-1.zst.age";
        copy.FlipBit(Segment, new FileInfo(copy[Segment]).Length / 2);
        var run = Bootconsole.Run("verify", "--store", copy.Folder, sample.Full, "--keyless").Reports(1, Segment);
        Assert.Contains($"{Segment} is noted as bad", run.Errors, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(copy.Folder, "bad")));
        // Nothing of that segment is taken over: the image is whole although its parent is not.
        Incremental(copy, sample.Source).Succeeds();
        sample.AssertRestores(copy.Folder, "latest", sample.Source);
        sample.Run("verify", copy.Folder, "latest").Succeeds();
        // Neither the full image nor the one that was built on it stands for a good one.
        var table = Bootconsole.Run("prune", "--store", copy.Folder, "--keep-last", "1", "--dry-run").Succeeds().Output;
        foreach (var image in (string[])[sample.Full, sample.Child]) Assert.Matches($@"{image} +keep +1 of its segments was found bad: not counted", table);
        Assert.Matches(@"_later +keep +last 1\n", table);
    }

    private Run AssertFull(StoreCopy store, params string[] more)
    {
        var run = Incremental(store, sample.Source, more).Succeeds();
        Assert.Contains("A full image is made instead.", run.Errors, StringComparison.Ordinal);
        sample.AssertRestores(store.Folder, "latest", sample.Source);
        return run;
    }

    private Run Incremental(StoreCopy store, string disk, params string[] more) =>
        Bootconsole.Run(["backup", "--disk", disk, "--store", store.Folder, "--password-file", sample.PasswordFile, "--name", "later", "--kind", "incremental", .. more.Contains("--pc") ? more : [.. more, "--pc", EncryptedStore.Pc]]);
}
