// state.json, layout.json and leases: round trip, and what is refused.
using System.Text;
using System.Text.Json.Nodes;
using BootConsole.Core;

namespace BootConsole.Images.Tests;

public sealed class RecordTests
{
    private static readonly ImageId Id = SampleImage.Id;

    private static readonly StateRecord State = new()
    {
        Format = StateRecord.FormatName,
        Version = 1,
        Id = Id.Text,
        State = JobState.Suspended,
        Token = "0123456789abcdef",
        Kind = ImageKind.Incremental,
        RefersTo = ["2026-11-20T060400Z_office-pc_full"],
        Created = Id.Time,
        Pc = "office-pc",
        KeyId = ChunkHash.Of("k"u8).ToString(),
        Pad = 255,
        Disks = [new StateDisk("/dev/sda", "m", "s", "w", 1 << 30, 512, 1 << 20)],
        Reason = "why “not”",
    };

    [Fact]
    public void A_state_record_is_read_as_it_was_written() => Assert.Equal(ImageJson.Write(State), ImageJson.Write(ImageJson.ReadState(ImageJson.Write(State), Id)));

    [Fact]
    public void A_layout_is_read_as_it_was_written() =>
        Assert.Equal(ImageJson.Write(SampleImage.Layout), ImageJson.Write(ImageJson.ReadLayout(ImageJson.Write(SampleImage.Layout), "layout.json")));

    [Fact]
    public void A_state_record_that_leaves_out_what_it_may_is_read()
    {
        var state = ImageJson.ReadState(Changed(State, json => Array.ForEach(["refersTo", "reason", "keyId"], name => json.Remove(name))), Id);
        Assert.Empty(state.RefersTo);
        Assert.Equal(("", null), (state.Reason, state.KeyId));
    }

    public static TheoryData<string> StateDamages => [.. StateDamage.Keys];

    [Theory]
    [MemberData(nameof(StateDamages))]
    public void A_state_record_that_cannot_be_is_refused(string damage)
    {
        var fault = Assert.Throws<CorruptFault>(() => ImageJson.ReadState(Changed(State, StateDamage[damage]), Id));
        Assert.Equal($"images/{Id}/state.json", fault.Which);
    }

    [Theory]
    [InlineData("partitions", "[null]")]
    [InlineData("partitions", "null")]
    [InlineData("otherSectors", "[null]")]
    [InlineData("otherSectors", "[{\"start\":0,\"bytes\":null}]")]
    [InlineData("firstSectors", "null")]
    [InlineData("size", "1e400")]
    public void A_layout_that_cannot_be_is_refused(string property, string value)
    {
        var json = JsonNode.Parse(ImageJson.Write(SampleImage.Layout))!.AsObject();
        json[property] = JsonNode.Parse(value);
        Assert.Throws<CorruptFault>(() => ImageJson.ReadLayout(Encoding.UTF8.GetBytes(json.ToJsonString()), "layout.json"));
    }

    [Fact]
    public void Mutated_state_records_are_read_or_refused_and_never_cost_more_than_64_MiB() => JsonFuzz.Run(ImageJson.Write(State), bytes => ImageJson.ReadState(bytes, Id));

    [Fact]
    public void Mutated_layouts_are_read_or_refused_and_never_cost_more_than_64_MiB() => JsonFuzz.Run(ImageJson.Write(SampleImage.Layout), bytes => ImageJson.ReadLayout(bytes, "layout.json"));

    [Fact]
    public void Mutated_leases_are_read_or_not_and_never_cost_more_than_64_MiB() => JsonFuzz.Run(
        ImageJson.Write(new LeaseRecord(Id.Text, State.Token, "backup", new JobIdentity("pc", "boot", 1, 2), Id.Time)),
        bytes =>
        {
            if (ImageJson.TryReadLease(bytes) is not { Job: not null, Image: not null, Purpose: not null }) throw new CorruptFault("not read");
        });

    private static readonly Dictionary<string, Action<JsonObject>> StateDamage = new()
    {
        ["another format"] = json => json["format"] = "bootconsole-image",
        ["another version"] = json => json["version"] = 2,
        ["another id"] = json => json["id"] = "2026-11-21T060400Z_office-pc_other",
        ["state unknown"] = json => json["state"] = "sleeping",
        ["state by number"] = json => json["state"] = 1,
        ["refers to what is no image"] = json => json["refersTo"] = new JsonArray("../x"),
        ["refers to null"] = json => json["refersTo"] = new JsonArray((JsonNode?)null),
        ["refers to nothing at all"] = json => json["refersTo"] = null,
        ["a disk null"] = json => json["disks"] = new JsonArray((JsonNode?)null),
        ["a disk's path null"] = json => json["disks"]![0]!["path"] = null,
        ["a disk's size missing"] = json => json["disks"]![0]!.AsObject().Remove("size"),
        ["pad"] = json => json["pad"] = 256,
        ["key id"] = json => json["keyId"] = "x",
        ["token missing"] = json => json.Remove("token"),
        ["token null"] = json => json["token"] = null,
    };

    private static byte[] Changed(StateRecord state, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(ImageJson.Write(state))!.AsObject();
        change(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }
}
