// Copies an image with everything that it needs into another folder of the form of a store: for publishing, and for export.
using System.Security.Cryptography;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Catalogue;
using BootConsole.Stores;

namespace BootConsole.Server.Images;

/// <summary>How files come to lie in their new place.</summary>
internal enum CopyManner
{
    /// <summary>As copies of their own.</summary>
    Copies,

    /// <summary>Sealed files of the same file system as further names; all others as copies. A file that is not sealed is never linked: its PC could change it behind the reader's back.</summary>
    Links,
}

/// <summary>What was copied.</summary>
/// <param name="CopiedBytes">Bytes that take space anew.</param>
/// <param name="LinkedBytes">Bytes that do not.</param>
internal sealed record CopiedImage(long CopiedBytes, long LinkedBytes);

/// <summary>Copies an image; <c>image.json</c> comes last, so one that was cut off is not seen, and goes on the next time.</summary>
internal sealed class ImageCopy(ServerImages server, CopyManner manner)
{
    private const int BufferBytes = 1 << 20, NamesPerFolder = 400_000;
    private long _copied, _linked;

    /// <summary>Copies an image. Every file is held against its SHA-256 on the way.</summary>
    /// <param name="image">The image, finished.</param>
    /// <param name="target">The new store's folder; it is there.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="CorruptFault">A file is not what the manifest says.</exception>
    internal async Task<CopiedImage> RunAsync(StoredImage image, string target, CancellationToken cancel)
    {
        var id = ImageId.TryParse(image.Name, out var parsed) ? parsed : throw new RefusedFault("its name is no image's") { Which = image.Name };
        await using var store = server.OpenForReading(image.Pc);
        var reader = await ImageReader.OpenAsync(store, id, cancel);
        if (reader.ManifestHash.ToString() != image.Manifest) throw new RefusedFault("the image is being changed") { Which = image.Name, Remedy = "Try again." };
        using LinuxFolder source = LinuxFolder.Open(server.Tree.Store(image.Pc)), top = LinuxFolder.Open(target);
        foreach (var (path, length, sha256) in reader.AllFiles()) Put(source, top, path, path, length, sha256, cancel);
        foreach (var foreign in reader.Manifest.Foreign.Select(foreign => foreign.Image).Distinct())
            if (ImageId.TryParse(foreign, out var other) && other != id) MarkForeign(source, top, other);
        if (reader.KeyId is { } key)
            foreach (var wrap in await KeyWraps.ListAsync(store, key, cancel)) PutSmall(source, top, StoreNames.KeySet(key) / wrap.Name, StoreNames.KeySet(key) / wrap.Name);
        PutSmall(source, top, StoreNames.ManifestSum(id), StoreNames.ManifestSum(id));
        if (reader.KeyId is not null) PutSmall(source, top, StoreNames.ManifestMac(id), StoreNames.ManifestMac(id));
        PutSmall(source, top, StoreNames.Manifest(id), StoreNames.Manifest(id), image.Manifest);
        // It may have been there for others' sake alone before.
        using var folder = Walk(top, StoreNames.Image(id), isMade: false);
        folder.Remove(StoreNames.Deleted(id).Name, EntryKind.File);
        Protect(top);
        return new CopiedImage(_copied, _linked);
    }

    // A folder that is there for others' sake looks like one of a deleted image: readers pass it over, and removal clears it when nobody needs it any more.
    private void MarkForeign(LinuxFolder source, LinuxFolder top, ImageId id)
    {
        using (var folder = Walk(top, StoreNames.Image(id), isMade: true))
            if (folder.Find(StoreNames.Manifest(id).Name) is not null || folder.Find(StoreNames.Deleted(id).Name) is not null) return;
        using var from = Walk(source, StoreNames.Image(id), isMade: false);
        PutSmall(source, top, from.Find(StoreNames.Manifest(id).Name) is { Kind: EntryKind.File } ? StoreNames.Manifest(id) : StoreNames.Deleted(id), StoreNames.Deleted(id));
    }

    private void PutSmall(LinuxFolder source, LinuxFolder top, StorePath path, StorePath to, string? sha256 = null)
    {
        using var folder = Walk(source, path.Folder, isMade: false);
        using var file = folder.OpenFile(path.Name, OpenFor.Reading);
        if (file.Length > ImageJson.MaxManifestBytes) throw new CorruptFault("the file is too long to be what its name says") { Which = path.Text };
        Put(source, top, path, to, file.Length, sha256, CancellationToken.None);
    }

    private void Put(LinuxFolder source, LinuxFolder top, StorePath path, StorePath to, long length, string? sha256, CancellationToken cancel)
    {
        using LinuxFolder from = Walk(source, path.Folder, isMade: false), into = Walk(top, to.Folder, isMade: true);
        using var file = from.OpenFile(path.Name, OpenFor.Reading);
        if (file.Length != length) throw new CorruptFault("a file has the wrong length") { Which = path.Text };
        if (into.Find(to.Name) is { Kind: EntryKind.File })
        {
            using var there = into.OpenFile(to.Name, OpenFor.Reading);
            if (Hash(there, null, cancel) == Hash(file, null, cancel)) return;
            throw new RefusedFault("another file has that name in the new place") { Which = $"{into.Path}/{to.Name}", Remedy = "Unpublish what is there first, or take another name or folder." };
        }

        var part = StoreNames.Part(to).Name;
        // An immutable file takes no further name, and gives none up: the flag is off for this moment; owner and mode are not.
        var isSealed = manner == CopyManner.Links && IsSealed(from, path.Name);
        if (isSealed) FileSeal.TrySetImmutable(file, isOn: false);
        try
        {
            var found = isSealed && from.TryLink(path.Name, into, part) ? Linked(file, cancel) : Copy(file, into, part, cancel);
            if (sha256 is not null && found != sha256) throw new CorruptFault("a file has changed since it was written") { Which = path.Text, Expected = $"SHA-256 {sha256}", Found = found };
            into.RenameWithoutReplacing(part, to.Name);
        }
        catch
        {
            RemovePart(into, part);
            throw;
        }
        finally
        {
            if (isSealed) FileSeal.TrySetImmutable(file, isOn: true);
        }

        into.Flush();
    }

    // Root's, and writable for nobody; so is its folder, or its name could be another file's by now.
    private static bool IsSealed(LinuxFolder folder, string name) =>
        folder.Find(".") is { Owner: 0 } above && (above.Mode & 0x92) == 0 && folder.Find(name) is { Owner: 0, Kind: EntryKind.File } entry && (entry.Mode & 0x92) == 0;

    private string Linked(LinuxFile file, CancellationToken cancel)
    {
        _linked += file.Length;
        return Hash(file, null, cancel);
    }

    private string Copy(LinuxFile file, LinuxFolder into, string part, CancellationToken cancel)
    {
        using var copy = into.OpenFile(part, OpenFor.Writing | OpenFor.CreateNew);
        var hash = Hash(file, copy, cancel);
        copy.Flush();
        if (manner == CopyManner.Links && Environment.IsPrivilegedProcess) FileSeal.Close(copy);
        _copied += file.Length;
        return hash;
    }

    private static string Hash(LinuxFile file, LinuxFile? copy, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        int count;
        for (long position = 0; (count = file.ReadAt(position, buffer)) > 0; position += count)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
            copy?.WriteAt(position, buffer.AsSpan(0, count));
        }

        return new ChunkHash(hash.GetHashAndReset()).ToString();
    }

    // Readable for the PC whoever's umask made the folders, and changed by root alone.
    private void Protect(LinuxFolder folder, int depth = 4)
    {
        if (manner != CopyManner.Links || !Environment.IsPrivilegedProcess) return;
        FileSeal.Close(folder);
        foreach (var entry in depth > 0 ? folder.List(NamesPerFolder).Where(entry => entry.Kind == EntryKind.Folder) : [])
        {
            using var below = folder.OpenFolder(entry.Name);
            Protect(below, depth - 1);
        }
    }

    private static LinuxFolder Walk(LinuxFolder top, StorePath path, bool isMade)
    {
        var folder = top.OpenFolder(".");
        foreach (var name in path.Text.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using var above = folder;
            if (isMade && above.Find(name) is null) above.MakeFolder(name);
            folder = above.OpenFolder(name);
        }

        return folder;
    }

    private static void RemovePart(LinuxFolder folder, string part)
    {
        try
        {
            folder.Remove(part, EntryKind.File);
        }
        catch (SystemCallException)
        {
            // What failed before is what the caller must hear; nobody reads a part.
        }
    }
}
