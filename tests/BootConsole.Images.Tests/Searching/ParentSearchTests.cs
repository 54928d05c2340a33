// Which image a differential or incremental one is made against, and what is said of those that were passed over.
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.Images.Tests;

public sealed class ParentSearchTests
{
    private readonly WriterRoom _room = new();
    private readonly byte[] _disk = WriterRoom.Disk();

    [Fact]
    public async Task An_empty_store_has_no_parent_and_says_so()
    {
        var found = await FindAsync(ImageKind.Incremental);
        Assert.Null(found.Parent);
        Assert.Equal("There is no image of office-pc with this disk to build on.", Assert.Single(found.Remarks));
        Assert.Contains("no full image", (await FindAsync(ImageKind.Differential)).Remarks[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_baseline_is_taken_a_full_one_for_a_differential_and_never_a_copy()
    {
        var full = await _room.BackUpAsync(WriterRoom.IdOf(1), _disk);
        await _room.BackUpAsync(WriterRoom.IdOf(2), _disk, ImageKind.Differential, full);
        var incremental = await _room.BackUpAsync(WriterRoom.IdOf(3), _disk, ImageKind.Incremental, full);
        await _room.BackUpAsync(WriterRoom.IdOf(4), _disk, ImageKind.Copy);
        Assert.Equal((incremental.Id, full.Id), ((await FindAsync(ImageKind.Incremental)).Parent!.Id, (await FindAsync(ImageKind.Differential)).Parent!.Id));
    }

    [Fact]
    public async Task Another_pc_and_another_disk_are_no_parent_and_no_remark()
    {
        await _room.BackUpAsync(WriterRoom.IdOf(1, pc: "other-pc"), _disk);
        await _room.BackUpAsync(WriterRoom.IdOf(2), _disk, serial: "S2");
        var found = await FindAsync(ImageKind.Incremental);
        Assert.Null(found.Parent);
        Assert.Single(found.Remarks);
        Assert.Equal(WriterRoom.IdOf(2), (await FindAsync(ImageKind.Incremental, serial: "S2")).Parent!.Id);
    }

    [Theory]
    [InlineData("S", "W", "/dev/sda", "S", "X", "/dev/sdb", true)]
    [InlineData("S", "W", "/dev/sda", "T", "W", "/dev/sda", false)]
    [InlineData("", "W", "/dev/sda", "", "W", "/dev/sdb", true)]
    [InlineData("S", "W", "/dev/sda", "", "W", "/dev/sdb", true)]
    [InlineData("", "W", "/dev/sda", "", "X", "/dev/sda", false)]
    [InlineData("", "", "/dev/sda", "", "", "/dev/sda", true)]
    [InlineData("", "", "/dev/sda", "", "", "/dev/sdb", false)]
    [InlineData("S", "", "/dev/sda", "", "", "/dev/sda", false)]
    [InlineData("S", "", "/dev/sda", "", "W", "/dev/sda", false)]
    public void A_disk_is_known_by_its_serial_number_then_its_wwn_and_by_its_path_only_without_both(string serial, string wwn, string path, string otherSerial, string otherWwn, string otherPath, bool isSame)
    {
        StateDisk one = new(path, "A", serial, wwn, 512, 512, 65_536), other = new(otherPath, "B", otherSerial, otherWwn, 1024, 512, 65_536);
        Assert.Equal((isSame, isSame), (DiskMatch.IsSame(one, other), DiskMatch.IsSame(other, one)));
    }

    [Fact]
    public async Task A_disk_of_another_size_is_still_the_disk()
    {
        await _room.BackUpAsync(WriterRoom.IdOf(1), _disk);
        var draft = _room.Draft(WriterRoom.IdOf(2));
        var found = await ParentSearch.FindAsync(_room.Store, "office-pc", ImageKind.Incremental, [draft.Disks[0] with { Size = 1 << 20 }], null, default);
        Assert.Equal(WriterRoom.IdOf(1), found.Parent!.Id);
    }

    [Fact]
    public async Task All_disks_must_be_in_the_parent()
    {
        await _room.BackUpAsync(WriterRoom.IdOf(1), _disk);
        var found = await ParentSearch.FindAsync(_room.Store, "office-pc", ImageKind.Incremental, _room.Draft(WriterRoom.IdOf(2), disks: 2).Disks, null, default);
        Assert.Null(found.Parent);
        Assert.Contains("with these disks", found.Remarks[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_an_unfinished_and_a_damaged_image_are_passed_over_and_the_damaged_one_is_named()
    {
        var (good, deleted, unfinished, damaged) = (WriterRoom.IdOf(1), WriterRoom.IdOf(2), WriterRoom.IdOf(3), WriterRoom.IdOf(4));
        foreach (var id in (ImageId[])[good, deleted, damaged]) await _room.BackUpAsync(id, _disk);
        await _room.Store.RenameAsync(StoreNames.Manifest(deleted), StoreNames.Deleted(deleted), default);
        await using (await _room.BeginAsync(_room.Draft(unfinished))) { }
        _room.Medium.Damage(StoreNames.Manifest(damaged), bytes => bytes[..^10]);
        var found = await FindAsync(ImageKind.Incremental);
        Assert.Equal(good, found.Parent!.Id);
        Assert.Contains(damaged.Text, Assert.Single(found.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_whose_checksum_does_not_fit_is_passed_over_and_named()
    {
        foreach (var day in (int[])[1, 2]) await _room.BackUpAsync(WriterRoom.IdOf(day), _disk);
        _room.Medium.Damage(StoreNames.ManifestSum(WriterRoom.IdOf(2)), bytes => [.. bytes, 10]);
        var found = await FindAsync(ImageKind.Incremental);
        Assert.Equal(WriterRoom.IdOf(1), found.Parent!.Id);
        Assert.Contains(WriterRoom.IdOf(2).Text, Assert.Single(found.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_is_never_shared_between_key_sets_nor_with_the_clear()
    {
        await _room.BackUpAsync(WriterRoom.IdOf(1), _disk);
        _room.Keys = FixedKeys.Make();
        await FixedKeys.PublishAsync(_room.Store, _room.Keys);
        await _room.BackUpAsync(WriterRoom.IdOf(2), _disk);
        using var other = KeySet.MakeRandom();
        var withOther = await FindAsync(ImageKind.Incremental, keys: other);
        Assert.Null(withOther.Parent);
        Assert.Contains("another key set", withOther.Remarks[0], StringComparison.Ordinal);
        Assert.Contains("no encryption", withOther.Remarks[1], StringComparison.Ordinal);
        var clear = await FindAsync(ImageKind.Incremental);
        Assert.Equal(WriterRoom.IdOf(1), clear.Parent!.Id);
        Assert.Contains("it has encryption", Assert.Single(clear.Remarks), StringComparison.Ordinal);
        Assert.Equal(WriterRoom.IdOf(2), (await FindAsync(ImageKind.Incremental, keys: _room.Keys)).Parent!.Id);
    }

    [Fact]
    public async Task An_encrypted_image_without_a_valid_mac_is_never_built_upon()
    {
        _room.Keys = FixedKeys.Make();
        await FixedKeys.PublishAsync(_room.Store, _room.Keys);
        foreach (var day in (int[])[1, 2, 3]) await _room.BackUpAsync(WriterRoom.IdOf(day), _disk);
        _room.Medium.Damage(StoreNames.ManifestMac(WriterRoom.IdOf(3)), bytes => [.. bytes, 10]);
        await _room.Store.RemoveAsync(StoreNames.ManifestMac(WriterRoom.IdOf(2)), default);
        var found = await FindAsync(ImageKind.Incremental, keys: _room.Keys);
        Assert.Equal(WriterRoom.IdOf(1), found.Parent!.Id);
        Assert.Equal([$"Image {WriterRoom.IdOf(3)} is passed over: the MAC of the manifest is wrong.", $"Image {WriterRoom.IdOf(2)} is passed over: the MAC of the manifest is missing."], found.Remarks);
    }

    [Fact]
    public async Task What_is_learned_of_a_parent_leaves_out_segments_that_are_gone_cut_short_or_noted_as_bad()
    {
        var parent = await _room.BackUpAsync(WriterRoom.IdOf(1), _disk);
        var segments = parent.Manifest.Disks[0].Segments;
        Assert.Equal(4, segments.Count);
        await _room.Store.RemoveAsync(StoreNames.Disk(parent.Id, 0) / segments[0].Name, default);
        _room.Medium.Damage(StoreNames.Disk(parent.Id, 0) / segments[1].Name, bytes => bytes[..^1]);
        Assert.True(await BadSegments.RecordAsync(_room.Store, (StoreNames.Disk(parent.Id, 0) / segments[2].Name).Text, "a test", _room.Clock.GetUtcNow(), default));
        var known = (await _room.LearnAsync(ImageKind.Incremental, parent))!;
        using var zstd = new ZstdTransform(3);
        for (var index = 0; index < 4; index++)
            foreach (var row in (await parent.ReadTableAsync(0, index, zstd, default)).Rows) Assert.Equal(index == 3, known.TryFind(row.Hash, out _));
    }

    private Task<ParentFound> FindAsync(ImageKind kind, string serial = "S1", KeySet? keys = null) =>
        ParentSearch.FindAsync(_room.Store, "office-pc", kind, _room.Draft(WriterRoom.IdOf(9), serial: serial).Disks, keys, default);
}
