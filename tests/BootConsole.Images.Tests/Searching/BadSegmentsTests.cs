// Notes about bad segments: of segments only, once, and never in anybody's way.
using System.Text;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images.Tests;

public sealed class BadSegmentsTests
{
    private static readonly ImageId Id = SampleImage.Id;
    private static readonly SegmentReference Segment = new(Id, 1, new SegmentName(0xa000, 2), 100, default);
    private readonly WriterRoom _room = new();

    [Fact]
    public async Task A_segment_is_noted_once_beside_the_images_and_known_from_then_on()
    {
        Assert.False((await BadSegments.ReadAsync(_room.Store, default)).Contains(Segment));
        Assert.True(await RecordAsync($"images/{Id}/disk-1/0000a000-2.zst"));
        Assert.False(await RecordAsync($"images/{Id}/disk-1/0000a000-2.zst"));
        Assert.True((await BadSegments.ReadAsync(_room.Store, default)).Contains(Segment));
        var note = Assert.Single(_room.Medium.Files());
        Assert.Matches($"^bad/{Id.Text.Replace(".", "\\.", StringComparison.Ordinal)}\\.[0-9a-f]{{16}}\\.json$", note.Text);
        foreach (var other in (SegmentReference[])[Segment with { Disk = 0 }, Segment with { Name = new SegmentName(0xa000, 1) }, Segment with { Name = new SegmentName(0xa000, 2, true) }, Segment with { Image = WriterRoom.IdOf(5) }])
            Assert.False((await BadSegments.ReadAsync(_room.Store, default)).Contains(other));
    }

    [Theory]
    [InlineData("images/ID/disk-0/tables/00000000-1.table.zst")]
    [InlineData("images/ID/image.json")]
    [InlineData("images/ID/disk-0/SHA256SUMS")]
    [InlineData("images/ID/disk-x/00000000-1.zst")]
    [InlineData("images/../disk-0/00000000-1.zst")]
    [InlineData("keys/00/identity.1.age")]
    [InlineData("")]
    public async Task What_is_no_segment_is_not_noted(string path)
    {
        Assert.False(await RecordAsync(path.Replace("ID", Id.Text, StringComparison.Ordinal)));
        Assert.Empty(_room.Medium.Files());
    }

    [Fact]
    public async Task Notes_that_cannot_be_read_count_for_nothing()
    {
        await RecordAsync($"images/{Id}/disk-1/0000a000-2.zst");
        string[] contents = ["", "{", "null", "[]", "{}", "{\"image\":null,\"disk\":0,\"segment\":null,\"reason\":null,\"found\":\"2026-11-21T06:04:00Z\"}", new string('x', ImageJson.MaxRecordBytes + 1)];
        foreach (var (number, content) in contents.Index())
            await StoreBytes.PublishAsync(_room.Store, StoreNames.Bad / $"{Id}.{number:x16}.json", Encoding.ASCII.GetBytes(content), default);
        await _room.Store.CreateFolderAsync(StoreNames.Bad / "folder", default);
        Assert.True((await BadSegments.ReadAsync(_room.Store, default)).Contains(Segment));
        Assert.True(await RecordAsync($"images/{Id}/disk-1/0000a000-3.zst"));
    }

    [Fact]
    public async Task The_notes_about_an_image_go_with_it_and_those_about_others_stay()
    {
        await BadSegments.ForgetAsync(_room.Store, Id, default);
        await RecordAsync($"images/{Id}/disk-1/0000a000-2.zst");
        await RecordAsync($"images/{WriterRoom.IdOf(1)}/disk-0/00000000-1.zst");
        // The id of the one is the beginning of the other's.
        await RecordAsync($"images/{ImageId.Create(Id.Time, Id.Pc, Id.Name + ".2")}/disk-0/00000000-1.zst");
        await BadSegments.ForgetAsync(_room.Store, Id, default);
        Assert.DoesNotContain(_room.Medium.Files(), file => file.Name.StartsWith($"{Id}.", StringComparison.Ordinal) && file.Name.Length == Id.Text.Length + 22);
        Assert.Equal(2, _room.Medium.Files().Count);
    }

    private Task<bool> RecordAsync(string path) => BadSegments.RecordAsync(_room.Store, path, "a test", _room.Clock.GetUtcNow(), default);
}
