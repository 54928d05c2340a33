// The catalogue follows the stores, and nothing that a PC puts into its store leads the server astray.
using System.Text.Json;

namespace BootConsole.Server.Tests.Images;

public sealed class ScanTests : IDisposable
{
    private readonly SampleServer _server = SampleServer.Start();

    public ScanTests() => _server.AddPc("office", "basic", "--images", "5", "--space", "1 GiB");

    public void Dispose() => _server.Dispose();

    [Fact]
    public void A_backup_is_listed_with_what_it_stores_and_its_pc_is_told_how_much_it_uses()
    {
        var id = _server.Backup("office", "daily");
        var image = _server.Listed()[id];
        Assert.Equal(("finished", "full", 4L << 20), (image.GetProperty("state").GetString(), image.GetProperty("kind").GetString(), image.GetProperty("diskBytes").GetInt64()));
        var bytes = long.Parse(_server.Machine.Run("sh", "-c", $"find {StoredImages.Store("office")}/images/{id} -type f -printf '%s\\n' | awk '{{ sum += $1 }} END {{ printf \"%d\", sum }}'"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(bytes, image.GetProperty("storedBytes").GetInt64());
        using var contract = JsonDocument.Parse(File.ReadAllText(_server["pcs/office/contract.json"]));
        Assert.Equal((1, bytes), (contract.RootElement.GetProperty("images").GetProperty("used").GetInt32(), contract.RootElement.GetProperty("bytes").GetProperty("used").GetInt64()));
        Assert.Contains("Key set", _server.Run("images", "show", "daily").Succeeds().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Less_space_than_is_used_is_said_to_both_sides_and_touches_no_image()
    {
        var id = _server.Backup("office", "daily");
        _server.Listed();
        Assert.Contains("office has 4", _server.Run("contract", "change", "basic", "--space", "2 MiB").Succeeds().Output, StringComparison.Ordinal);
        using var contract = JsonDocument.Parse(File.ReadAllText(_server["pcs/office/contract.json"]));
        var bytes = contract.RootElement.GetProperty("bytes");
        Assert.Equal(2L << 20, bytes.GetProperty("limit").GetInt64());
        Assert.True(bytes.GetProperty("used").GetInt64() > 4 << 20);
        _server.Run("images", "verify", id).Succeeds();
    }

    [Fact]
    public void Doctor_makes_again_what_the_catalogue_remembers_of_images()
    {
        var id = _server.Backup("office", "daily");
        _server.Listed();
        var told = File.ReadAllText(_server["pcs/office/contract.json"]);
        // The store's stamp stays: a quick look would not see that anything is missing.
        _server.Sql("DELETE FROM image");
        var seen = _server.Run("doctor", "--rebuild");
        Assert.True(seen.ExitCode == 0, seen.ToString());
        Assert.Equal(id, _server.Machine.Run("sqlite3", $"{SampleServer.Root}/catalogue/catalogue.db", "SELECT name FROM image WHERE state = 'finished'").Trim());
        Assert.Equal(told, File.ReadAllText(_server["pcs/office/contract.json"]));
        Assert.Equal("bootserver:bootserver", _server.Owner("catalogue/catalogue.db").Split(' ')[0]);
    }

    [Fact]
    public void When_an_image_was_first_seen_outlives_every_scan_and_ends_with_its_manifest()
    {
        var id = _server.Backup("office", "daily");
        var other = _server.Backup("office", "other");
        _server.Listed();
        foreach (var image in (string[])[id, other]) _server.Age(image, 30);
        var aged = _server.Listed("office")[id].GetProperty("seen").GetDateTimeOffset();
        _server.Machine.Run("sh", "-c", $"cd {StoredImages.Store("office")}/images/{id} && mv image.json deleted.json");
        _server.Run("images", "scan").Succeeds();
        Assert.DoesNotContain(id, _server.Listed("--all").Keys);
        _server.Machine.Run("sh", "-c", $"cd {StoredImages.Store("office")}/images/{id} && mv deleted.json image.json");
        _server.Machine.Run("touch", $"{StoredImages.Store("office")}/images/{other}/image.json");
        _server.Run("images", "scan").Succeeds();
        Assert.Equal(aged, _server.Listed("office")[id].GetProperty("seen").GetDateTimeOffset());
        Assert.True(DateTimeOffset.UtcNow - _server.Listed("office")[other].GetProperty("seen").GetDateTimeOffset() > TimeSpan.FromDays(29));
        // Another manifest under the same name is another image.
        _server.Forge("office", other, "2026-01-01T000000Z_office_forged");
        _server.Machine.Run("sh", "-c", $"cd {StoredImages.Store("office")}/images && cp {id}/image.json.sha256 /srv/keep && sed -i 's/\"notes\"/ \"notes\"/' {id}/image.json && (cd {id} && sha256sum image.json > image.json.sha256)");
        _server.Run("images", "scan").Succeeds();
        Assert.True(DateTimeOffset.UtcNow - _server.Listed("office")[id].GetProperty("seen").GetDateTimeOffset() < TimeSpan.FromDays(1));
    }

    [Theory]
    [InlineData("link", "ln -s /etc {0}")]
    [InlineData("link", "mkdir {0} && ln -s /etc/shadow {0}/image.json")]
    [InlineData("link", "mkdir {0} && mkfifo {0}/image.json")]
    [InlineData("link", "mkfifo {0}")]
    [InlineData("too long", "mkdir {0} && truncate -s 1T {0}/image.json")]
    [InlineData("no JSON|bad JSON", "mkdir {0} && head -c 1000000 /dev/zero | tr '\\0' '[' > {0}/image.json && (cd {0} && sha256sum image.json > image.json.sha256)")]
    [InlineData("checksum", "cp -r {1} {0} && ln -sf /etc/shadow {0}/image.json.sha256")]
    [InlineData("another image|manifest", "cp -r {1} {0} && sed -i 's/\"id\": \"[^\"]*\"/\"id\": \"..\\/..\\/..\\/etc\"/' {0}/image.json && (cd {0} && sha256sum image.json > image.json.sha256)")]
    [InlineData("damaged|impossible|JSON", "cp -r {1} {0} && sed -i 's/\"size\": [0-9]*/\"size\": 9223372036854775807/' {0}/image.json && (cd {0} && sha256sum image.json > image.json.sha256)")]
    public void What_a_hostile_pc_puts_into_its_store_is_damaged_and_the_images_of_others_are_listed(string reason, string trick)
    {
        _server.Run("pc", "add", "other", "--contract", "basic").Succeeds();
        var good = _server.Backup("other", "daily");
        var own = _server.Backup("office", "daily");
        const string forged = "2026-02-03T040506Z_office_trick";
        var done = _server.As("office", "sh", "-c", $"cd {StoredImages.Store("office")}/images && {string.Format(System.Globalization.CultureInfo.InvariantCulture, trick, forged, own)}");
        Assert.True(done.ExitCode == 0, done.ToString());
        var listed = _server.Listed("--all");
        Assert.Equal("finished", listed[good].GetProperty("state").GetString());
        Assert.Equal("finished", listed[own].GetProperty("state").GetString());
        Assert.Equal("damaged", listed[forged].GetProperty("state").GetString());
        var found = listed[forged].GetProperty("reason").GetString()!;
        Assert.True(reason.Split('|').Any(word => found.Contains(word, StringComparison.OrdinalIgnoreCase)), found);
        Assert.DoesNotContain("root:", found, StringComparison.Ordinal);
        // Whatever it is, it takes no other with it, and it goes.
        _server.Run("images", "verify", "other").Succeeds();
    }

    [Fact]
    public void Links_in_the_place_of_disks_and_segments_are_damage_that_a_verification_names()
    {
        var id = _server.Backup("office", "daily");
        _server.As("office", "sh", "-c", $"cd {StoredImages.Store("office")}/images/{id} && mv disk-0 real && mkdir disk-0 && cp real/layout.json disk-0 && cp real/SHA256SUMS disk-0 && cp -r real/tables disk-0 && for s in real/*.zst; do mkfifo disk-0/$(basename $s); done");
        _server.Run("images", "verify").Reports(1, id, "disk-0/", "missing");
        _server.As("office", "sh", "-c", $"cd {StoredImages.Store("office")}/images/{id} && rm -r disk-0 && ln -s real disk-0");
        _server.Run("images", "verify").Reports(1, id, "missing");
    }

    [Fact]
    public void A_store_whose_folder_of_images_is_a_link_is_a_trouble_of_its_own_and_forgets_nothing()
    {
        var id = _server.Backup("office", "daily");
        _server.Listed();
        _server.Machine.Run("sh", "-c", $"cd {StoredImages.Store("office")} && mv images real && ln -s /etc images");
        var list = _server.Ask("images", "list", "--all");
        Assert.Contains("link", list.GetProperty("troubles")[0].GetProperty("trouble").GetString(), StringComparison.Ordinal);
        Assert.Equal(id, list.GetProperty("images")[0].GetProperty("id").GetString());
    }

    [Fact]
    public void Names_that_are_no_images_and_files_without_end_harm_nobody()
    {
        _server.As("office", "/usr/bin/python3", "-c", $$"""
            import os
            os.chdir('{{StoredImages.Store("office")}}/images')
            for name in (b'\x1b[2J', b'a\nb', b'\xff\xfe', b'..\x01', b'2026-01-01T000000Z_x_' + b'y' * 100): os.mkdir(name)
            for i in range(20):
                os.mkdir(f'2026-01-01T0000{i:02}Z_office_big')
                open(f'2026-01-01T0000{i:02}Z_office_big/x', 'wb').truncate((1 << 43) - 4096)
            """);
        var list = _server.Run("images", "list", "--all").Succeeds();
        Assert.DoesNotContain("\u001b", list.Output, StringComparison.Ordinal);
        Assert.Equal(20, _server.Listed("--unfinished").Count);
        _server.Run("pc", "list").Succeeds();
    }
}
