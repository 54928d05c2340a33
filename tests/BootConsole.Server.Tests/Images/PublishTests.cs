// Published and exported images: another PC reads them and changes nothing.
namespace BootConsole.Server.Tests.Images;

public sealed class PublishTests : IDisposable
{
    private const string Program = "/opt/bootserver/bootconsole";
    private readonly SampleServer _server = SampleServer.Start();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("allowed")]
    [InlineData("forbidden")]
    public void A_published_image_is_restored_by_another_pc_which_can_neither_change_nor_remove_it(string deletion)
    {
        _server.AddPc("office", "basic", "--deletion", deletion);
        _server.Run("pc", "add", "lab-1", "--contract", "basic").Succeeds();
        var full = _server.Backup("office", "full");
        var image = _server.Backup("office", "golden", "incremental");
        if (deletion == "forbidden") _server.Run("seal", "--once").Succeeds();
        var flags = Flags();

        var answer = _server.Ask("images", "publish", image, "--to", "lab-1");
        // What its own PC could still write is copied; what is sealed needs no space.
        Assert.Equal(deletion == "forbidden", answer.GetProperty("linkedBytes").GetInt64() > 0);
        Assert.Equal(flags, Flags());
        var shared = StoredImages.Store("lab-1") + "/shared/office";
        var owned = _server.Machine.Run("find", StoredImages.Store("lab-1") + "/shared", "(", "!", "-user", "root", "-o", "-perm", "/022", ")").Trim();
        Assert.Equal("", owned);
        var verified = _server.As("lab-1", Program, "verify", "--store", StoredImages.Store("lab-1"), image);
        Assert.True(verified.ExitCode == 0, verified.ToString());
        // The parent is there for its sake alone, and is no image of its own here.
        Assert.DoesNotContain(full, _server.As("lab-1", Program, "images", "--store", StoredImages.Store("lab-1")).Output, StringComparison.Ordinal);
        foreach (var attack in (string[])["rm -r {0}", "mv {0} {0}x", "touch {0}/images/x", "printf x >> {0}/images/{1}/image.json", "chmod -R u+w {0}", "rm {0}/images/{1}/disk-0/*"])
            Assert.NotEqual(0, _server.As("lab-1", "sh", "-c", string.Format(System.Globalization.CultureInfo.InvariantCulture, attack, shared, image)).ExitCode);
        // Nor does its own PC, by the names that it has of the same files.
        _server.As("office", "sh", "-c", $"cd {StoredImages.Store("office")}/images && for f in $(find . -type f); do printf x >> $f; done");
        verified = _server.As("lab-1", Program, "verify", "--store", StoredImages.Store("lab-1"), image);
        Assert.True(verified.ExitCode == 0, verified.ToString());

        _server.Run("images", "unpublish", image).Succeeds();
        Assert.Equal("", _server.Machine.Run("find", shared, "-type", "f").Trim());
        Assert.Equal(flags, Flags());
        if (deletion == "forbidden") _server.Run("images", "verify").Succeeds();
    }

    // The immutable flags of the images themselves: what a further name of a file did to them.
    private string Flags() => _server.Machine.Run("sh", "-c", $"find {StoredImages.Store("office")}/images -mindepth 1 -exec lsattr -d {{}} + 2>/dev/null | sort -k 2 || true");

    [Fact]
    public void Publishing_is_refused_for_its_own_pc_under_two_names_and_of_what_is_not_finished()
    {
        _server.AddPc("office", "basic");
        _server.Run("pc", "add", "lab-1", "--contract", "basic").Succeeds();
        var image = _server.Backup("office", "golden");
        _server.Run("images", "publish", image, "--to", "office").Reports(2, "own");
        _server.Run("images", "publish", image, "--to", "nobody").Reports(2, "no PC");
        _server.Run("images", "publish", image, "--to", "lab-1", "--name", "../up").Reports(2, "not allowed");
        _server.Run("images", "publish", image, "--to", "lab-1").Succeeds();
        // Again is no change.
        _server.Run("images", "publish", image, "--to", "lab-1").Succeeds();
        _server.Run("images", "publish", image, "--to", "lab-1", "--name", "second").Reports(3, "already", "shared/office");
        _server.As("office", "mkdir", "-p", StoredImages.Store("office") + "/images/2026-01-01T000000Z_office_open/disk-0");
        _server.Run("images", "publish", "open", "--to", "lab-1").Reports(3, "unfinished");
    }

    [Fact]
    public void A_damaged_image_is_not_shown_to_anybody()
    {
        _server.AddPc("office", "basic");
        _server.Run("pc", "add", "lab-1", "--contract", "basic").Succeeds();
        var image = _server.Backup("office", "golden");
        _server.Machine.Run("sh", "-c", $"for s in {StoredImages.Store("office")}/images/{image}/disk-0/*.zst; do printf damaged | dd of=$s bs=1 seek=500 conv=notrunc status=none; done");
        _server.Run("images", "publish", image, "--to", "lab-1").Reports(1, "changed");
        Assert.DoesNotContain(image, _server.As("lab-1", Program, "images", "--store", StoredImages.Store("lab-1")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exported_image_is_a_store_that_is_restored_byte_for_byte()
    {
        _server.AddPc("office", "basic");
        _server.Backup("office", "full");
        var image = _server.Backup("office", "child", "incremental");
        _server.Run("images", "export", image, "--to", "/srv/out").Succeeds();
        _server.Machine.Run(Program, "export", "--store", "/srv/out", image, "--to", "/srv/back.img");
        _server.Machine.Run("cmp", "/srv/back.img", "/srv/disk.img");
        _server.Run("images", "export", image, "--to", "/srv/out").Reports(3, "not empty");
    }
}
