// A thief with the PC's real certificate, at the real sshd, against sealed images of an append-only contract.
using BootConsole.TestKit;

namespace BootConsole.Server.Tests.Images;

public sealed class ThiefTests : IAsyncLifetime
{
    private const string Pc = "office-pc", User = "bc-office-pc";

    // A copy of an image under another id, with a manifest and a checksum that fit: what anybody can make without any key of the backup.
    private const string ForgeScript = """
        import hashlib, json, shutil, sys
        old, new, to = sys.argv[1:]
        shutil.copytree(old, to)
        manifest = json.load(open(f'{to}/image.json'))
        manifest['id'] = new
        data = (json.dumps(manifest) + '\n').encode()
        open(f'{to}/image.json', 'wb').write(data)
        open(f'{to}/image.json.sha256', 'wb').write((hashlib.sha256(data).hexdigest() + '  image.json\n').encode())
        """;

    private readonly TempFolder _folder = new();
    private LiveServer _server = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _server = await LiveServer.StartAsync();
        _server.Run("contract", "change", "basic", "--deletion", "forbidden", "--keep", "last=2", "--minimum-age", "7").Succeeds();
        (_key, _) = await _server.IssueAsync(Pc);
        File.WriteAllBytes(_folder["loot"], RandomBytes.Of(2, 300_000));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_attack_that_works_before_the_seal_is_refused_after_it_and_the_image_stays_to_the_last_byte()
    {
        var image = _server.Backup(_key, Pc, "daily");
        await using (var session = await _server.ComeInAsync(_key, User))
        {
            var thief = new Thief(_server, _key, session, _folder["loot"]);
            List<string> wrong = [];
            foreach (var (attack, number) in Thief.Attacks.Select((attack, number) => (attack, number)))
                if (await attack.Try(thief, Target(CopyOf(image, number))) == attack.IsFutile) wrong.Add(attack.Name);
            Assert.True(wrong.Count == 0, $"otherwise than before a seal: {string.Join("; ", wrong)}");
        }

        CleanUp(image);
        _server.Run("seal", "--once").Succeeds();
        var (before, target) = (Described(image), Target(image));

        await using (var session = await _server.ComeInAsync(_key, User))
        {
            var thief = new Thief(_server, _key, session, _folder["loot"]);
            List<string> done = [];
            foreach (var attack in Thief.Attacks)
                if (await attack.Try(thief, target)) done.Add(attack.Name);
            Assert.True(done.Count == 0, $"not refused: {string.Join("; ", done)}");
        }

        Assert.Equal(before, Described(image));
        _server.Run("images", "verify", image).Succeeds();
        // And the PC goes on: what is sealed is what the next image builds on.
        var next = _server.Backup(_key, Pc, "daily", "incremental");
        _server.Run("seal", "--once").Succeeds();
        _server.Run("images", "verify", next).Succeeds();
    }

    [Fact]
    public async Task A_handle_kept_open_writes_nothing_after_the_seal_and_sessions_of_others_stay()
    {
        var image = _server.Backup(_key, Pc, "daily");
        var (otherKey, _) = await _server.IssueAsync("other-pc");
        await using var other = await _server.ComeInAsync(otherKey, "bc-other-pc");
        var others = (await other.OpenFileAsync("/images/own", RawSftp.Write | RawSftp.Create))!;
        await using var thief = await _server.ComeInAsync(_key, User);
        var segment = (await thief.OpenFileAsync(Target(image).Segment, RawSftp.Write))!;
        var manifest = (await thief.OpenFileAsync($"/images/{image}/image.json", RawSftp.Write | RawSftp.Append))!;
        var fresh = (await thief.OpenFileAsync($"/images/{image}/disk-0/fresh", RawSftp.Write | RawSftp.Create))!;
        // The handles work: this one writes what was there.
        Assert.True(await thief.WriteAsync(fresh, 0, "x"));
        Assert.True(await thief.DoAsync(13, $"/images/{image}/disk-0/fresh"));

        _server.Run("seal", "--once").Succeeds();
        var sealedAs = Described(image);

        foreach (var handle in (byte[][])[segment, manifest, fresh]) await Assert.ThrowsAnyAsync<EndOfStreamException>(() => thief.WriteAsync(handle, 0, "XXXX"));
        Assert.True(await other.WriteAsync(others, 0, "still here"));
        Assert.Equal(sealedAs, Described(image));
        _server.Run("images", "verify", image).Succeeds();
    }

    [Fact]
    public async Task A_hard_link_made_before_the_seal_is_no_way_around_it()
    {
        var image = _server.Backup(_key, Pc, "daily");
        await using (var session = await _server.ComeInAsync(_key, User)) Assert.True(await session.ExtendedAsync("hardlink@openssh.com", Target(image).Segment, "/leases/second"));

        _server.Run("seal", "--once").Succeeds();

        await using var thief = await _server.ComeInAsync(_key, User);
        Assert.Null(await thief.OpenFileAsync("/leases/second", RawSftp.Write));
        Assert.False(await thief.SetAsync("/leases/second", 4u, 0x1B6u));
        Assert.False(await thief.SetAsync("/leases/second", 1u, 0ul));
        _server.Run("images", "verify", image).Succeeds();
    }

    [Fact]
    public void Twenty_forgeries_dated_into_the_future_do_not_age_the_real_images_out()
    {
        string[] real = [_server.Backup(_key, Pc, "daily"), _server.Backup(_key, Pc, "daily")];
        _server.Run("seal", "--once").Succeeds();
        foreach (var image in real) Age(image, 30);

        // All that the thief knows comes over the wire, and goes back over it.
        Assert.Equal(0, _server.Sftp(_key, User, $"get -R /images/{real[0]} {_folder["stolen"]}").ExitCode);
        var forged = Enumerable.Range(0, 20).Select(year => $"{2080 + year}-01-01T000000Z_office-pc_daily").ToArray();
        foreach (var image in forged) SystemTool.Run("python3", "-c", ForgeScript, _folder["stolen"], image, _folder[image]);
        var put = _server.Sftp(_key, User, [.. forged.Select(image => $"put -R {_folder[image]} /images")]);
        Assert.True(put.ExitCode == 0, put.ToString());

        _server.Run("seal", "--once").Succeeds();
        _server.Run("images", "verify").Succeeds();
        _server.Run("images", "prune").Succeeds();
        Assert.Equal(real.Concat(forged).Order(), Directory.GetDirectories(_server["pcs/office-pc/images"]).Select(Path.GetFileName).Order());
        _server.Run(["images", "verify", .. real]).Succeeds();
        // The thief cannot remove the traces either.
        Assert.NotEqual(0, _server.Sftp(_key, User, $"rm /images/{forged[0]}/image.json").ExitCode);
    }

    [Fact]
    public async Task An_image_that_is_forged_over_a_name_that_was_sealed_and_pruned_is_a_new_image()
    {
        var image = _server.Backup(_key, Pc, "daily");
        _server.Run("seal", "--once").Succeeds();
        Assert.Equal(0, _server.Sftp(_key, User, $"get -R /images/{image} {_folder["stolen"]}").ExitCode);
        Age(image, 30);
        _server.Run("images", "delete", image, "--yes", "--even-append-only").Succeeds();
        await using var thief = await _server.ComeInAsync(_key, User);
        Directory.Move(_folder["stolen"], _folder[image]);
        Assert.Equal(0, _server.Sftp(_key, User, $"put -R {_folder[image]} /images").ExitCode);
        var listed = _server.Run("images", "list", Pc, "--json").Succeeds().Document().GetProperty("images").EnumerateArray().Single();
        Assert.False(listed.TryGetProperty("sealed", out _), listed.ToString());
        Assert.False(listed.TryGetProperty("verified", out _), listed.ToString());
    }

    private Thief.Target Target(string image)
    {
        var segment = Directory.GetFiles(_server[$"pcs/office-pc/images/{image}/disk-0"], "*.zst").Order().First();
        return new Thief.Target($"/images/{image}", $"/images/{image}/disk-0/{Path.GetFileName(segment)}");
    }

    // Of the PC's own, as if it had made each itself.
    private string CopyOf(string image, int number)
    {
        var copy = $"2020-01-01T0000{number:00}Z_office-pc_copy";
        _server.Machine.Run("cp", "-a", $"{LiveServer.Root}/pcs/office-pc/images/{image}", $"{LiveServer.Root}/pcs/office-pc/images/{copy}");
        return copy;
    }

    private void CleanUp(string image) => _server.Machine.Run("sh", "-c", "cd \"$1/pcs/office-pc\" && rm -rf leases/* && find images -mindepth 1 -maxdepth 1 ! -name \"$2\" -exec rm -rf {} +", "sh", LiveServer.Root, image);

    private string Described(string image) => _server.Machine.Run(
        "sh", "-c", "cd \"$1/pcs/office-pc/images\" && stat -c '%n %U:%G %a' . && find \"$2\" -printf '%p %y %u:%g %m %s %T@\\n' | sort && find \"$2\" -type f -exec sha256sum {} + | sort", "sh", LiveServer.Root, image);

    private void Age(string image, int days) =>
        _server.Sql($"UPDATE image SET seen = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-{days} days'), sealed = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-{days} days') WHERE name = ?", image);
}
