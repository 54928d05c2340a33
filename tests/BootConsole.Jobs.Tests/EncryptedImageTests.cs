// Encrypted images: what goes in comes out, nothing that was altered gets through, and a table key reads tables only.
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Images;
using BootConsole.Stores;

namespace BootConsole.Jobs.Tests;

public sealed class EncryptedImageTests
{
    private const byte Pad = 0xE5;

    [Theory]
    [InlineData(SampleTable.Gpt, 3 << 20, 64 << 10)]
    [InlineData(SampleTable.Mbr, (2 << 20) + 512, 256 << 10)]
    [InlineData(SampleTable.None, 512, 64 << 10)]
    public async Task An_encrypted_disk_comes_back_byte_for_byte(SampleTable table, int length, int chunkBytes)
    {
        var room = new JobRoom();
        await room.EncryptAsync();
        var source = SampleDisk.Make(table, length, seed: 3);
        var result = await room.BackupAsync([source.Plan(chunkBytes)], Pad);
        Assert.Equal(room.Keys!.Id.ToString(), result.Manifest.KeyId);
        Assert.Equal(source.Padded(Pad), await room.ReadAsync(result.Image));
        var verified = await room.VerifyAsync(result.Image);
        // Every stored byte was hashed, the age headers included: the segments' own hashes were compared.
        Assert.Equal(result.Manifest.Disks[0].Grid.Count, verified.Chunks);
        await room.VerifyKeylessAsync(result.Image);
        var target = new TestDisk(new byte[length]);
        await room.RestoreAsync(result.Image, target);
        Assert.Equal(source.Padded(Pad).AsSpan(0, 512), target.Bytes.AsSpan(0, 512));
    }

    [Fact]
    public async Task Nothing_of_the_disk_or_of_its_layout_lies_in_the_store_in_the_clear()
    {
        var room = new JobRoom();
        await room.EncryptAsync();
        var disk = new TestDisk(new byte[256 << 10]);
        var secret = "the quick brown fox of office-pc"u8.ToArray();
        secret.CopyTo(disk.Bytes, 0);
        secret.CopyTo(disk.Bytes, 100_000);
        var result = await room.BackupAsync([SampleDisk.PlanOf(disk, RangeSet.Of(new ByteRange(0, disk.Bytes.Length)))]);
        var layout = Convert.ToBase64String(secret)[..30];
        foreach (var file in room.Medium.Files())
        {
            var bytes = room.Medium.ReadAll(file);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(secret.AsSpan(0, 20)));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(layout)));
        }

        Assert.Equal(disk.Bytes, await room.ReadAsync(result.Image));
    }

    [Fact]
    public async Task A_changed_bit_of_any_file_of_an_image_is_found_by_restore_planning_or_verification()
    {
        var (room, id) = await MakeAsync();
        var files = room.Medium.Files().Where(file => file.Text.StartsWith($"images/{id}/", StringComparison.Ordinal)).ToList();
        Assert.Contains(StoreNames.ManifestMac(id), files);
        foreach (var file in files)
        {
            var length = room.Medium.ReadAll(file).Length;
            foreach (var position in (int[])[0, length / 3, length / 2, length - 1])
            {
                Flip(room, file, position);
                Assert.IsType<CorruptFault>(await Record.ExceptionAsync(() => room.VerifyAsync(id)));
                Flip(room, file, position);
            }
        }

        await room.VerifyAsync(id);
    }

    [Fact]
    public async Task A_manifest_that_was_written_by_somebody_without_the_keys_is_refused_however_well_it_is_made()
    {
        var (room, id) = await MakeAsync();
        var forged = (await room.OpenAsync(id)).Manifest with { Notes = ["all is well"] };
        var bytes = ImageJson.Write(forged);
        room.Medium.Damage(StoreNames.Manifest(id), _ => bytes);
        room.Medium.Damage(StoreNames.ManifestSum(id), _ => Encoding.ASCII.GetBytes($"{ChunkHash.Of(bytes)}  image.json\n"));
        var fault = await Assert.ThrowsAsync<CorruptFault>(() => room.VerifyAsync(id));
        Assert.Contains("MAC", fault.Message, StringComparison.Ordinal);
        // The person may insist; then it is said that nothing is known of its maker.
        var image = await ImageReader.OpenAsync(room.Store, id, default);
        await image.UnlockAsync(room.Keys!, needsMac: false, default);
        Assert.False(image.IsAuthentic);
        Assert.True((await room.OpenAsync((await room.BackupAsync(Source())).Image)).IsAuthentic);
    }

    [Fact]
    public async Task Segments_that_a_server_swaps_between_disks_or_images_are_found()
    {
        var room = new JobRoom { SegmentBytes = 20_000 };
        await room.EncryptAsync();
        var one = (await room.BackupAsync([Source().Plan(), SampleDisk.Make(SampleTable.Mbr, 700 << 10, seed: 9).Plan()])).Image;
        var two = (await room.BackupAsync(SampleDisk.Make(SampleTable.Mbr, 700 << 10, seed: 10))).Image;
        var name = new SegmentName(0, 1, true);
        foreach (var (left, right) in ((StorePath, StorePath)[])
            [(StoreNames.Segment(one, 0, name), StoreNames.Segment(one, 1, name)), (StoreNames.Segment(one, 0, name), StoreNames.Segment(two, 0, name)), (StoreNames.Table(one, 0, name), StoreNames.Table(two, 0, name))])
        {
            Swap(room, left, right);
            Assert.IsType<CorruptFault>(await Record.ExceptionAsync(() => room.VerifyAsync(one)));
            Swap(room, left, right);
        }

        await room.VerifyAsync(one);
    }

    [Fact]
    public async Task Without_the_keys_an_image_shows_its_manifest_and_no_content()
    {
        var (room, id) = await MakeAsync();
        using var other = KeySet.MakeRandom();
        var image = await ImageReader.OpenAsync(room.Store, id, default);
        using var zstd = new ZstdTransform(3);
        await Assert.ThrowsAsync<KeyFault>(() => image.ReadTableAsync(0, 0, zstd, default));
        await Assert.ThrowsAsync<KeyFault>(() => image.ReadLayoutAsync(0, default));
        await Assert.ThrowsAsync<KeyFault>(() => image.UnlockAsync(other, needsMac: true, default));
        await room.VerifyKeylessAsync(id);
    }

    [Fact]
    public async Task A_table_key_makes_images_and_increments_and_reads_none()
    {
        var (room, full) = await MakeAsync();
        var whole = room.Keys!;
        using var table = KeySetText.ReadTableKey(KeySetText.WriteTableKey(whole));
        Assert.Equal((whole.Id, false), (table.Id, table.ReadsImages));
        (room.Keys, room.Kind) = (table, ImageKind.Incremental);
        var source = Source();
        source.Disk.Bytes.AsSpan(300_000, 512).Fill(7);
        var child = await room.BackupAsync(source with { Used = RangeSet.Of(new ByteRange(0, source.Disk.Bytes.Length)) });
        Assert.Equal((ImageKind.Incremental, full.Text), (child.Manifest.Kind, child.Manifest.Parent));
        Assert.True(child.Manifest.Disks[0].Counts.Same > 0);
        await Assert.ThrowsAsync<KeyFault>(() => room.ReadAsync(child.Image));
        room.Keys = whole;
        Assert.Equal(source.Disk.Bytes, await room.ReadAsync(child.Image));
    }

    [Fact]
    public async Task A_backup_whose_key_set_vanishes_from_the_store_is_no_success()
    {
        var room = new JobRoom();
        await room.EncryptAsync();
        var source = Source();
        source.Disk.Before = _ =>
        {
            foreach (var file in room.Medium.Files().Where(file => file.Text.StartsWith("keys/", StringComparison.Ordinal)).ToList()) room.Store.RemoveAsync(file, default).GetAwaiter().GetResult();
        };
        var plan = SampleDisk.PlanOf(new TestDisk(source.Disk.Bytes.ToArray()), source.Used);
        await Assert.ThrowsAsync<KeyFault>(() => room.BackupAsync([plan with { Disk = source.Disk }]));
        Assert.DoesNotContain(await ImageList.ReadAsync(room.Store, default), listing => listing.State == "done");
    }

    private static SampleDisk Source() => SampleDisk.Make(SampleTable.Mbr, 700 << 10, seed: 8);

    private static async Task<(JobRoom Room, ImageId Image)> MakeAsync()
    {
        var room = new JobRoom { SegmentBytes = 150_000 };
        await room.EncryptAsync();
        return (room, (await room.BackupAsync(Source())).Image);
    }

    private static void Flip(JobRoom room, StorePath file, int position) => room.Medium.Damage(file, bytes =>
    {
        bytes[position] ^= 1;
        return bytes;
    });

    private static void Swap(JobRoom room, StorePath left, StorePath right)
    {
        var (first, second) = (room.Medium.ReadAll(left), room.Medium.ReadAll(right));
        room.Medium.Damage(left, _ => second);
        room.Medium.Damage(right, _ => first);
    }
}
