// An incremental image made by hand: this version writes none, but must never harm one.
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images.Tests;

/// <summary>An image without segments of its own: every chunk is one that its parent has, in the segments of its parent.</summary>
internal sealed class IncrementalImage
{
    internal static readonly ImageId Id = ImageId.Create(new DateTimeOffset(2026, 11, 22, 6, 4, 0, TimeSpan.Zero), "office-pc", "daily");

    private IncrementalImage(ImageId id, Manifest manifest) => (ImageId, Manifest) = (id, manifest);

    internal ImageId ImageId { get; }

    internal Manifest Manifest { get; }

    /// <summary>Writes it beside its parent.</summary>
    /// <param name="parent">The full image.</param>
    /// <param name="id">Its id.</param>
    /// <param name="segments">How many of the parent's segments it needs; the chunks of the others are called unused.</param>
    internal static async Task<IncrementalImage> WriteAsync(SampleImage parent, ImageId id, int segments = int.MaxValue)
    {
        var store = parent.Medium.Open();
        var disk = parent.Manifest.Disks[0];
        var needed = Math.Min(segments, disk.Segments.Count);
        List<SegmentReference> sources = [];
        List<ChunkRow> rows = [];
        for (var index = 0; index < disk.Tables.Count; index++)
        {
            var table = await parent.ReadTableAsync(index);
            if (index < needed) sources.Add(table.SourceOf(default));
            foreach (var row in table.Rows)
                rows.Add(index < needed ? row with { Kind = ChunkKind.Same, Source = (ushort)(index + 1) } : new ChunkRow(ChunkKind.Unused, 0, 0, 0, row.Hash));
        }

        var written = new ChunkTable { Image = id, Disk = 0, Name = new SegmentName(0, 1), ChunkBytes = disk.ChunkBytes, SegmentLength = 0, SegmentHash = default, Sources = sources, Rows = rows };
        await store.CreateFolderAsync(StoreNames.Tables(id, 0), default);
        var layout = await StoreBytes.PublishAsync(store, StoreNames.Layout(id, 0), ImageJson.Write(SampleImage.Layout), default);
        var tableFile = await StoreBytes.PublishAsync(store, StoreNames.Table(id, 0, written.Name), Compress(TableFormat.Write(written)), default);
        var manifest = parent.Manifest with
        {
            Id = id.Text,
            Kind = ImageKind.Incremental,
            Parent = parent.ImageId.Text,
            Foreign = [.. sources.Select(source => new ForeignSegment(source.Image.Text, source.Disk, source.Name.SegmentFile, source.Length, source.Hash.ToString()))],
            Disks =
            [
                disk with
                {
                    Layout = layout,
                    Sums = null,
                    Tables = [new TableEntry(tableFile.Name, rows.Count, tableFile.Length, tableFile.Sha256)],
                    Segments = [],
                    Unreadable = [],
                    Counts = new KindCounts { Same = rows.Count(row => row.Kind == ChunkKind.Same), Unused = rows.Count(row => row.Kind == ChunkKind.Unused) },
                },
            ],
        };
        var bytes = ImageJson.Write(manifest);
        await StoreBytes.PublishAsync(store, StoreNames.ManifestSum(id), Encoding.ASCII.GetBytes($"{ChunkHash.Of(bytes)}  image.json\n"), default);
        await StoreBytes.PublishAsync(store, StoreNames.Manifest(id), bytes, default);
        return new IncrementalImage(id, manifest);
    }

    private static byte[] Compress(byte[] plain)
    {
        using var zstd = new ZstdTransform(3);
        var stored = new byte[zstd.MaxApplied(plain.Length)];
        return stored[..zstd.Apply(plain, stored)];
    }
}
