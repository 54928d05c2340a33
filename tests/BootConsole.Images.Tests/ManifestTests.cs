// image.json: round trip, the names its readers know, and everything that is not one.
using System.Text.Json.Nodes;
using BootConsole.Core;
using BootConsole.TestKit;

namespace BootConsole.Images.Tests;

public sealed class ManifestTests
{
    private static readonly ImageId Id = SampleImage.Id;

    [Fact]
    public async Task A_manifest_is_read_as_it_was_written()
    {
        var bytes = ImageJson.Write((await SampleImage.WriteAsync()).Manifest);
        Assert.Equal(bytes, ImageJson.Write(ImageJson.ReadManifest(bytes, Id)));
        Assert.Equal((byte)'\n', bytes[^1]);
    }

    [Fact]
    public async Task The_schema_names_every_property_and_requires_only_what_is_written()
    {
        var schema = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "docs/manifest.schema.json")))!;
        var manifest = JsonNode.Parse(ImageJson.Write((await Incremental()).Manifest))!;
        SchemaWalk.Require(schema, schema, manifest, "image.json");
    }

    public static TheoryData<string> Damages => [.. ManifestDamage.All.Keys];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_manifest_that_cannot_be_is_refused(string damage)
    {
        var json = JsonNode.Parse(ImageJson.Write((await SampleImage.WriteAsync()).Manifest))!.AsObject();
        ManifestDamage.All[damage](json);
        var fault = Assert.Throws<CorruptFault>(() => ImageJson.ReadManifest(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), Id));
        Assert.StartsWith($"images/{Id}/image.json", fault.Which, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incremental_manifest_with_foreign_segments_is_read() =>
        Assert.Equal(ImageKind.Incremental, ImageJson.ReadManifest(ImageJson.Write((await Incremental()).Manifest), IncrementalImage.Id).Kind);

    [Theory]
    [InlineData("2", "version 2")]
    [InlineData("0", "version 0")]
    [InlineData("null", "version ")]
    public async Task Another_version_is_refused_by_name_before_anything_else_is_looked_at(string version, string found)
    {
        var json = JsonNode.Parse(ImageJson.Write((await SampleImage.WriteAsync()).Manifest))!.AsObject();
        json["version"] = JsonNode.Parse(version);
        json["disks"] = "of a form that nobody knows yet";
        json.Remove("pc");
        var fault = Assert.Throws<CorruptFault>(() => ImageJson.ReadManifest(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), Id));
        Assert.Equal(("version 1", found), (fault.Expected, fault.Found));
        Assert.Contains("newer", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"image\"")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"bootconsole-image\",\"version\":1}")]
    [InlineData("{\"format\":\"bootconsole-image\",\"version\":1e400}")]
    [InlineData("{\"format\":\"bootconsole-image\",\"version\":4294967297}")]
    [InlineData("{\"format\":\"bootconsole-image\",\"format\":\"bootconsole-image\",\"version\":1}")]
    [InlineData("{\"format\":\"bootconsole-state\",\"version\":1}")]
    [InlineData("{\"format\":\"\\ud800\",\"version\":1}")]
    public void What_is_not_a_manifest_is_refused(string text) => Assert.Throws<CorruptFault>(() => ImageJson.ReadManifest(System.Text.Encoding.UTF8.GetBytes(text), Id));

    [Fact]
    public async Task Duplicate_properties_deep_nesting_comments_and_trailing_text_are_refused()
    {
        var text = System.Text.Encoding.UTF8.GetString(ImageJson.Write((await SampleImage.WriteAsync()).Manifest));
        foreach (var bad in (string[])[
            text.Replace("\"pad\": 229", "\"pad\": 229, \"pad\": 0", StringComparison.Ordinal),
            text.Replace("\"firmware\"", "\"name\": \"other\", \"firmware\"", StringComparison.Ordinal),
            text.Replace("\"notes\": [", $"\"x\": {new string('[', 100_000)}{new string(']', 100_000)}, \"notes\": [", StringComparison.Ordinal),
            "/* note */" + text,
            text + "{}",
            text.Replace("\"format\"", "\"Format\": 1, \"format\"", StringComparison.Ordinal)[..^20],
        ])
        {
            Assert.NotEqual(text, bad);
            Assert.Throws<CorruptFault>(() => ImageJson.ReadManifest(System.Text.Encoding.UTF8.GetBytes(bad), Id));
        }
    }

    [Fact]
    public async Task What_a_manifest_may_leave_out_reads_as_empty()
    {
        var json = JsonNode.Parse(ImageJson.Write((await SampleImage.WriteAsync()).Manifest))!.AsObject();
        foreach (var name in (string[])["parent", "keyId", "level", "foreign", "notes"]) json.Remove(name);
        foreach (var name in (string[])["uuid", "product"]) json["pc"]!.AsObject().Remove(name);
        foreach (var name in (string[])["model", "serial", "wwn", "attachment", "unreadable", "notes"]) json["disks"]![0]!.AsObject().Remove(name);
        var manifest = ImageJson.ReadManifest(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), Id);
        var disk = manifest.Disks[0];
        Assert.Equal(("", "", "", "", "", ""), (manifest.Pc.Uuid, manifest.Pc.Product, disk.Model, disk.Serial, disk.Wwn, disk.Attachment));
        Assert.Equal((0, 0, 0, 0), (manifest.Foreign.Count, manifest.Notes.Count, disk.Unreadable.Count, disk.Notes.Count));
        Assert.Null(manifest.Level);
    }

    [Fact]
    public async Task Properties_of_later_versions_are_skipped()
    {
        var json = JsonNode.Parse(ImageJson.Write((await SampleImage.WriteAsync()).Manifest))!.AsObject();
        json["later"] = new JsonObject { ["a"] = 1 };
        ImageJson.ReadManifest(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), Id);
    }

    [Fact]
    public async Task A_manifest_cut_short_at_any_length_is_refused()
    {
        var bytes = ImageJson.Write((await SampleImage.WriteAsync()).Manifest);
        for (var length = 0; length < bytes.Length - 2; length++) Assert.Throws<CorruptFault>(() => ImageJson.ReadManifest(bytes.AsSpan(0, length), Id));
    }

    [Fact]
    public async Task Mutated_manifests_are_read_or_refused_and_never_cost_more_than_64_MiB() =>
        JsonFuzz.Run(ImageJson.Write((await Incremental()).Manifest), bytes => ImageJson.ReadManifest(bytes, IncrementalImage.Id));

    private static async Task<IncrementalImage> Incremental() => await IncrementalImage.WriteAsync(await SampleImage.WriteAsync(), IncrementalImage.Id);
}
