// A small image in a memory store, made by the real writer, and the means to change it behind everybody's back.
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

/// <summary>A finished image of one disk of 64 KiB chunks, with every kind of chunk that a full image has. The last chunk is short.</summary>
internal sealed class SampleImage
{
    internal const int ChunkBytes = 64 << 10, SectorBytes = 512, LastBytes = 5 * 512;
    internal const byte Pad = 0xE5;

    /// <summary>Kinds of its chunks.</summary>
    internal static readonly ChunkKind[] Kinds =
        [ChunkKind.Data, ChunkKind.Zero, ChunkKind.Unused, ChunkKind.Unused, ChunkKind.Data, ChunkKind.Unreadable, ChunkKind.Data, ChunkKind.Zero, ChunkKind.Data];

    internal static readonly ImageId Id = ImageId.Create(new DateTimeOffset(2026, 11, 21, 6, 4, 0, TimeSpan.Zero), "office-pc", "before-update");

    internal static readonly ChunkGrid Grid = new((Kinds.Length - 1L) * ChunkBytes + LastBytes, ChunkBytes);

    // Compressed once: sweeps write hundreds of these images.
    private static readonly Lazy<(ChunkHash Hash, byte[] Stored)[]> Frames = new(() =>
    {
        using var zstd = new ZstdTransform(3);
        var stored = new byte[zstd.MaxApplied(ChunkBytes)];
        return [.. Enumerable.Range(0, Kinds.Length).Select(Plain).Select(plain => (ChunkHash.Of(plain), stored[..zstd.Apply(plain, stored)]))];
    });

    private SampleImage(MemoryMedium medium, ImageId id, Manifest manifest) => (Medium, ImageId, Manifest) = (medium, id, manifest);

    internal MemoryMedium Medium { get; }

    internal ImageId ImageId { get; }

    internal Manifest Manifest { get; private set; }

    internal static Task<SampleImage> WriteAsync() => WriteAsync(new MemoryMedium(), Id);

    internal static async Task<SampleImage> WriteAsync(MemoryMedium medium, ImageId id) => new(medium, id, await WriteAsync(medium.Open(), id, new FakeClock(id.Time)));

    /// <summary>Writes the image into any store.</summary>
    internal static async Task<Manifest> WriteAsync(IDeleteStore store, ImageId id, TimeProvider clock)
    {
        await using var writer = await ImageWriter.BeginAsync(store, new ImageDraft { Id = id, Kind = ImageKind.Full, Pad = Pad, Disks = [] }, new FakeProcesses().Self, clock, default);
        return await WriteAsync(writer, id);
    }

    /// <summary>Writes content and manifest into an image that was begun.</summary>
    internal static async Task<Manifest> WriteAsync(ImageWriter writer, ImageId id)
    {
        using var zstd = new ZstdTransform(3);
        await using var disk = await writer.OpenDiskAsync(0, Grid, segmentBytes: () => 2_000, zstd, default);
        foreach (var (kind, frame) in Kinds.Zip(Frames.Value)) await disk.AppendAsync(kind, frame.Hash, frame.Stored, default);

        var sums = (await disk.FinishAsync(default))!;
        var layout = await writer.PublishLayoutAsync(0, Layout, default);
        var manifest = ManifestOf(id, layout, sums, disk);
        await writer.CommitAsync(manifest, default);
        return manifest;
    }

    /// <summary>The plain bytes of a chunk.</summary>
    internal static byte[] Plain(int chunk)
    {
        var bytes = new byte[Grid.Range(chunk).Length];
        if (Kinds[chunk] == ChunkKind.Unused) bytes.AsSpan().Fill(Pad);
        else if (Kinds[chunk] != ChunkKind.Zero)
            for (var block = 0; block < bytes.Length; block += 512) RandomBytes.Of(chunk * 2 + block % 1024 / 512, 512).CopyTo(bytes, block);
        if (Kinds[chunk] == ChunkKind.Unreadable) bytes.AsSpan(512, 512).Fill(Pad);
        return bytes;
    }

    internal static LayoutRecord Layout => new()
    {
        Version = 1,
        Table = "none",
        Size = Grid.DiskBytes,
        SectorBytes = SectorBytes,
        Partitions = [new LayoutPartition { Number = 1, Start = 512, Length = 1024, Type = "83", UsedBytes = 1024, Method = "whole", Label = "ümläut" }],
        FirstSectors = Convert.ToBase64String(Plain(0).AsSpan(0, SectorBytes)),
        LastSectors = Convert.ToBase64String(Plain(Kinds.Length - 1).AsSpan(LastBytes - SectorBytes)),
        OtherSectors = [new LayoutSectors(1024, Convert.ToBase64String(new byte[SectorBytes]))],
    };

    /// <summary>Writes another manifest over the one in the store, with a checksum that fits.</summary>
    internal void Forge(Manifest manifest)
    {
        var bytes = ImageJson.Write(manifest);
        Put(StoreNames.Manifest(ImageId), bytes);
        Put(StoreNames.ManifestSum(ImageId), Encoding.ASCII.GetBytes($"{ChunkHash.Of(bytes)}  image.json\n"));
        Manifest = manifest;
    }

    /// <summary>Writes another table over one in the store, and a manifest and checksum that fit: only what the tables say is wrong then.</summary>
    internal void ForgeTable(int index, byte[] plain, Func<Manifest, Manifest>? also = null)
    {
        using var zstd = new ZstdTransform(3);
        var stored = new byte[zstd.MaxApplied(plain.Length)];
        var bytes = stored[..zstd.Apply(plain, stored)];
        var disk = Manifest.Disks[0];
        var entry = disk.Tables[index];
        Put(StoreNames.Tables(ImageId, 0) / entry.Name, bytes);
        var forged = Manifest with { Disks = [disk with { Tables = [.. disk.Tables.Select((table, i) => i == index ? table with { Length = bytes.Length, Sha256 = ChunkHash.Of(bytes).ToString() } : table)] }] };
        Forge(also is null ? forged : also(forged));
    }

    internal async Task<ChunkTable> ReadTableAsync(int index)
    {
        using var zstd = new ZstdTransform(3);
        return await (await ImageReader.OpenAsync(Medium.Open(), ImageId, default)).ReadTableAsync(0, index, zstd, default);
    }

    private void Put(StorePath path, byte[] bytes) => Medium.Damage(path, _ => bytes);

    private static Manifest ManifestOf(ImageId id, StoredFile layout, StoredFile sums, DiskImageWriter disk) => new()
    {
        Format = Manifest.FormatName,
        Version = Manifest.CurrentVersion,
        Id = id.Text,
        Kind = ImageKind.Full,
        Created = id.Time,
        Finished = id.Time.AddSeconds(90),
        ClockTrusted = true,
        Pc = new PcRecord { Name = id.Pc, Firmware = "uefi", Product = "Acme “Box” 1", Uuid = "4c4c4544-0000-2010-8020-80c04f303030" },
        Pad = Pad,
        Level = 3,
        DurabilityConfirmed = true,
        Disks =
        [
            new ManifestDisk
            {
                Path = "/dev/sda",
                Model = "Model",
                Serial = "S1",
                Size = Grid.DiskBytes,
                SectorBytes = SectorBytes,
                PhysicalSectorBytes = 4096,
                ChunkBytes = ChunkBytes,
                Counts = new KindCounts { Data = 4, Zero = 2, Unused = 2, Unreadable = 1 },
                Unreadable = [new StoredRange(5 * ChunkBytes + 512, 512)],
                Notes = ["Partition 1: a note."],
                Layout = layout,
                Sums = sums,
                Tables = disk.Tables,
                Segments = disk.Segments,
            },
        ],
        Notes = ["A note."],
        Program = "bootconsole 0.1.0",
        DurationSeconds = 90.25,
        ReadBytes = 5 * ChunkBytes,
        StoredBytes = disk.Segments.Sum(segment => segment.Length),
    };
}
