// Small files of a store: read whole with a limit, published whole without overwriting.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.Images;

/// <summary>Whole-file operations on a store.</summary>
internal static class StoreBytes
{
    /// <summary>Reads a file whole.</summary>
    /// <exception cref="StoreFault">It is missing.</exception>
    /// <exception cref="CorruptFault">It is longer than <paramref name="limit"/> or ends early.</exception>
    internal static async Task<byte[]> ReadAsync(IReadStore store, StorePath path, int limit, CancellationToken cancel)
    {
        await using var file = await store.OpenReadAsync(path, cancel);
        if (file.Length > limit) throw new CorruptFault("the file is too long to be what its name says") { Which = path.Text, Expected = $"at most {limit} bytes", Found = $"{file.Length} bytes" };
        var bytes = new byte[file.Length];
        var count = await file.ReadAsync(0, bytes, cancel);
        return count == bytes.Length ? bytes : throw new CorruptFault("the file ends early") { Which = path.Text, Expected = $"{bytes.Length} bytes", Found = $"{count} bytes" };
    }

    /// <summary>Reads a file whole.</summary>
    /// <returns>Null when it is missing.</returns>
    /// <exception cref="CorruptFault">It is longer than <paramref name="limit"/> or ends early.</exception>
    internal static async Task<byte[]?> TryReadAsync(IReadStore store, StorePath path, int limit, CancellationToken cancel)
    {
        try
        {
            return await ReadAsync(store, path, limit, cancel);
        }
        catch (StoreFault missing) when (missing.Problem == StoreProblem.Missing)
        {
            return null;
        }
    }

    /// <summary>Reads a file that a record names, and holds its length and hash against it.</summary>
    internal static async Task<byte[]> ReadCheckedAsync(IReadStore store, StorePath path, long length, string sha256, int limit, CancellationToken cancel)
    {
        var bytes = await TryReadAsync(store, path, limit, cancel) ?? throw new CorruptFault("a file of the image is missing") { Which = path.Text };
        if (bytes.Length != length) throw new CorruptFault("a file has the wrong length") { Which = path.Text, Expected = $"{length} bytes", Found = $"{bytes.Length} bytes" };
        var found = ChunkHash.Of(bytes).ToString();
        return found == sha256 ? bytes : throw new CorruptFault("a file has changed since it was written") { Which = path.Text, Expected = $"SHA-256 {sha256}", Found = found };
    }

    /// <summary>Publishes a new file: part, flush, rename without overwriting. A file of the same bytes that is there already is success.</summary>
    /// <exception cref="StoreFault"><see cref="StoreProblem.Exists"/> when the name is taken by other bytes.</exception>
    internal static async Task<StoredFile> PublishAsync(IDeleteStore store, StorePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var (part, hash) = (StoreNames.Part(path), ChunkHash.Of(bytes.Span));
        try
        {
            await using (var writer = await store.CreateAsync(part, cancel))
            {
                await writer.AppendAsync(bytes, cancel);
                await writer.FinishAsync(cancel);
            }

            await PublishPartAsync(store, part, path, bytes.Length, hash, cancel);
        }
        catch
        {
            await TryRemoveAsync(store, part);
            throw;
        }

        return new StoredFile(path.Name, bytes.Length, hash.ToString());
    }

    /// <summary>A file of one line that <c>sha256sum</c> reads: a hash or MAC, and the manifest's name.</summary>
    internal static byte[] SumLine(ChunkHash value) => System.Text.Encoding.ASCII.GetBytes($"{value}  image.json\n");

    /// <summary>Removes a file of our own after a fault or a cancel, when the store is still in reach.</summary>
    internal static async Task TryRemoveAsync(IDeleteStore store, StorePath path)
    {
        try
        {
            await store.RemoveAsync(path, CancellationToken.None);
        }
        catch (Fault)
        {
            // What happened before is what the caller must hear.
        }
    }

    /// <summary>Publishes a finished part. When the store says no, the file of that name is read: equal bytes mean that it was renamed and an answer was lost.</summary>
    internal static async Task PublishPartAsync(IDeleteStore store, StorePath part, StorePath final, long length, ChunkHash hash, CancellationToken cancel)
    {
        try
        {
            await store.PublishAsync(part, final, length, cancel);
        }
        catch (StoreFault refusal) when (refusal.Problem is StoreProblem.Exists or StoreProblem.Missing or StoreProblem.Other)
        {
            if (await HashAsync(store, final, length, cancel) != hash) throw;
            await store.RemoveAsync(part, cancel);
            await store.FlushFolderAsync(final.Folder, cancel);
        }
    }

    /// <summary>SHA-256 of a file of exactly <paramref name="length"/> bytes; null when it is missing or of another length.</summary>
    /// <param name="store">The store.</param>
    /// <param name="path">The file.</param>
    /// <param name="length">The length it must have.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <param name="moved">Told of every block that was read.</param>
    internal static async Task<ChunkHash?> HashAsync(IReadStore store, StorePath path, long length, CancellationToken cancel, Action<int>? moved = null)
    {
        if (await store.FindAsync(path, cancel) is not { IsFolder: false } entry || entry.Length != length) return null;
        await using var file = await store.OpenReadAsync(path, cancel);
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        var buffer = new byte[4 << 20];
        long position = 0;
        int count;
        while ((count = await file.ReadAsync(position, buffer, cancel)) > 0)
        {
            hash.AppendData(buffer, 0, count);
            position += count;
            moved?.Invoke(count);
        }

        return position == length ? new ChunkHash(hash.GetHashAndReset()) : null;
    }
}
