// A finished image, opened for reading: its manifest first, then each table and segment held against it.
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>A finished image. Nothing it gives out has not been checked: hashes and lengths against the manifest, names and positions against the format.</summary>
public sealed class ImageReader
{
    private readonly IReadStore _store;
    private readonly NamedSegments _segments;
    private readonly byte[] _bytes;
    private KeySet? _keys;

    private ImageReader(IReadStore store, ImageId id, Manifest manifest, byte[] bytes)
    {
        (_store, Id, Manifest, _bytes) = (store, id, manifest, bytes);
        _segments = new NamedSegments(id, manifest);
    }

    /// <summary>The image's id.</summary>
    public ImageId Id { get; }

    /// <summary>Its manifest, checked.</summary>
    public Manifest Manifest { get; }

    /// <summary>SHA-256 of the manifest's bytes: it says which image this is, whatever its name.</summary>
    public ChunkHash ManifestHash => ChunkHash.Of(_bytes);

    /// <summary>The key id of an encrypted image; null for others.</summary>
    public ChunkHash? KeyId => Manifest.KeyId is { } text && ChunkHash.TryParse(text, out var id) ? id : null;

    /// <summary>True once <see cref="UnlockAsync"/> found the MAC of the manifest right, by a key set whose maker is known.</summary>
    public bool IsAuthentic { get; private set; }

    /// <summary>Opens an image. An encrypted one shows its manifest; its content needs <see cref="UnlockAsync"/>.</summary>
    /// <exception cref="RefusedFault">It is unfinished or deleted.</exception>
    /// <exception cref="CorruptFault">The manifest is damaged or of another version.</exception>
    public static async Task<ImageReader> OpenAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        var bytes = await StoreBytes.TryReadAsync(store, StoreNames.Manifest(id), ImageJson.MaxManifestBytes, cancel) ?? throw await WhyNotAsync(store, id, cancel);
        await CheckSumAsync(store, id, bytes, cancel);
        return new ImageReader(store, id, ImageJson.ReadManifest(bytes, id), bytes);
    }

    /// <summary>Gives the keys of an encrypted image, and checks the MAC of its manifest with them. Does nothing for one that is not encrypted.</summary>
    /// <param name="keys">Its key set; stays the caller's, and is not disposed before the reader's last use.</param>
    /// <param name="needsMac">False lets an image through whose MAC is missing or wrong: <see cref="IsAuthentic"/> then stays false.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="KeyFault">They are the keys of another set.</exception>
    /// <exception cref="CorruptFault">The MAC is missing or wrong: the manifest was altered, or forged.</exception>
    public async Task UnlockAsync(KeySet keys, bool needsMac, CancellationToken cancel)
    {
        if (KeyId is not { } id) return;
        if (keys.Id != id) throw new KeyFault("the keys are not those of the image") { Which = Id.Text, Expected = $"key set {id}", Found = $"key set {keys.Id}" };
        var path = StoreNames.ManifestMac(Id);
        var found = await StoreBytes.TryReadAsync(_store, path, 1024, cancel);
        var isRight = found is not null && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(found, StoreBytes.SumLine(keys.MacOf(_bytes)));
        if (!isRight && needsMac)
        {
            throw new CorruptFault(found is null ? "the MAC of the manifest is missing" : "the MAC of the manifest is wrong")
            {
                Which = path.Text,
                Remedy = "The manifest was altered or forged since it was written; do not trust this image. Take another one.",
            };
        }

        _keys = keys;
        IsAuthentic = isRight && keys.IsTrusted;
    }

    /// <summary>Reads one table of a disk, checked in every respect that does not need the segment's bytes.</summary>
    /// <param name="disk">Disk number.</param>
    /// <param name="index">Position in the manifest's list of tables.</param>
    /// <param name="transform">Decompresses it; stays the caller's.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public async Task<ChunkTable> ReadTableAsync(int disk, int index, IChunkTransform transform, CancellationToken cancel)
    {
        var entry = Manifest.Disks[disk].Tables[index];
        var path = StoreNames.Tables(Id, disk) / entry.Name;
        var stored = await StoreBytes.ReadCheckedAsync(_store, path, entry.Length, entry.Sha256, TableFormat.MaxStoredBytes, cancel);
        var table = TableFile.Open(stored, Seal, transform, path.Text);
        TableRules.Check(table, Manifest, disk, entry, _segments, path.Text);
        return table;
    }

    /// <summary>Where the layout of a disk is.</summary>
    public StorePath LayoutPath(int disk) => StoreNames.Layout(Id, disk, KeyId is not null);

    /// <summary>Reads the layout of a disk.</summary>
    public async Task<LayoutRecord> ReadLayoutAsync(int disk, CancellationToken cancel)
    {
        var file = Manifest.Disks[disk].Layout;
        var path = LayoutPath(disk);
        return ImageJson.ReadLayout(Seal.OpenLayout(await StoreBytes.ReadCheckedAsync(_store, path, file.Length, file.Sha256, ImageJson.MaxLayoutBytes, cancel), path.Text), path.Text);
    }

    /// <summary>Looks whether the image is still there and still the one that was opened. Asked once a lease is up, for a deletion may have come first.</summary>
    /// <exception cref="RefusedFault">It was deleted since.</exception>
    /// <exception cref="CorruptFault">The manifest is another one now.</exception>
    public async Task CheckPresenceAsync(CancellationToken cancel)
    {
        var now = await OpenAsync(_store, Id, cancel);
        if (!ImageJson.Write(now.Manifest).AsSpan().SequenceEqual(ImageJson.Write(Manifest))) throw new CorruptFault("the manifest has changed since it was opened") { Which = StoreNames.Manifest(Id).Text };
    }

    /// <summary>Looks whether every segment that the tables of a disk may point into is there and has its length. Reads no content: one listing a folder.</summary>
    /// <exception cref="CorruptFault">One is missing or has another length; it is named.</exception>
    public async Task CheckSegmentsAsync(int disk, CancellationToken cancel)
    {
        var wanted = Manifest.Disks[disk].Segments.Select(segment => (Folder: StoreNames.Disk(Id, disk), segment.Name, segment.Length))
            .Concat(Manifest.Foreign.Select(foreign => (Folder: ImageId.TryParse(foreign.Image, out var image) ? StoreNames.Disk(image, foreign.Disk) : default, foreign.Name, foreign.Length)));
        foreach (var folder in wanted.GroupBy(segment => segment.Folder))
        {
            var found = await ListLengthsAsync(folder.Key, cancel);
            foreach (var (_, name, length) in folder)
            {
                var path = folder.Key / name;
                if (!found.TryGetValue(name, out var stored)) throw new CorruptFault("a segment is missing") { Which = path.Text };
                if (stored != length) throw new CorruptFault("a segment has the wrong length") { Which = path.Text, Expected = $"{length} bytes", Found = $"{stored} bytes" };
            }
        }
    }

    /// <summary>Reads SHA256SUMS of a disk and holds it against the segments: it is what people read the image with when BootConsole is not at hand.</summary>
    /// <exception cref="CorruptFault">It is missing, damaged, or names something else.</exception>
    public async Task CheckSumsAsync(int disk, CancellationToken cancel)
    {
        if (Manifest.Disks[disk].Sums is not { } file) return;
        var path = StoreNames.Sums(Id, disk);
        var found = await StoreBytes.ReadCheckedAsync(_store, path, file.Length, file.Sha256, ImageJson.MaxManifestBytes, cancel);
        if (!found.AsSpan().SequenceEqual(SumsFile.Of(Manifest.Disks[disk].Segments))) throw new CorruptFault("the list of segments is not that of the manifest") { Which = path.Text };
    }

    /// <summary>Opens a segment and checks its length.</summary>
    /// <exception cref="CorruptFault">It is missing or has another length.</exception>
    public async Task<SegmentReader> OpenSegmentAsync(SegmentReference segment, CancellationToken cancel)
    {
        RequireKeys();
        var path = StoreNames.Segment(segment.Image, segment.Disk, segment.Name);
        IStoreReader reader;
        try
        {
            reader = await _store.OpenReadAsync(path, cancel);
        }
        catch (StoreFault missing) when (missing.Problem == StoreProblem.Missing)
        {
            throw new CorruptFault("a segment is missing", missing) { Which = path.Text };
        }

        try
        {
            return reader.Length == segment.Length
                ? await SegmentReader.OpenAsync(reader, _keys, path.Text, cancel)
                : throw new CorruptFault("a segment has the wrong length") { Which = path.Text, Expected = $"{segment.Length} bytes", Found = $"{reader.Length} bytes" };
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every file of the image with its length and hash, foreign segments included: what a check without keys reads.</summary>
    public IEnumerable<(StorePath Path, long Length, string Sha256)> AllFiles()
    {
        for (var disk = 0; disk < Manifest.Disks.Count; disk++)
        {
            var record = Manifest.Disks[disk];
            yield return (LayoutPath(disk), record.Layout.Length, record.Layout.Sha256);
            if (record.Sums is { } sums) yield return (StoreNames.Sums(Id, disk), sums.Length, sums.Sha256);
            foreach (var table in record.Tables) yield return (StoreNames.Tables(Id, disk) / table.Name, table.Length, table.Sha256);
            foreach (var segment in record.Segments) yield return (StoreNames.Disk(Id, disk) / segment.Name, segment.Length, segment.Sha256);
        }

        foreach (var foreign in Manifest.Foreign)
            if (ImageId.TryParse(foreign.Image, out var image))
                yield return (StoreNames.Disk(image, foreign.Disk) / foreign.Name, foreign.Length, foreign.Sha256);
    }

    /// <summary>Holds one stored file against its recorded length and hash.</summary>
    /// <exception cref="CorruptFault">It is missing or differs.</exception>
    /// <param name="path">The file.</param>
    /// <param name="length">Its recorded length.</param>
    /// <param name="sha256">Its recorded hash.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <param name="moved">Told of every block that was read, in bytes.</param>
    public async Task CheckFileAsync(StorePath path, long length, string sha256, CancellationToken cancel, Action<int>? moved = null)
    {
        if (await _store.FindAsync(path, cancel) is not { IsFolder: false } entry) throw new CorruptFault("a file of the image is missing") { Which = path.Text };
        if (entry.Length != length) throw new CorruptFault("a file has the wrong length") { Which = path.Text, Expected = $"{length} bytes", Found = $"{entry.Length} bytes" };
        var found = await StoreBytes.HashAsync(_store, path, length, cancel, moved);
        if (found?.ToString() != sha256)
            throw new CorruptFault("a file has changed since it was written") { Which = path.Text, Expected = $"SHA-256 {sha256}", Found = found?.ToString() ?? "another length", StoreFile = path.Text };
    }

    private ImageSeal Seal
    {
        get
        {
            RequireKeys();
            return new ImageSeal(_keys);
        }
    }

    private void RequireKeys()
    {
        if (KeyId is { } id && _keys is null) throw new KeyFault("the image is encrypted and no password or key was given") { Which = Id.Text, Expected = $"key set {id}" };
    }

    private async Task<Dictionary<string, long>> ListLengthsAsync(StorePath folder, CancellationToken cancel)
    {
        try
        {
            return (await _store.ListAsync(folder, cancel)).Where(entry => !entry.IsFolder).ToDictionary(entry => entry.Name, entry => entry.Length, StringComparer.Ordinal);
        }
        catch (StoreFault missing) when (missing.Problem == StoreProblem.Missing)
        {
            return [];
        }
    }

    private static async Task CheckSumAsync(IReadStore store, ImageId id, byte[] manifest, CancellationToken cancel)
    {
        var path = StoreNames.ManifestSum(id);
        var sum = await StoreBytes.TryReadAsync(store, path, 1024, cancel) ?? throw new CorruptFault("the checksum of the manifest is missing") { Which = path.Text };
        if (!sum.AsSpan().SequenceEqual(StoreBytes.SumLine(ChunkHash.Of(manifest)))) throw new CorruptFault("the manifest or its checksum has changed since it was written") { Which = StoreNames.Manifest(id).Text };
    }

    private static async Task<Fault> WhyNotAsync(IReadStore store, ImageId id, CancellationToken cancel)
    {
        if (await store.FindAsync(StoreNames.Deleted(id), cancel) is not null) return new RefusedFault("the image was deleted") { Which = id.Text };
        if (await store.FindAsync(StoreNames.State(id), cancel) is not null)
            return new RefusedFault("the image is unfinished") { Which = id.Text, Remedy = "Take a finished one; 'bootconsole images' shows the states." };
        if (await store.FindAsync(StoreNames.ManifestSum(id), cancel) is not null) return new CorruptFault("the manifest is missing") { Which = StoreNames.Manifest(id).Text };
        return new RefusedFault("there is no such image in the store") { Which = id.Text, Remedy = "'bootconsole images' lists what is there." };
    }
}
