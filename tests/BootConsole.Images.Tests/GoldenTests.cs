// A store made once and kept: whatever changes, it is read for ever.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.Stores.Directories;
using BootConsole.TestKit;

namespace BootConsole.Images.Tests;

/// <summary>Golden/store was written by version 0.1.0 and is never written again; Golden/table.hex was laid out by hand from docs/format.md.</summary>
public sealed class GoldenTests
{
    private const string Disk = "215d6574bbbdfe26a2888fd05e37c9e84bbaf39258d37651aa2a327647332b0e";

    private static readonly ImageId Id = ImageId.TryParse("2026-11-21T060400Z_office-pc_before-update", out var id) ? id : throw new InvalidOperationException();

    [Fact]
    public async Task The_image_is_listed_and_every_file_of_it_is_whole()
    {
        await using var store = Open();
        var listing = Assert.Single(await ImageList.ReadAsync(store, default));
        Assert.Equal((Id, "done", ImageKind.Full), (listing.Id, listing.State, listing.Kind));
        var image = await ImageReader.OpenAsync(store, Id, default);
        Assert.Equal(8, image.AllFiles().Count());
        foreach (var (path, length, sha256) in image.AllFiles()) await image.CheckFileAsync(path, length, sha256, default);
        await image.CheckSumsAsync(0, default);
        await image.CheckSegmentsAsync(0, default);
        Assert.Equal("none", (await image.ReadLayoutAsync(0, default)).Table);
    }

    [Fact]
    public async Task The_manifest_says_what_it_said()
    {
        await using var store = Open();
        var manifest = (await ImageReader.OpenAsync(store, Id, default)).Manifest;
        var disk = Assert.Single(manifest.Disks);
        Assert.Equal(("office-pc", "uefi", 229, 3, true, null, null), (manifest.Pc.Name, manifest.Pc.Firmware, manifest.Pad, manifest.Level, manifest.ClockTrusted, manifest.KeyId, manifest.Parent));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 6, 4, 0, TimeSpan.Zero), manifest.Created);
        Assert.Equal((526_848, 512, 4096, 65_536, "S1"), (disk.Size, disk.SectorBytes, disk.PhysicalSectorBytes, disk.ChunkBytes, disk.Serial));
        Assert.Equal(new KindCounts { Data = 4, Zero = 2, Unused = 2, Unreadable = 1 }, disk.Counts);
        Assert.Equal([new StoredRange(328_192, 512)], disk.Unreadable);
        Assert.Equal(["00000000-1.zst", "00000005-1.zst", "00000007-1.zst"], disk.Segments.Select(segment => segment.Name));
        var bytes = await StoreBytes.ReadAsync(store, StoreNames.Manifest(Id), ImageJson.MaxManifestBytes, default);
        Assert.Equal(bytes, ImageJson.Write(manifest));
    }

    [Fact]
    public async Task The_disk_decodes_to_the_bytes_it_had()
    {
        await using var store = Open();
        var image = await ImageReader.OpenAsync(store, Id, default);
        using var zstd = new ZstdTransform(3);
        var disk = new MemoryStream();
        List<ChunkKind> kinds = [];
        for (var index = 0; index < image.Manifest.Disks[0].Tables.Count; index++)
        {
            var table = await image.ReadTableAsync(0, index, zstd, default);
            await using var segment = await image.OpenSegmentAsync(table.SourceOf(default), default);
            foreach (var row in table.Rows)
            {
                var (stored, plain) = (new byte[row.StoredBytes], new byte[image.Manifest.Disks[0].Grid.Range(kinds.Count).Length]);
                await segment.ReadAsync(row.Offset, stored, default);
                zstd.Undo(stored, plain);
                Assert.Equal(row.Hash, ChunkHash.Of(plain));
                disk.Write(plain);
                kinds.Add(row.Kind);
            }
        }

        Assert.Equal(Disk, ChunkHash.Of(disk.ToArray()).ToString());
        Assert.Equal([1, 3, 4, 4, 1, 5, 1, 3, 1], kinds.Select(kind => (int)kind));
    }

    private static DirectoryStore Open() => DirectoryStore.Open(Path.Combine(RepositoryFolder.Path, "tests/BootConsole.Images.Tests/Golden/store"), StoreAccess.Read);
}
