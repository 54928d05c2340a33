// What a manifest must not say, each as one change of a valid one.
using System.Text.Json.Nodes;

namespace BootConsole.Images.Tests;

internal static class ManifestDamage
{
    private const string Hash = "00000000000000000000000000000000000000000000000000000000000000ff";

    /// <summary>By name: a change of the sample image's manifest after which it cannot be.</summary>
    internal static readonly Dictionary<string, Action<JsonObject>> All = new()
    {
        ["another id"] = json => json["id"] = "2026-11-21T060400Z_office-pc_other",
        ["no id"] = json => json.Remove("id"),
        ["id null"] = json => json["id"] = null,
        ["kind unknown"] = json => json["kind"] = "partial",
        ["kind by number"] = json => json["kind"] = 0,
        ["kind missing"] = json => json.Remove("kind"),
        ["pad too large"] = json => json["pad"] = 256,
        ["pad negative"] = json => json["pad"] = -1,
        ["pad huge"] = json => json["pad"] = JsonNode.Parse("1e400"),
        ["parent not an id"] = json => (json["kind"], json["parent"]) = ("incremental", "../x"),
        ["full with a parent"] = json => json["parent"] = "2026-11-20T060400Z_office-pc_full",
        ["full with foreign segments"] = json => json["foreign"] = new JsonArray(Foreign("00000000-1.zst", 5)),
        ["foreign leads out of the store"] = json => Incremental(json, Foreign("../x", 5)),
        ["foreign image leads out of the store"] = json => Incremental(json, Foreign("00000000-1.zst", 5, "../../x")),
        ["foreign length 0"] = json => Incremental(json, Foreign("00000000-1.zst", 0)),
        ["foreign length beyond any segment"] = json => Incremental(json, Foreign("00000000-1.zst", long.MaxValue)),
        ["foreign null"] = json => json["foreign"] = new JsonArray((JsonNode?)null),
        ["key id not a hash"] = json => json["keyId"] = "../x",
        ["no disks"] = json => json["disks"] = new JsonArray(),
        ["disks null"] = json => json["disks"] = null,
        ["a disk null"] = json => json["disks"] = new JsonArray((JsonNode?)null),
        ["65 disks"] = json => json["disks"] = new JsonArray([.. Enumerable.Range(0, 65).Select(_ => json["disks"]![0]!.DeepClone())]),
        ["notes themselves null"] = json => json["notes"] = null,
        ["model null"] = json => Disk(json)["model"] = null,
        ["unreadable itself null"] = json => Disk(json)["unreadable"] = null,
        ["notes null"] = json => json["notes"] = new JsonArray((JsonNode?)null),
        ["pc null"] = json => json["pc"] = null,
        ["pc name null"] = json => json["pc"]!["name"] = null,
        ["pc name not text"] = json => json["pc"]!["name"] = 7,
        ["time not a time"] = json => json["created"] = "yesterday",
        ["duration negative"] = json => json["durationSeconds"] = -1,
        ["duration beyond any"] = json => json["durationSeconds"] = 1e300,
        ["read bytes negative"] = json => json["readBytes"] = -1,
        ["stored bytes beyond any"] = json => json["storedBytes"] = long.MaxValue,
        ["stored bytes beyond 63 bits"] = json => json["storedBytes"] = ulong.MaxValue,
        ["sector size 0"] = json => Disk(json)["sectorBytes"] = 0,
        ["sector size odd"] = json => Disk(json)["sectorBytes"] = 513,
        ["sector size 8192"] = json => Disk(json)["sectorBytes"] = 8192,
        ["size 0"] = json => Disk(json)["size"] = 0,
        ["size negative"] = json => Disk(json)["size"] = -512,
        ["size not whole sectors"] = json => Disk(json)["size"] = (long)Disk(json)["size"]! + 1,
        ["minimum size 0"] = json => Disk(json)["minimumBytes"] = 0,
        ["minimum size negative"] = json => Disk(json)["minimumBytes"] = -512,
        ["minimum size beyond the disk"] = json => Disk(json)["minimumBytes"] = (long)Disk(json)["size"]! + 512,
        ["size of another disk"] = json => Disk(json)["size"] = (long)Disk(json)["size"]! + (1 << 20),
        ["size beyond 32 bits of chunks"] = json => Disk(json)["size"] = 9_223_372_036_854_775_296,
        ["chunk size 0"] = json => Disk(json)["chunkBytes"] = 0,
        ["chunk size not a power of two"] = json => Disk(json)["chunkBytes"] = 65_537,
        ["chunk size too small"] = json => Disk(json)["chunkBytes"] = 32_768,
        ["chunk size too large"] = json => Disk(json)["chunkBytes"] = 33_554_432,
        ["chunk size negative"] = json => Disk(json)["chunkBytes"] = int.MinValue,
        ["counts negative"] = json => Disk(json)["counts"]!["data"] = -1,
        ["counts too many"] = json => Disk(json)["counts"]!["same"] = 1,
        ["counts too few"] = json => Disk(json)["counts"]!["zero"] = 0,
        ["counts that overflow"] = json => (Disk(json)["counts"]!["data"], Disk(json)["counts"]!["zero"]) = (long.MaxValue, long.MaxValue),
        ["layout under another name"] = json => Disk(json)["layout"]!["name"] = "../layout.json",
        ["layout null"] = json => Disk(json)["layout"] = null,
        ["layout longer than is read"] = json => Disk(json)["layout"]!["length"] = 1L << 40,
        ["layout hash in capitals"] = json => Disk(json)["layout"]!["sha256"] = Hash.ToUpperInvariant(),
        ["layout name null"] = json => Disk(json)["layout"]!["name"] = null,
        ["layout without length"] = json => Disk(json)["layout"]!.AsObject().Remove("length"),
        ["sums under another name"] = json => Disk(json)["sums"]!["name"] = "sums",
        ["full without sums"] = json => Disk(json)["sums"] = null,
        ["unreadable behind the disk"] = json => Disk(json)["unreadable"] = new JsonArray(Range((long)Disk(json)["size"]!, 512)),
        ["unreadable of length 0"] = json => Disk(json)["unreadable"] = new JsonArray(Range(0, 0)),
        ["unreadable that overflows"] = json => Disk(json)["unreadable"] = new JsonArray(Range(long.MaxValue, long.MaxValue)),
        ["unreadable out of order"] = json => Disk(json)["unreadable"] = new JsonArray(Range(1024, 512), Range(0, 512)),
        ["unreadable that overlaps"] = json => Disk(json)["unreadable"] = new JsonArray(Range(0, 1024), Range(512, 1024)),
        ["unreadable null"] = json => Disk(json)["unreadable"] = new JsonArray((JsonNode?)null),
        ["disk notes null"] = json => Disk(json)["notes"] = new JsonArray((JsonNode?)null),
        ["no tables"] = json => Disk(json)["tables"] = new JsonArray(),
        ["a table null"] = json => Disk(json)["tables"]![0] = null,
        ["a table's name leads away"] = json => Disk(json)["tables"]![0]!["name"] = "../00000000-1.table.zst",
        ["a table named as a segment"] = json => Disk(json)["tables"]![0]!["name"] = "00000000-1.zst",
        ["a table named null"] = json => Disk(json)["tables"]![0]!["name"] = null,
        ["tables that leave a gap at the start"] = json => Disk(json)["tables"]!.AsArray().RemoveAt(0),
        ["tables that leave a gap in the middle"] = json => Disk(json)["tables"]!.AsArray().RemoveAt(1),
        ["tables that leave a gap at the end"] = json => Disk(json)["tables"]!.AsArray().RemoveAt(Disk(json)["tables"]!.AsArray().Count - 1),
        ["tables that overlap"] = json => Disk(json)["tables"]![0]!["chunks"] = (int)Disk(json)["tables"]![0]!["chunks"]! + 1,
        ["tables in another order"] = json => Swap(Disk(json)["tables"]!.AsArray()),
        ["tables beyond the disk"] = json => Grow(Disk(json)["tables"]!.AsArray()),
        ["a table twice"] = json => Disk(json)["tables"]!.AsArray().Insert(0, Disk(json)["tables"]![0]!.DeepClone()),
        ["a table of no chunks"] = json => Disk(json)["tables"]![0]!["chunks"] = 0,
        ["a table of too many chunks"] = json => Disk(json)["tables"]![0]!["chunks"] = 65_537,
        ["a table of length 0"] = json => Disk(json)["tables"]![0]!["length"] = 0,
        ["a table longer than any"] = json => Disk(json)["tables"]![0]!["length"] = 1L << 40,
        ["a table's hash cut"] = json => Disk(json)["tables"]![0]!["sha256"] = Hash[1..],
        ["a segment null"] = json => Disk(json)["segments"]![0] = null,
        ["a segment's name leads away"] = json => Disk(json)["segments"]![0]!["name"] = "/etc/passwd",
        ["a segment of length 0"] = json => Disk(json)["segments"]![0]!["length"] = 0,
        ["a segment longer than any"] = json => Disk(json)["segments"]![0]!["length"] = long.MaxValue,
        ["a segment's hash not one"] = json => Disk(json)["segments"]![0]!["sha256"] = "x",
        ["segments in another order"] = json => Swap(Disk(json)["segments"]!.AsArray()),
        ["a segment twice"] = json => Disk(json)["segments"]!.AsArray().Insert(0, Disk(json)["segments"]![0]!.DeepClone()),
        ["full with a segment that no table has"] = json => Disk(json)["segments"]!.AsArray().Add(Segment("00000fff-1.zst")),
        ["full with two attempts of a segment"] = json => Disk(json)["segments"]!.AsArray().Insert(1, Segment("00000000-2.zst")),
        ["full with a segment less"] = json => Disk(json)["segments"]!.AsArray().RemoveAt(0),
    };

    private static JsonObject Disk(JsonObject json) => json["disks"]![0]!.AsObject();

    private static JsonObject Foreign(string name, long length, string image = "2026-11-20T060400Z_office-pc_full") =>
        new() { ["image"] = image, ["disk"] = 0, ["name"] = name, ["length"] = length, ["sha256"] = Hash };

    private static JsonObject Segment(string name) => new() { ["name"] = name, ["length"] = 5, ["sha256"] = Hash };

    private static JsonObject Range(long start, long length) => new() { ["start"] = start, ["length"] = length };

    private static void Incremental(JsonObject json, JsonNode foreign) => (json["kind"], json["foreign"]) = ("incremental", new JsonArray(foreign));

    private static void Swap(JsonArray array)
    {
        var first = array[0]!.DeepClone();
        array.RemoveAt(0);
        array.Insert(1, first);
    }

    private static void Grow(JsonArray tables) => tables[^1]!["chunks"] = (int)tables[^1]!["chunks"]! + 1;
}
