// A thief with the PC's account, against images of an append-only contract.
using System.Globalization;
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Images;

public sealed class SealTests : IDisposable
{
    private static readonly string Images = StoredImages.Store("office") + "/images";
    private readonly SampleServer _server = SampleServer.Start();

    public SealTests() => _server.AddPc("office", "vault", "--deletion", "forbidden", "--keep", "last=2", "--minimum-age", "7");

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("rm -rf {0}/{1}")]
    [InlineData("rm {0}/{1}/image.json")]
    [InlineData("rm {0}/{1}/disk-0/*.zst")]
    [InlineData("mv {0}/{1} {0}/2020-01-01T000000Z_office_gone")]
    [InlineData("mv {0}/{1}/image.json {0}/{1}/deleted.json")]
    [InlineData("mv {0}/{1}/disk-0 {0}/{1}/disk-1")]
    [InlineData("mv {0} {0}.old && mkdir {0}")]
    [InlineData("rmdir {0}")]
    [InlineData("for f in $(find {0}/{1} -type f); do truncate -s 0 $f; done")]
    [InlineData("for f in $(find {0}/{1} -type f); do printf x > $f; done")]
    [InlineData("for f in $(find {0}/{1} -type f); do printf x >> $f; done")]
    [InlineData("for f in $(find {0}/{1} -type f); do cp /dev/null $f; done")]
    [InlineData("touch {0}/{1}/disk-0/new")]
    [InlineData("touch {0}/{1}/state.json")]
    [InlineData("ln -sf /etc/passwd {0}/{1}/image.json")]
    [InlineData("chmod -R u+w {0}/{1}")]
    [InlineData("chown -R $(id -u) {0}/{1}")]
    [InlineData("chattr -R -i {0}/{1} && rm -r {0}/{1}")]
    public void A_sealed_image_stays_whatever_its_pc_does(string attack)
    {
        var image = _server.Backup("office", "daily");
        _server.Run("seal", "--once").Succeeds();
        var script = string.Format(CultureInfo.InvariantCulture, attack, Images, image);
        _server.As("office", "sh", "-c", script);
        var deleted = _server.As("office", "/opt/bootserver/bootconsole", "delete", "--store", StoredImages.Store("office"), image);
        Assert.NotEqual(0, deleted.ExitCode);
        _server.Run("images", "verify", image).Succeeds();
        var listed = _server.Listed("office")[image];
        Assert.Equal(("finished", true), (listed.GetProperty("state").GetString(), listed.TryGetProperty("sealed", out _)));
    }

    [Fact]
    public void The_attacks_of_these_tests_would_succeed_without_the_seal()
    {
        var image = _server.Backup("office", "daily");
        Assert.Equal(0, _server.As("office", "rm", "-rf", $"{Images}/{image}").ExitCode);
        Assert.Empty(_server.Listed("office"));
    }

    [Fact]
    public async Task A_handle_that_was_open_before_writes_nothing_after_the_seal()
    {
        var image = _server.Backup("office", "daily");
        // As a session of sftp would: it opens a segment, waits, and writes when it is told to.
        const string thief = "import sys, glob; f = open(glob.glob(sys.argv[1] + '/disk-0/*.zst')[0], 'r+b', buffering=0); print('open', flush=True); sys.stdin.readline(); f.write(b'XXXX'); print('written', flush=True)";
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("nsenter", ["-m", "-t", _server.Machine.Id, "--", "setpriv", "--reuid", "bc-office", "--regid", "bc-office", "--clear-groups", "--", "/usr/bin/python3", "-c", thief, $"{Images}/{image}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("open", await process.StandardOutput.ReadLineAsync());

        _server.Run("seal", "--once").Succeeds();

        await Eventually.EndsAsync(process.WaitForExitAsync());
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync());
        _server.Run("images", "verify", image).Succeeds();
    }

    [Fact]
    public void Forgeries_dated_into_the_future_do_not_age_the_real_images_out()
    {
        List<string> real = [_server.Backup("office", "daily"), _server.Backup("office", "daily")];
        _server.Run("seal", "--once").Succeeds();
        foreach (var image in real) _server.Age(image, 30);
        var forged = Enumerable.Range(0, 4).Select(i => $"20{90 + i}-01-01T000000Z_office_daily").ToList();
        foreach (var image in forged) Assert.Equal(0, _server.Forge("office", real[0], image).ExitCode);
        _server.Run("seal", "--once").Succeeds();
        _server.Run("images", "verify").Succeeds();
        // Also what is dated before everything cannot slip below: only the server's times count.
        _server.Run("images", "prune").Succeeds();
        Assert.Equal(real.Concat(forged).Order(), _server.Listed("office").Keys.Order());
        _server.Run(["images", "verify", .. real]).Succeeds();
    }

    [Fact]
    public void The_pc_makes_further_images_prune_lifts_seals_and_children_of_what_went_stay_whole()
    {
        var first = _server.Backup("office", "daily");
        _server.Run("seal", "--once").Succeeds();
        var second = _server.Backup("office", "daily", "incremental");
        _server.Run("seal", "--once").Succeeds();
        var third = _server.Backup("office", "daily", "incremental");
        _server.Run("seal", "--once").Succeeds();
        _server.Run("images", "verify").Succeeds();
        foreach (var (image, days) in (IEnumerable<(string, int)>)[(first, 30), (second, 20), (third, 10)]) _server.Age(image, days);
        var plan = _server.Run("images", "prune", "--dry-run").Succeeds().Output;
        Assert.Contains("Dry run", plan, StringComparison.Ordinal);
        Assert.Equal(3, _server.Listed("office").Count);
        _server.Run("images", "prune").Succeeds();
        Assert.Equal([second, third], _server.Listed("office").Keys.Order());
        _server.Run("images", "verify").Succeeds();
    }

    [Fact]
    public void What_does_not_match_its_checksums_is_not_sealed_and_said()
    {
        var image = _server.Backup("office", "daily");
        _server.Machine.Run("sh", "-c", $"for s in {Images}/{image}/disk-0/*.zst; do printf damaged | dd of=$s bs=1 seek=500 conv=notrunc status=none; done");
        _server.Run("seal", "--once").Reports(1, image, "changed");
        Assert.Equal("damaged", _server.Listed("--damaged")[image].GetProperty("state").GetString());
        _server.Run("seal", "--once").Succeeds();
    }

    [Fact]
    public async Task The_service_seals_within_seconds_and_leaves_unfinished_images_alone()
    {
        _server.As("office", "mkdir", $"{Images}/2026-01-01T000000Z_office_open");
        await using var service = _server.Machine.Begin(PrivateMachine.Program, "seal");
        var image = _server.Backup("office", "daily");
        await Eventually.BecomesTrueAsync(() => _server.Owner($"pcs/office/images/{image}") == "root:root 555", "the image is root's");
        await Eventually.BecomesTrueAsync(() => _server.Listed("office").TryGetValue(image, out var listed) && listed.TryGetProperty("sealed", out _), "the image is sealed");
        Assert.Equal(0, _server.As("office", "touch", $"{Images}/2026-01-01T000000Z_office_open/state.json").ExitCode);
    }
}
