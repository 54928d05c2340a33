// An image that is opened: what its tables may say, held against the manifest.
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.Images.Tests;

public sealed class ImageReaderTests
{
    [Fact]
    public async Task Every_chunk_of_a_sample_is_found_through_its_tables()
    {
        var sample = await SampleImage.WriteAsync();
        var image = await ImageReader.OpenAsync(sample.Medium.Open(), sample.ImageId, default);
        using var zstd = new ZstdTransform(3);
        var chunk = 0;
        for (var index = 0; index < image.Manifest.Disks[0].Tables.Count; index++)
        {
            var table = await image.ReadTableAsync(0, index, zstd, default);
            await using var segment = await image.OpenSegmentAsync(table.SourceOf(default), default);
            foreach (var row in table.Rows)
            {
                var (stored, plain) = (new byte[row.StoredBytes], new byte[SampleImage.Grid.Range(chunk).Length]);
                await segment.ReadAsync(row.Offset, stored, default);
                zstd.Undo(stored, plain);
                Assert.Equal((SampleImage.Kinds[chunk], ChunkHash.Of(SampleImage.Plain(chunk))), (row.Kind, ChunkHash.Of(plain)));
                chunk++;
            }
        }

        Assert.Equal(SampleImage.Kinds.Length, chunk);
        Assert.True(image.Manifest.Disks[0].Tables.Count > 2, "the sample has several segments");
    }

    public static TheoryData<string> Forgeries => [.. TableForgery.All.Keys];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_table_that_contradicts_its_manifest_is_refused(string forgery)
    {
        var sample = await SampleImage.WriteAsync();
        var table = await sample.ReadTableAsync(1);
        sample.ForgeTable(1, TableFormat.Write(TableForgery.All[forgery](table)));
        var fault = await Assert.ThrowsAsync<CorruptFault>(() => sample.ReadTableAsync(1));
        Assert.Equal($"images/{sample.ImageId}/disk-0/tables/{sample.Manifest.Disks[0].Tables[1].Name}", fault.Which);
    }

    [Fact]
    public async Task A_table_that_was_not_forged_is_read()
    {
        var sample = await SampleImage.WriteAsync();
        sample.ForgeTable(1, TableFormat.Write(await sample.ReadTableAsync(1)));
        Assert.NotEmpty((await sample.ReadTableAsync(1)).Rows);
    }

    [Fact]
    public async Task A_table_of_another_key_set_is_refused()
    {
        var sample = await SampleImage.WriteAsync();
        sample.Forge(sample.Manifest with { KeyId = ChunkHash.Of("k"u8).ToString() });
        await Assert.ThrowsAsync<CorruptFault>(() => sample.ReadTableAsync(0));
    }

    [Fact]
    public async Task A_source_that_the_manifest_does_not_name_is_refused()
    {
        var sample = await SampleImage.WriteAsync();
        await IncrementalImage.WriteAsync(sample, IncrementalImage.Id);
        var reader = await ImageReader.OpenAsync(sample.Medium.Open(), IncrementalImage.Id, default);
        using var zstd = new ZstdTransform(3);
        Assert.Equal(ChunkKind.Same, (await reader.ReadTableAsync(0, 0, zstd, default)).Rows[0].Kind);
        // The same table under a manifest with one foreign segment less, and with another hash of one.
        foreach (var change in (Func<ForeignSegment[], IReadOnlyList<ForeignSegment>>[])[all => all[1..], all => [all[0] with { Sha256 = ChunkHash.Of("x"u8).ToString() }, .. all[1..]], all => [all[0] with { Length = all[0].Length + 1 }, .. all[1..]]])
        {
            var forged = reader.Manifest with { Foreign = change([.. reader.Manifest.Foreign]) };
            var bytes = ImageJson.Write(forged);
            sample.Medium.Damage(StoreNames.Manifest(IncrementalImage.Id), _ => bytes);
            sample.Medium.Damage(StoreNames.ManifestSum(IncrementalImage.Id), _ => Encoding.ASCII.GetBytes($"{ChunkHash.Of(bytes)}  image.json\n"));
            var opened = await ImageReader.OpenAsync(sample.Medium.Open(), IncrementalImage.Id, default);
            await Assert.ThrowsAsync<CorruptFault>(() => opened.ReadTableAsync(0, 0, zstd, default));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_table_that_is_no_frame_of_a_possible_length_is_refused(int kind)
    {
        var sample = await SampleImage.WriteAsync();
        var disk = sample.Manifest.Disks[0];
        using var zstd = new ZstdTransform(3);
        var huge = new byte[TableFormat.MaxBytes + 1];
        var stored = new byte[zstd.MaxApplied(huge.Length)];
        byte[] bytes = kind switch { 0 => stored[..zstd.Apply(huge, stored)], < 0 => [1, 2, 3], _ => [.. stored[..zstd.Apply("x"u8, stored)]] };
        sample.Medium.Damage(StoreNames.Tables(sample.ImageId, 0) / disk.Tables[0].Name, _ => bytes);
        sample.Forge(sample.Manifest with { Disks = [disk with { Tables = [disk.Tables[0] with { Length = bytes.Length, Sha256 = ChunkHash.Of(bytes).ToString() }, .. disk.Tables.Skip(1)] }] });
        await Assert.ThrowsAsync<CorruptFault>(() => sample.ReadTableAsync(0));
    }

    [Fact]
    public async Task An_image_that_is_not_there_unfinished_or_deleted_says_which()
    {
        var sample = await SampleImage.WriteAsync();
        var store = sample.Medium.Open();
        var other = ImageId.Create(sample.ImageId.Time, "office-pc", "other");
        Assert.Contains("no such image", (await Assert.ThrowsAsync<RefusedFault>(() => ImageReader.OpenAsync(store, other, default))).Message, StringComparison.Ordinal);
        await using (await ImageWriter.BeginAsync(store, new ImageDraft { Id = other, Kind = ImageKind.Full, Pad = 0, Disks = [] }, new TestKit.FakeProcesses().Self, TimeProvider.System, default))
            Assert.Contains("unfinished", (await Assert.ThrowsAsync<RefusedFault>(() => ImageReader.OpenAsync(store, other, default))).Message, StringComparison.Ordinal);
        await store.RenameAsync(StoreNames.Manifest(sample.ImageId), StoreNames.Deleted(sample.ImageId), default);
        Assert.Contains("deleted", (await Assert.ThrowsAsync<RefusedFault>(() => ImageReader.OpenAsync(store, sample.ImageId, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_whose_checksum_does_not_fit_is_refused_and_a_missing_checksum_too()
    {
        var sample = await SampleImage.WriteAsync();
        var store = sample.Medium.Open();
        sample.Medium.Damage(StoreNames.Manifest(sample.ImageId), bytes => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"S1\"", "\"S2\"", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<CorruptFault>(() => ImageReader.OpenAsync(store, sample.ImageId, default));
        sample.Forge(sample.Manifest);
        await ImageReader.OpenAsync(store, sample.ImageId, default);
        foreach (var change in (Func<byte[], byte[]>[])[bytes => [.. bytes, (byte)'\n'], bytes => bytes[..^1], bytes => [.. bytes.Select(b => (byte)char.ToUpperInvariant((char)b))], _ => new byte[5000]])
        {
            sample.Forge(sample.Manifest);
            sample.Medium.Damage(StoreNames.ManifestSum(sample.ImageId), change);
            await Assert.ThrowsAsync<CorruptFault>(() => ImageReader.OpenAsync(store, sample.ImageId, default));
        }

        await store.RemoveAsync(StoreNames.ManifestSum(sample.ImageId), default);
        var fault = await Assert.ThrowsAsync<CorruptFault>(() => ImageReader.OpenAsync(store, sample.ImageId, default));
        Assert.EndsWith("image.json.sha256", fault.Which, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_at_all_segments_names_the_one_that_is_missing_or_cut_short()
    {
        var sample = await SampleImage.WriteAsync();
        var child = await IncrementalImage.WriteAsync(sample, IncrementalImage.Id);
        var store = sample.Medium.Open();
        var (full, incremental) = (await ImageReader.OpenAsync(store, sample.ImageId, default), await ImageReader.OpenAsync(store, child.ImageId, default));
        await full.CheckSegmentsAsync(0, default);
        await incremental.CheckSegmentsAsync(0, default);
        var path = StoreNames.Disk(sample.ImageId, 0) / sample.Manifest.Disks[0].Segments[1].Name;
        sample.Medium.Damage(path, bytes => bytes[..^1]);
        Assert.Equal(path.Text, (await Assert.ThrowsAsync<CorruptFault>(() => full.CheckSegmentsAsync(0, default))).Which);
        await store.RemoveAsync(path, default);
        Assert.Equal(path.Text, (await Assert.ThrowsAsync<CorruptFault>(() => incremental.CheckSegmentsAsync(0, default))).Which);
    }

    [Fact]
    public async Task A_list_of_segments_that_is_not_the_manifests_is_refused()
    {
        var sample = await SampleImage.WriteAsync();
        var disk = sample.Manifest.Disks[0];
        var wrong = SumsFile.Of([.. disk.Segments.Reverse()]);
        sample.Medium.Damage(StoreNames.Sums(sample.ImageId, 0), _ => wrong);
        sample.Forge(sample.Manifest with { Disks = [disk with { Sums = new StoredFile("SHA256SUMS", wrong.Length, ChunkHash.Of(wrong).ToString()) }] });
        var image = await ImageReader.OpenAsync(sample.Medium.Open(), sample.ImageId, default);
        await Assert.ThrowsAsync<CorruptFault>(() => image.CheckSumsAsync(0, default));
    }

    [Fact]
    public async Task An_image_that_went_away_or_changed_since_it_was_opened_is_noticed()
    {
        var sample = await SampleImage.WriteAsync();
        var store = sample.Medium.Open();
        var image = await ImageReader.OpenAsync(store, sample.ImageId, default);
        await image.CheckPresenceAsync(default);
        sample.Forge(sample.Manifest with { Notes = ["another"] });
        await Assert.ThrowsAsync<CorruptFault>(() => image.CheckPresenceAsync(default));
        await store.RenameAsync(StoreNames.Manifest(sample.ImageId), StoreNames.Deleted(sample.ImageId), default);
        await Assert.ThrowsAsync<RefusedFault>(() => image.CheckPresenceAsync(default));
    }

    [Fact]
    public void The_longest_frame_that_a_table_may_name_is_never_shorter_than_what_zstd_may_need()
    {
        using var zstd = new ZstdTransform(3);
        for (var chunkBytes = ChunkGrid.MinChunkBytes; chunkBytes <= ChunkGrid.MaxChunkBytes; chunkBytes *= 2)
            Assert.InRange(zstd.MaxApplied(chunkBytes), chunkBytes, new ChunkGrid(chunkBytes, chunkBytes).MaxFrameBytes);
    }
}
