// A store, and images of any kind made in it by the real writers: begun, cut, gone on with, finished and read again.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;
using BootConsole.TestKit;
using BootConsole.TestKit.Memory;

namespace BootConsole.Images.Tests;

/// <summary>What a backup does with the writers, without disks, threads and plans. Each job is a process of its own; the one before it has died.</summary>
internal sealed class WriterRoom
{
    internal const int Chunks = 10;

    internal static readonly ChunkGrid Grid = new((Chunks - 1L) * SampleImage.ChunkBytes + SampleImage.LastBytes, SampleImage.ChunkBytes);

    // Compressing is most of the time of a sweep, and its content is always the same few chunks.
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<ChunkHash, byte[]> Frames = new();

    private int _jobs;

    internal WriterRoom(MemoryMedium? medium = null)
    {
        Medium = medium ?? new MemoryMedium { Clock = new FakeClock() };
        Store = Medium.Open();
    }

    internal MemoryMedium Medium { get; }

    internal IDeleteStore Store { get; set; }

    internal FakeClock Clock { get; } = new();

    internal FakeProcesses Processes { get; private set; } = new();

    internal KeySet? Keys { get; set; }

    /// <summary>Chunks of a segment, about.</summary>
    internal int SegmentChunks { get; set; } = 3;

    /// <summary>A disk whose chunks have the content of these numbers; 0 is a chunk of zeros.</summary>
    internal static byte[] Disk(params int[] content)
    {
        var disk = new byte[Grid.DiskBytes];
        for (var chunk = 0; chunk < Chunks; chunk++) ContentOf(content.Length == 0 ? chunk + 1 : content[chunk % content.Length], disk.AsSpan((int)Grid.Range(chunk).Start, (int)Grid.Range(chunk).Length));
        return disk;
    }

    /// <summary>The disk with other content in some chunks.</summary>
    internal static byte[] Change(byte[] disk, params (int Chunk, int Content)[] changes)
    {
        var changed = disk.ToArray();
        foreach (var (chunk, content) in changes) ContentOf(content, changed.AsSpan((int)Grid.Range(chunk).Start, (int)Grid.Range(chunk).Length));
        return changed;
    }

    internal static ChunkHash HashOf(byte[] disk, long chunk) => ChunkHash.Of(Bytes(disk, chunk));

    internal static ReadOnlySpan<byte> Bytes(byte[] disk, long chunk) => disk.AsSpan((int)Grid.Range(chunk).Start, (int)Grid.Range(chunk).Length);

    internal static byte[] FrameOf(byte[] disk, long chunk) => Frames.GetOrAdd(HashOf(disk, chunk), _ =>
    {
        using var zstd = new ZstdTransform(3);
        var stored = new byte[zstd.MaxApplied(SampleImage.ChunkBytes)];
        return stored[..zstd.Apply(Bytes(disk, chunk), stored)];
    });

    internal static ImageId IdOf(int day, string pc = "office-pc", string name = "daily") => ImageId.Create(SampleImage.Id.Time.AddDays(day), pc, name);

    /// <summary>The parameters of an image.</summary>
    internal ImageDraft Draft(ImageId id, ImageKind kind = ImageKind.Full, ImageReader? parent = null, string serial = "S1", int disks = 1) => new()
    {
        Id = id,
        Kind = kind,
        Parent = parent?.Id,
        RefersTo = parent is null ? [] : [parent.Id.Text, .. parent.Manifest.Foreign.Select(foreign => foreign.Image).Distinct()],
        Pad = 0,
        Keys = Keys,
        Disks = [.. Enumerable.Range(0, disks).Select(disk => new StateDisk($"/dev/sd{(char)('a' + disk)}", "Model", disk == 0 ? serial : $"{serial}-{disk}", "", Grid.DiskBytes, 512, Grid.ChunkBytes))],
    };

    /// <summary>Lets the process that ran until now die, as a power cut of the PC would.</summary>
    internal void Die()
    {
        var (gone, before) = (Processes.Self, Processes.Gone);
        Processes = new FakeProcesses { Self = gone with { ProcessId = gone.ProcessId + ++_jobs }, Gone = { gone } };
        Processes.Gone.UnionWith(before);
        Store = Medium.Open();
    }

    internal Task<ImageWriter> BeginAsync(ImageDraft draft) => ImageWriter.BeginAsync(Store, draft, Processes.Self, Clock, default);

    internal async Task<ImageWriter> ResumeAsync(ImageDraft draft) =>
        await ImageWriter.ResumeAsync(Store, draft, (await StoreSurvey.TryReadStateAsync(Store, draft.Id, default))!, Processes, Clock, _ => { }, default);

    /// <summary>Makes a whole image.</summary>
    internal async Task<ImageReader> BackUpAsync(ImageId id, byte[] disk, ImageKind kind = ImageKind.Full, ImageReader? parent = null, string serial = "S1")
    {
        await using (var image = await BeginAsync(Draft(id, kind, parent, serial))) await WriteAsync(image, disk, await LearnAsync(kind, parent));
        return await OpenAsync(id);
    }

    /// <summary>Goes on with an image, or makes it anew where nothing of it is there.</summary>
    internal async Task<ImageReader> GoOnAsync(ImageId id, byte[] disk, ImageKind kind = ImageKind.Full, ImageReader? parent = null)
    {
        var draft = Draft(id, kind, parent);
        await using (var image = await StoreSurvey.TryReadStateAsync(Store, id, default) is null ? await BeginAsync(draft) : await ResumeAsync(draft)) await WriteAsync(image, disk, await LearnAsync(kind, parent));
        return await OpenAsync(id);
    }

    /// <summary>Writes one disk and commits.</summary>
    internal async Task<Manifest> WriteAsync(ImageWriter image, params IReadOnlyList<byte[]> disks) => await WriteAsync(image, disks, image.Draft.StandsAlone ? null : new KnownChunks());

    internal Task<Manifest> WriteAsync(ImageWriter image, byte[] disk, KnownChunks? known) => WriteAsync(image, [disk], known);

    internal async Task<Manifest> WriteAsync(ImageWriter image, IReadOnlyList<byte[]> disks, KnownChunks? known)
    {
        using var zstd = new ZstdTransform(3);
        List<ManifestDisk> records = [];
        List<SegmentReference> foreign = [];
        for (var number = 0; number < disks.Count; number++)
        {
            await using var writer = await OpenDiskAsync(image, zstd, known, number);
            await DropChangedAsync(writer, disks[number]);
            foreach (var (first, end) in writer.Missing()) await AppendAsync(writer, disks[number], first, end, known);
            var sums = await writer.FinishAsync(default);
            foreign.AddRange(writer.Foreign);
            records.Add(await DescribeAsync(image, number, writer, sums));
        }

        var manifest = Describe(image, records, [.. foreign.Distinct()]);
        await image.CommitAsync(manifest, default);
        return manifest;
    }

    internal Task<DiskImageWriter> OpenDiskAsync(ImageWriter image, IChunkTransform zstd, KnownChunks? known = null, int disk = 0) =>
        image.OpenDiskAsync(disk, Grid, () => SegmentChunks * (long)FrameOf(Disk(), 0).Length, zstd, default, known);

    /// <summary>Gives up every table that says something else than the disk.</summary>
    internal static async Task DropChangedAsync(DiskImageWriter writer, byte[] disk)
    {
        foreach (var table in writer.Committed.ToList())
        {
            var rows = (await writer.ReadTableAsync(table, default)).Rows;
            if (rows.Index().Any(row => row.Item.Hash != HashOf(disk, table.First + row.Index))) await writer.DropAsync(table, default);
        }
    }

    /// <summary>Appends a range of chunks as a backup does.</summary>
    internal static async Task AppendAsync(DiskImageWriter writer, byte[] disk, long first, long end, KnownChunks? known = null)
    {
        await writer.SkipToAsync(first, default);
        for (var chunk = first; chunk < end; chunk++)
        {
            var hash = HashOf(disk, chunk);
            var kind = Bytes(disk, chunk).ContainsAnyExcept((byte)0) ? ChunkKind.Data : ChunkKind.Zero;
            if (known is not null && kind == ChunkKind.Data && known.TryFind(hash, out var same)) await writer.AppendSameAsync(hash, same, default);
            else await writer.AppendAsync(kind, hash, known is not null && kind == ChunkKind.Zero ? default : FrameOf(disk, chunk), default);
        }
    }

    /// <summary>Opens an image, unlocked.</summary>
    internal async Task<ImageReader> OpenAsync(ImageId id) => await ParentSearch.OpenAsync(Store, id, Keys, default);

    /// <summary>What a disk of an image decodes to; every hash on the way is checked.</summary>
    internal static async Task<byte[]> ReadAsync(ImageReader image, int disk = 0)
    {
        using var zstd = new ZstdTransform(3);
        var bytes = new byte[Grid.DiskBytes];
        long chunk = 0;
        for (var index = 0; index < image.Manifest.Disks[disk].Tables.Count; index++)
        {
            var table = await image.ReadTableAsync(disk, index, zstd, default);
            foreach (var row in table.Rows)
            {
                var plain = bytes.AsMemory((int)Grid.Range(chunk).Start, (int)Grid.Range(chunk).Length);
                if (row.StoredBytes > 0)
                {
                    await using var segment = await image.OpenSegmentAsync(table.SourceOf(row), default);
                    var frame = new byte[row.StoredBytes];
                    await segment.ReadAsync(row.Offset, frame, default);
                    zstd.Undo(frame, plain.Span);
                }

                Assert.Equal(row.Hash, ChunkHash.Of(plain.Span));
                chunk++;
            }
        }

        foreach (var (path, length, sha256) in image.AllFiles()) await image.CheckFileAsync(path, length, sha256, default);
        return bytes;
    }

    internal async Task<KnownChunks?> LearnAsync(ImageKind kind, ImageReader? parent)
    {
        if (kind is ImageKind.Full or ImageKind.Copy) return null;
        var known = new KnownChunks();
        using var zstd = new ZstdTransform(3);
        if (parent is not null) await ParentSearch.LearnAsync(Store, parent, known, zstd, () => { }, default);
        return known;
    }

    private static async Task<ManifestDisk> DescribeAsync(ImageWriter image, int number, DiskImageWriter writer, StoredFile? sums)
    {
        List<ChunkRow> rows = [];
        foreach (var table in writer.Committed) rows.AddRange((await writer.ReadTableAsync(table, default)).Rows);
        var state = image.Draft.Disks[number];
        return new ManifestDisk
        {
            Path = state.Path,
            Model = state.Model,
            Serial = state.Serial,
            Size = state.Size,
            SectorBytes = 512,
            PhysicalSectorBytes = 512,
            ChunkBytes = state.ChunkBytes,
            Counts = new KindCounts { Data = Count(ChunkKind.Data), Same = Count(ChunkKind.Same), Zero = Count(ChunkKind.Zero) },
            Layout = await image.PublishLayoutAsync(number, SampleImage.Layout with { Size = state.Size }, default),
            Sums = sums,
            Tables = writer.Tables,
            Segments = writer.Segments,
        };

        int Count(ChunkKind kind) => rows.Count(row => row.Kind == kind);
    }

    private static Manifest Describe(ImageWriter image, IReadOnlyList<ManifestDisk> disks, IReadOnlyList<SegmentReference> foreign) => new()
    {
        Format = Manifest.FormatName,
        Version = Manifest.CurrentVersion,
        Id = image.Id.Text,
        Kind = image.Draft.Kind,
        Parent = image.Draft.Parent?.Text,
        Created = image.Created,
        Finished = image.Created.AddSeconds(1),
        ClockTrusted = true,
        Pc = new PcRecord { Name = image.Id.Pc, Firmware = "uefi" },
        KeyId = image.Draft.Keys?.Id.ToString(),
        Pad = image.Draft.Pad,
        DurabilityConfirmed = true,
        Disks = disks,
        Foreign = [.. foreign.Select(source => new ForeignSegment(source.Image.Text, source.Disk, source.Name.SegmentFile, source.Length, source.Hash.ToString()))],
        Program = "tests",
        DurationSeconds = 1,
        ReadBytes = 1,
        StoredBytes = 1,
    };

    // 512 random bytes again and again: a short frame whose length is much the same for all.
    private static void ContentOf(int number, Span<byte> chunk)
    {
        chunk.Clear();
        if (number == 0) return;
        var block = RandomBytes.Of(number, 512);
        for (var at = 0; at < chunk.Length; at += block.Length) block.CopyTo(chunk[at..]);
    }
}
