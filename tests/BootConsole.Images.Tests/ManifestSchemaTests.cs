// The published JSON Schema and what the program writes may not drift apart.
using System.Text.Json.Nodes;
using BootConsole.Core;

namespace BootConsole.Images.Tests;

public sealed class ManifestSchemaTests
{
    [Fact]
    public void The_schema_names_exactly_the_properties_that_are_written()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository(), "docs", "manifest.schema.json")))!;
        var written = JsonNode.Parse(ImageJson.Write(Sample()))!;
        Compare(schema, written, "manifest");
    }

    private static void Compare(JsonNode schema, JsonNode? written, string where)
    {
        if (schema["anyOf"] is JsonArray choices) schema = choices[0]!;
        if (written is JsonArray array)
        {
            Assert.NotEmpty(array);
            Compare(schema["items"]!, array[0], where + "[]");
        }
        else if (written is JsonObject properties)
        {
            var known = schema["properties"]!.AsObject();
            Assert.Equal(known.Select(entry => entry.Key).Order(), properties.Select(entry => entry.Key).Order());
            foreach (var (name, value) in properties) Compare(known[name]!, value, $"{where}.{name}");
            Assert.All(schema["required"]!.AsArray(), name => Assert.Contains((string)name!, properties.Select(entry => entry.Key)));
        }
    }

    // Every list has an entry and every nullable value is there, so that nothing stays unseen.
    private static Manifest Sample()
    {
        var hash = ChunkHash.Of([1]).ToString();
        const string Id = "2026-11-21T060400Z_office-pc_before-update";
        var disk = new ManifestDisk
        {
            Path = "/dev/sda",
            Size = 4096,
            MinimumBytes = 4096,
            SectorBytes = 512,
            PhysicalSectorBytes = 4096,
            ChunkBytes = 1 << 20,
            Counts = new KindCounts { Data = 1 },
            Unreadable = [new StoredRange(512, 512)],
            Notes = ["A note."],
            Layout = new StoredFile("layout.json", 1, hash),
            Sums = new StoredFile("SHA256SUMS", 1, hash),
            Tables = [new TableEntry("00000000-1.table.zst", 1, 1, hash)],
            Segments = [new StoredFile("00000000-1.zst", 1, hash)],
        };
        return new Manifest
        {
            Format = Manifest.FormatName,
            Version = Manifest.CurrentVersion,
            Id = Id,
            Kind = ImageKind.Full,
            Parent = Id,
            Created = DateTimeOffset.UnixEpoch,
            Finished = DateTimeOffset.UnixEpoch,
            ClockTrusted = true,
            Pc = new PcRecord { Name = "office-pc", Firmware = "uefi", BootEntries = [new BootEntryRecord("Boot0001", "debian", "AQ==")] },
            KeyId = hash,
            Pad = 0,
            Level = 3,
            DurabilityConfirmed = true,
            Disks = [disk],
            Foreign = [new ForeignSegment(Id, 0, "00000000-1.zst", 1, hash)],
            Notes = ["A note."],
            Program = "bootconsole",
            DurationSeconds = 1,
            ReadBytes = 1,
            StoredBytes = 1,
        };
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "BootConsole.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
