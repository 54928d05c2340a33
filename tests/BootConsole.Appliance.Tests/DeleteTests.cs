// Deleting images: exactly the named ones, never by "latest", never one in use.
namespace BootConsole.Appliance.Tests;

public sealed class DeleteTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public void Latest_is_refused_and_nothing_is_deleted()
    {
        var copy = sample.CopyStore();
        Delete(copy, "latest").Reports(2, "'latest' may not be deleted", "id");
        Delete(copy, sample.Image, "latest").Reports(2, "'latest' may not be deleted");
        Bootconsole.Run("verify", "--store", copy.Folder, "latest").Succeeds();
    }

    [Fact]
    public void An_unknown_image_is_refused_and_nothing_is_deleted()
    {
        var copy = sample.CopyStore();
        Delete(copy, "no-such-image").Reports(3, "no-such-image", "bootconsole images");
        Delete(copy, sample.Image, "no-such-image").Reports(3, "no-such-image");
        Delete(copy, "2001-01-01T000000Z_pc_name", "--json").ReportsJson(3, "refused", "2001-01-01T000000Z_pc_name");
        Bootconsole.Run("verify", "--store", copy.Folder, "latest").Succeeds();
    }

    [Fact]
    public void A_deleted_image_is_gone_and_the_other_one_is_whole()
    {
        var copy = sample.CopyStore();
        var other = Bootconsole.Run("backup", "--disk", sample.NewDisk(4 << 20), "--store", copy.Folder, "--no-encryption", "--name", "other", "--json").Succeeds().Document.GetProperty("image").GetString()!;
        var document = Delete(copy, sample.Image, "--json").Succeeds().Document;
        Assert.True(document.GetProperty("counts").GetProperty("freedBytes").GetInt64() > 8 << 20);
        Assert.Equal([other], Directory.GetDirectories(Path.Combine(copy.Folder, "images")).Select(Path.GetFileName));
        Bootconsole.Run("verify", "--store", copy.Folder, other).Succeeds();
        Bootconsole.Run("show", "--store", copy.Folder, sample.Image).Reports(3, "no such image", sample.Image);
    }

    [Fact]
    public void An_image_that_is_being_restored_is_refused()
    {
        var copy = sample.CopyStore();
        copy.AddLease(copy.Image, "restore");
        Delete(copy, copy.Image).Reports(3, "in use", copy.Image, "restore", "Try again");
        Bootconsole.Run("verify", "--store", copy.Folder, "latest").Succeeds();
    }

    [Fact]
    public void When_a_second_image_is_refused_the_first_deletion_is_not_denied()
    {
        var copy = sample.CopyStore();
        var busy = Bootconsole.Run("backup", "--disk", sample.NewDisk(4 << 20), "--store", copy.Folder, "--no-encryption", "--name", "busy", "--json").Succeeds().Document.GetProperty("image").GetString()!;
        copy.AddLease(busy, "restore");
        var run = Delete(copy, sample.Image, busy).Reports(1, "in use", busy);
        Assert.DoesNotContain("Nothing was written", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"{sample.Image} is deleted", run.Output, StringComparison.Ordinal);
    }

    private static Run Delete(StoreCopy store, params string[] words) => Bootconsole.Run(["delete", "--store", store.Folder, .. words]);
}
