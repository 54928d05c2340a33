// Verification without keys, deletion, pruning and what they leave.
namespace BootConsole.Server.Tests.Images;

public sealed class VerifyAndDeleteTests : IDisposable
{
    private readonly SampleServer _server = SampleServer.Start();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void A_changed_byte_is_found_named_and_remembered_until_it_is_as_it_was()
    {
        _server.AddPc("office", "basic");
        var (good, bad) = (_server.Backup("office", "good"), _server.Backup("office", "bad"));
        var segment = _server.Machine.Run("sh", "-c", $"ls {StoredImages.Store("office")}/images/{bad}/disk-0/*.zst | head -1").Trim();
        _server.Machine.Run("sh", "-c", $"cp -p {segment} /srv/keep && printf damaged | dd of={segment} bs=1 seek=1000 conv=notrunc status=none");

        _server.Run("images", "verify").Reports(1, bad, Path.GetFileName(segment));
        var listed = _server.Listed("office");
        Assert.Equal(("finished", true), (listed[good].GetProperty("state").GetString(), listed[good].TryGetProperty("verified", out _)));
        Assert.Equal(("damaged", false), (listed[bad].GetProperty("state").GetString(), listed[bad].TryGetProperty("verified", out _)));
        Assert.Single(_server.Listed("--damaged"));
        // A root's file in the PC's folder would keep the PC from writing there.
        Assert.Equal("", _server.Machine.Run("find", StoredImages.Store("office") + "/bad", StoredImages.Store("office") + "/leases", "-user", "root").Trim());

        _server.Machine.Run("sh", "-c", $"cat /srv/keep > {segment}");
        _server.Run("images", "scan").Succeeds();
        Assert.Equal("damaged", _server.Listed("office")[bad].GetProperty("state").GetString());
        _server.Run("images", "verify", "office").Succeeds();
        Assert.Equal("finished", _server.Listed("office")[bad].GetProperty("state").GetString());
    }

    [Fact]
    public void A_deleted_image_leaves_what_others_need_and_its_bytes_still_count()
    {
        _server.AddPc("office", "basic");
        var full = _server.Backup("office", "full");
        var child = _server.Backup("office", "child", "incremental");
        _server.Run("images", "delete", full).Reports(2, "--yes");
        _server.Run("images", "delete", full, "--yes").Succeeds();
        Assert.Equal([child], _server.Listed("--all").Keys);
        _server.Run("images", "verify", child).Succeeds();
        _server.Run("images", "show", full).Reports(3, "no such image");
        // What is left of the full image takes room on.
        Assert.True(_server.Ask("pc", "show", "office").GetProperty("storedBytes").GetInt64() > 4 << 20);
        _server.Run("images", "delete", child, "--yes").Succeeds();
        Assert.Equal("", _server.Machine.Run("ls", StoredImages.Store("office") + "/images").Trim());
    }

    [Fact]
    public void Where_deletion_is_forbidden_it_takes_a_word_more_and_never_what_is_young()
    {
        _server.AddPc("vaulted", "vault", "--deletion", "forbidden", "--minimum-age", "7");
        var image = _server.Backup("vaulted", "daily");
        _server.Run("seal", "--once").Succeeds();
        _server.Run("images", "delete", image, "--yes").Reports(3, "forbids deletion");
        _server.Run("images", "delete", image, "--yes", "--even-append-only").Reports(3, "minimum age");
        _server.Age(image, 8);
        _server.Run("images", "delete", image, "--yes", "--even-append-only").Succeeds();
        Assert.Equal("", _server.Machine.Run("ls", StoredImages.Store("vaulted") + "/images").Trim());
    }

    [Theory]
    [InlineData("images", "show", "none")]
    [InlineData("images", "delete", "none", "--yes")]
    [InlineData("images", "verify", "none")]
    [InlineData("images", "export", "none", "--to", "/srv/out")]
    [InlineData("images", "publish", "none", "--to", "office")]
    [InlineData("images", "unpublish", "2026-01-01T000000Z_a_b")]
    public void What_is_not_there_is_said(params string[] line)
    {
        _server.AddPc("office", "basic");
        _server.Run(line).Reports(3);
    }
}
