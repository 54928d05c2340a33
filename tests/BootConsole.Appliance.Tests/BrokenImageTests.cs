// Images that are damaged, unfinished, forged or of another version: named, never believed, and never restored in part without a word.
using System.Text.Json.Nodes;
using BootConsole.TestKit;

namespace BootConsole.Appliance.Tests;

public sealed class BrokenImageTests(SampleStore sample) : IClassFixture<SampleStore>
{
    private const string Segment = "disk-0/00000000-1.zst", Table = "disk-0/tables/00000000-1.table.zst", Layout = "disk-0/layout.json", Sums = "disk-0/SHA256SUMS";

    [Theory]
    [InlineData("image.json", true, true, true, true)]
    [InlineData("image.json.sha256", true, true, true, true)]
    [InlineData(Layout, true, true, true, false)]
    [InlineData(Table, true, true, true, true)]
    [InlineData(Segment, true, true, true, true)]
    [InlineData(Sums, true, true, false, false)]
    public void A_bit_flipped_in_any_stored_file_is_found_by_whoever_reads_it(string file, bool verify, bool keyless, bool restore, bool export)
    {
        var copy = sample.CopyStore();
        copy.FlipBit(file, new FileInfo(copy[file]).Length / 2);
        AssertFound(copy, file == "image.json.sha256" ? "image.json" : file, verify, keyless, restore, export);
    }

    [Theory]
    [InlineData("image.json")]
    [InlineData("image.json.sha256")]
    [InlineData(Layout)]
    [InlineData(Table)]
    [InlineData(Segment)]
    [InlineData(Sums)]
    public void A_truncated_or_missing_file_is_found(string file)
    {
        var copy = sample.CopyStore();
        var named = file == "image.json.sha256" ? "image.json" : file;
        using (var stream = File.OpenWrite(copy[file])) stream.SetLength(stream.Length - 1);
        Run(copy, "verify").Reports(1, named);
        using (var stream = File.OpenWrite(copy[file])) stream.SetLength(0);
        Run(copy, "verify", "--keyless").Reports(1, named);
        File.Delete(copy[file]);
        Run(copy, "verify", "--json").ReportsJson(1, "failed", named);
        var target = sample.NewPath(".img");
        if (file != Sums) Run(copy, "restore", "--disk", target).Reports(1, named);
        Assert.False(Path.Exists(target));
    }

    [Fact]
    public void Damage_in_a_segment_leaves_the_target_without_tables()
    {
        var copy = sample.CopyStore();
        copy.FlipBit(Segment, new FileInfo(copy[Segment]).Length / 2);
        var target = sample.NewPath(".img");
        File.Copy(sample.Source, target);
        Run(copy, "restore", "--disk", target, "--yes-overwrite", target).Reports(1, Segment, "no partition table", "restore it again");
        Assert.True(Content.HasNoTables(target, SampleStore.DiskBytes));
        // The same target with the sound store is whole again.
        Bootconsole.Run("restore", "--store", sample.Store, "latest", "--disk", target, "--yes-overwrite", target).Succeeds();
        SystemTool.Run("sfdisk", "--verify", target);
    }

    [Theory]
    [InlineData(Layout)]
    [InlineData(Table)]
    [InlineData("image.json")]
    public void Damage_outside_the_segments_is_found_before_the_first_write(string file)
    {
        var copy = sample.CopyStore();
        copy.FlipBit(file, 100);
        var target = sample.NewPath(".img");
        File.Copy(sample.Source, target);
        Run(copy, "restore", "--disk", target, "--yes-overwrite", target).Reports(1, file);
        Assert.Equal(Content.Hash(sample.Source), Content.Hash(target));
    }

    [Fact]
    public void An_unfinished_image_is_listed_as_such_refused_and_can_be_deleted()
    {
        var copy = sample.CopyStore();
        var state = new JsonObject
        {
            ["format"] = "bootconsole-state",
            ["version"] = 1,
            ["id"] = copy.Image,
            ["state"] = "running",
            ["token"] = "0123456789abcdef",
            ["kind"] = "full",
            ["created"] = "2026-11-21T06:04:00+00:00",
            ["pc"] = "test-pc",
            ["pad"] = 0,
            ["disks"] = new JsonArray(),
        };
        File.WriteAllText(copy["state.json"], state.ToJsonString());
        File.Delete(copy["image.json"]);
        Assert.Equal("unfinished", StateOf(copy));
        foreach (var command in new[] { "verify", "show" }) Run(copy, command).Reports(3, "unfinished", copy.Image, "bootconsole images");
        Bootconsole.Run("verify", "--store", copy.Folder, "latest").Reports(3, "no finished image");
        Run(copy, "delete").Succeeds();
        Assert.Empty(Directory.GetDirectories(Path.Combine(copy.Folder, "images")));
    }

    [Theory]
    [InlineData("another version", "version", "2")]
    [InlineData("not what its name says", "format", "\"somebody-elses-image\"")]
    [InlineData("names another image", "id", "\"2026-11-21T060400Z_other_image\"")]
    [InlineData("bad JSON", "disks", "\"none\"")]
    [InlineData("number of disks is impossible", "disks", "[]")]
    [InlineData("pad value is impossible", "pad", "256")]
    [InlineData("bad JSON", "kind", "\"sideways\"")]
    [InlineData("parent is not an image id", "parent", "\"../../etc\"")]
    [InlineData("key id is not one", "keyId", "\"../../key\"")]
    public void A_manifest_that_cannot_be_is_refused_by_what_is_wrong(string words, string field, string value)
    {
        var copy = sample.CopyStore();
        copy.EditManifest(manifest => manifest[field] = JsonNode.Parse(value));
        AssertRefused(copy, words);
    }

    // A key set that never sealed this image: whether the missing MAC or the tables tell, the image is refused by name.
    [Fact]
    public void A_plain_image_that_claims_to_be_encrypted_is_refused_before_anything_is_written()
    {
        var copy = sample.CopyStore();
        copy.EditManifest(manifest => manifest["keyId"] = new string('a', 64));
        var target = sample.NewPath(".img");
        var run = Run(copy, "restore", "--disk", target);
        Assert.True(run.ExitCode is 1 or 3, run.ToString());
        run.Reports(run.ExitCode, copy.Image);
        Assert.False(Path.Exists(target));
    }

    [Theory]
    [InlineData("overlaps", "tables[0].name", "\"00000000-1.table.zst\"", true)]
    [InlineData("do not cover the disk", "tables[0].chunks", "63", false)]
    [InlineData("do not cover the disk", "tables[0].chunks", "65", false)]
    [InlineData("no table covers chunks 0 to 0", "tables[0].name", "\"00000001-1.table.zst\"", false)]
    [InlineData("the name of table 0 is not one", "tables[0].name", "\"../../x.table.zst\"", false)]
    [InlineData("the name of a segment is not one", "segments[0].name", "\"../x\"", false)]
    [InlineData("the name of a segment is not one", "segments[0].name", "\"../../../../etc/passwd\"", false)]
    [InlineData("its entry for layout.json is impossible", "layout.name", "\"../layout.json\"", false)]
    [InlineData("its entry for SHA256SUMS is impossible", "sums.name", "\"/etc/passwd\"", false)]
    [InlineData("its size or chunk size is impossible", "size", "-512", false)]
    [InlineData("its size or chunk size is impossible", "chunkBytes", "3", false)]
    [InlineData("its size or chunk size is impossible", "chunkBytes", "2000000000", false)]
    [InlineData("its sector size is impossible", "sectorBytes", "1", false)]
    [InlineData("an unreadable range is impossible", "unreadable", "[{\"start\":-1,\"length\":9223372036854775807}]", false)]
    [InlineData("bad JSON", "size", "1e999", false)]
    public void A_disk_record_that_cannot_be_is_refused_by_what_is_wrong(string words, string path, string value, bool again)
    {
        var copy = sample.CopyStore();
        copy.EditManifest(manifest =>
        {
            var disk = manifest["disks"]![0]!;
            if (again) disk["tables"]!.AsArray().Add(disk["tables"]![0]!.DeepClone());
            var node = disk;
            var parts = path.Replace("[0]", ".0", StringComparison.Ordinal).Split('.');
            foreach (var part in parts[..^1]) node = part == "0" ? node[0]! : node[part]!;
            node[parts[^1]] = JsonNode.Parse(value);
        });
        AssertRefused(copy, words);
    }

    [Theory]
    [InlineData("notes")]
    [InlineData("foreign")]
    [InlineData("keyId")]
    [InlineData("disks.0.notes")]
    [InlineData("disks.0.unreadable")]
    [InlineData("disks.0.model")]
    [InlineData("pc.uuid")]
    public void What_a_manifest_may_leave_out_is_nothing(string path)
    {
        var copy = sample.CopyStore();
        copy.EditManifest(manifest =>
        {
            var parts = path.Split('.');
            var node = manifest;
            foreach (var part in parts[..^1]) node = part == "0" ? node[0]! : node[part]!;
            node.AsObject().Remove(parts[^1]);
        });
        Run(copy, "show").Succeeds();
        Run(copy, "verify").Succeeds();
        Assert.Equal("done", StateOf(copy));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("{\"format\":\"bootconsole-image\",\"version\":1}")]
    [InlineData("{\"format\":\"bootconsole-image\",\"format\":\"bootconsole-image\",\"version\":1}")]
    public void A_manifest_that_is_no_manifest_is_refused(string text)
    {
        var copy = sample.CopyStore();
        copy.WriteManifest(text);
        AssertRefused(copy, "image.json");
    }

    [Fact]
    public void A_manifest_of_impossible_length_is_not_read_into_memory()
    {
        var copy = sample.CopyStore();
        using (var stream = File.OpenWrite(copy["image.json"])) stream.SetLength(100L << 30);
        Run(copy, "verify").Reports(1, "too long", "image.json");
        Assert.Equal("damaged", StateOf(copy));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("2026-11-21T060400Z_pc_name/../../x")]
    [InlineData("..")]
    public void An_image_name_that_leaves_the_store_is_no_image(string name)
    {
        foreach (var command in new[] { "show", "verify", "delete" }) Bootconsole.Run(command, "--store", sample.Store, name).Reports(3, "no such image", name);
    }

    [Fact]
    public void A_prefix_that_fits_several_images_is_refused()
    {
        var copy = sample.CopyStore();
        SystemTool.Run("cp", "-a", copy.ImageFolder, copy.ImageFolder + "2");
        Bootconsole.Run("delete", "--store", copy.Folder, copy.Image[..12]).Reports(3, "several images fit", copy.Image);
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(copy.Folder, "images")).Length);
    }

    private static Run Run(StoreCopy store, string command, params string[] more) => Bootconsole.Run([command, "--store", store.Folder, store.Image, .. more]);

    private static string StateOf(StoreCopy store) =>
        Bootconsole.Run("images", "--store", store.Folder, "--json").Succeeds().Document.GetProperty("images").EnumerateArray().Single(image => image.GetProperty("id").GetString() == store.Image).GetProperty("state").GetString()!;

    private void AssertFound(StoreCopy copy, string named, bool verify, bool keyless, bool restore, bool export)
    {
        var before = copy.Hashes();
        var (target, file) = (sample.NewPath(".img"), sample.NewPath(".raw"));
        Expect(verify, Run(copy, "verify"));
        Expect(keyless, Run(copy, "verify", "--keyless"));
        Expect(restore, Run(copy, "restore", "--disk", target));
        Expect(export, Run(copy, "export", "--to", file));
        Assert.Equal(export, !Path.Exists(file));
        Assert.False(Path.Exists(file + ".part"));
        // Nothing is changed but for a note about a segment, by which no later image is built upon it.
        var notes = copy.Hashes().Keys.Where(path => path.StartsWith(Path.Combine(copy.Folder, "bad"), StringComparison.Ordinal)).ToHashSet();
        Assert.Equal(verify && named == Segment ? 1 : 0, notes.Count);
        Assert.Equal(before, copy.Hashes().Where(path => !notes.Contains(path.Key)).ToDictionary());

        void Expect(bool isFound, Run run)
        {
            if (isFound) run.Reports(1, named);
            else run.Succeeds();
        }
    }

    private void AssertRefused(StoreCopy copy, string words)
    {
        var target = sample.NewPath(".img");
        Run(copy, "restore", "--disk", target).Reports(1, words, "image.json");
        Assert.False(Path.Exists(target));
        Assert.Equal("damaged", StateOf(copy));
    }
}
