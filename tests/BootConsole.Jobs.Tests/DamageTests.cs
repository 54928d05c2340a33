// Every kind of stored file, damaged in every simple way: found, named, and the target not a mixture.
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Jobs.Tests;

[Trait(TestKit.FaultRounds.Sweep, TestKit.FaultRounds.Faults)]
public sealed class DamageTests
{
    private const byte Junk = 0xA5;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var file in (string[])["image.json", "image.json.sha256", "layout.json", "SHA256SUMS", "first segment", "middle segment", "last segment", "first table", "middle table", "last table"])
                foreach (var damage in (string[])["bit at the start", "bit in the middle", "bit at the end", "one byte short", "half", "empty", "one byte more", "missing", "swapped with its neighbour"])
                    if (damage != "swapped with its neighbour" || file.Contains("table", StringComparison.Ordinal) || file.Contains("segment", StringComparison.Ordinal)) cases.Add(file, damage);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Damage_of_a_stored_file_is_named_by_every_check_and_no_restore_makes_a_mixture_of_it(string file, string damage)
    {
        var room = new JobRoom { SegmentBytes = 100_000 };
        var source = SampleDisk.Make(SampleTable.Gpt, 3 << 20, seed: 4);
        var result = await room.BackupAsync(source, 0xE5);
        var (id, path, other) = (result.Image, Find(result.Manifest, file), Neighbour(result.Manifest, file));
        await DamageAsync(room, path, other, damage);

        Require(await Assert.ThrowsAsync<CorruptFault>(() => room.VerifyAsync(id)), path, other);
        Require(await Assert.ThrowsAsync<CorruptFault>(() => room.VerifyKeylessAsync(id)), path, other);
        var target = new TestDisk([.. Enumerable.Repeat(Junk, 3 << 20)]);
        var end = await Record.ExceptionAsync(() => room.RestoreAsync(id, target));
        if (file == "SHA256SUMS")
        {
            // Only people read it; the restore does not need it.
            Assert.Null(end);
            Assert.Equal(RoundTripTests.Restored(source, [.. Enumerable.Repeat(Junk, 3 << 20)], 0xE5, SampleDisk.ChunkBytes), target.Bytes);
            return;
        }

        Require(Assert.IsType<CorruptFault>(end), path, other);
        if (target.Calls.All(call => call.Deed == DiskDeed.Read)) Assert.DoesNotContain(target.Bytes, value => value != Junk);
        else Assert.DoesNotContain(target.Bytes[..(34 * 512)].Concat(target.Bytes[^(33 * 512)..]), value => value != 0);
        // What can be seen without reading content is seen before the first write.
        if (!file.Contains("segment", StringComparison.Ordinal) || damage is "missing" or "half" or "empty" or "one byte more" or "one byte short")
            Assert.DoesNotContain(target.Calls, call => call.Deed != DiskDeed.Read);
    }

    [Fact]
    public async Task A_bit_in_any_frame_of_any_segment_is_found()
    {
        var room = new JobRoom { SegmentBytes = 100_000 };
        var source = SampleDisk.Make(SampleTable.Mbr, 1 << 20, seed: 5);
        var result = await room.BackupAsync(source);
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            var segment = result.Manifest.Disks[0].Segments[random.Next(result.Manifest.Disks[0].Segments.Count)];
            var path = StoreNames.Disk(result.Image, 0) / segment.Name;
            var (at, bit) = (random.Next((int)segment.Length), random.Next(8));
            room.Medium.Damage(path, bytes => Flipped(bytes, at, bit));
            foreach (var check in (Func<ImageId, Task<VerifyResult>>[])[room.VerifyAsync, room.VerifyKeylessAsync])
                Assert.Contains(path.Text, (await Assert.ThrowsAsync<CorruptFault>(() => check(result.Image))).Which, StringComparison.Ordinal);
            room.Medium.Damage(path, bytes => Flipped(bytes, at, bit));
        }

        await room.VerifyAsync(result.Image);
    }

    [Fact]
    public async Task Two_segments_of_equal_length_that_changed_places_are_found()
    {
        var room = new JobRoom { SegmentBytes = 1 };
        var disk = new TestDisk([.. TestKit.RandomBytes.Of(1, 64 << 10), .. TestKit.RandomBytes.Of(2, 64 << 10), .. new byte[64 << 10]]);
        var result = await room.BackupAsync([SampleDisk.PlanOf(disk, RangeSet.Of(new ByteRange(0, disk.Bytes.Length)))]);
        var segments = result.Manifest.Disks[0].Segments;
        Assert.Equal(segments[0].Length, segments[1].Length);
        await DamageAsync(room, StoreNames.Disk(result.Image, 0) / segments[0].Name, StoreNames.Disk(result.Image, 0) / segments[1].Name, "swapped with its neighbour");
        await Assert.ThrowsAsync<CorruptFault>(() => room.VerifyAsync(result.Image));
        await Assert.ThrowsAsync<CorruptFault>(() => room.VerifyKeylessAsync(result.Image));
        await Assert.ThrowsAsync<CorruptFault>(() => room.RestoreAsync(result.Image, new TestDisk(new byte[disk.Bytes.Length])));
    }

    private static void Require(CorruptFault fault, StorePath path, StorePath? other)
    {
        // A checksum and its manifest accuse each other; of two files that changed places either is named.
        var names = (string[])[path.Text.Replace(".sha256", "", StringComparison.Ordinal), .. other is { } neighbour ? [neighbour.Text] : Array.Empty<string>()];
        Assert.True(Array.Exists(names, name => fault.Which.Contains(name, StringComparison.Ordinal)), $"{fault.Message}: {fault.Which} is named, not {path}");
    }

    private static StorePath Find(Manifest manifest, string file)
    {
        Assert.True(ImageId.TryParse(manifest.Id, out var id));
        var (disk, tables, segments) = (StoreNames.Disk(id, 0), manifest.Disks[0].Tables, manifest.Disks[0].Segments);
        Assert.True(segments.Count >= 4, $"{segments.Count} segments");
        return file switch
        {
            "image.json" => StoreNames.Manifest(id),
            "image.json.sha256" => StoreNames.ManifestSum(id),
            "layout.json" or "SHA256SUMS" => disk / file,
            "first segment" => disk / segments[0].Name,
            "middle segment" => disk / segments[segments.Count / 2].Name,
            "last segment" => disk / segments[^1].Name,
            "first table" => disk / "tables" / tables[0].Name,
            "middle table" => disk / "tables" / tables[tables.Count / 2].Name,
            _ => disk / "tables" / tables[^1].Name,
        };
    }

    private static StorePath? Neighbour(Manifest manifest, string file) => file switch
    {
        "first segment" => Find(manifest, "middle segment"),
        "middle segment" or "last segment" => Find(manifest, "first segment"),
        "first table" => Find(manifest, "middle table"),
        "middle table" or "last table" => Find(manifest, "first table"),
        _ => null,
    };

    private static async Task DamageAsync(JobRoom room, StorePath path, StorePath? other, string damage)
    {
        if (damage == "missing")
        {
            await room.Store.RemoveAsync(path, default);
            return;
        }

        var mine = room.Medium.ReadAll(path);
        if (damage == "swapped with its neighbour") room.Medium.Damage(other!.Value, theirs =>
        {
            room.Medium.Damage(path, _ => theirs);
            return mine;
        });
        else room.Medium.Damage(path, bytes => damage switch
        {
            "bit at the start" => Flipped(bytes, 0, 3),
            "bit in the middle" => Flipped(bytes, bytes.Length / 2, 0),
            "bit at the end" => Flipped(bytes, bytes.Length - 1, 7),
            "one byte short" => bytes[..^1],
            "half" => bytes[..(bytes.Length / 2)],
            "empty" => [],
            _ => [.. bytes, (byte)'\n'],
        });
    }

    private static byte[] Flipped(byte[] bytes, int at, int bit)
    {
        var changed = bytes.ToArray();
        changed[at] ^= (byte)(1 << bit);
        return changed;
    }
}
