// The folders of images in one store: sealed, and the seal lifted again for a deletion.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Images;

namespace BootConsole.Server.Sealing;

/// <summary>Seals folders of a store. A PC may write there all the while: each folder becomes root's before it is listed, so that its names stay what they are.</summary>
internal sealed class SealedFolders : IDisposable
{
    private const int NamesPerFolder = 400_000;
    // image / disk-0 / tables
    private const int Depth = 3;
    private readonly LinuxFolder _images;

    /// <summary>Opens the images of a store.</summary>
    /// <param name="store">The store's folder.</param>
    /// <exception cref="SystemCallException">It has none.</exception>
    internal SealedFolders(string store)
    {
        using var top = LinuxFolder.Open(store);
        _images = top.OpenFolder(StoreNames.Images.Name);
    }

    /// <summary>Gives all of an image to root, to be read by all and written by nobody.</summary>
    /// <returns>False when another folder has taken its name meanwhile, or it is gone.</returns>
    internal bool Fasten(ImageId id)
    {
        if (_images.Find(id.Text) is not { Kind: EntryKind.Folder }) return false;
        using (var folder = _images.OpenFolder(id.Text)) Fasten(folder, Depth);
        return IsFast(id);
    }

    /// <summary>True when the folder of an image is root's and nobody may write there.</summary>
    internal bool IsFast(ImageId id) => _images.Find(id.Text) is { Kind: EntryKind.Folder, Owner: 0 } entry && (entry.Mode & 0x92 /* 0222 */) == 0;

    /// <summary>True while the image's job may still have something to do with it: its record or its lease is there.</summary>
    internal bool IsInUse(ImageId id, string store)
    {
        using (var folder = _images.OpenFolder(id.Text))
            if (folder.Find(StoreNames.State(id).Name) is not null) return true;
        using var top = LinuxFolder.Open(store);
        if (top.Find(StoreNames.Leases.Name) is not { Kind: EntryKind.Folder }) return false;
        using var leases = top.OpenFolder(StoreNames.Leases.Name);
        return leases.List(NamesPerFolder).Any(entry => entry.Name.StartsWith(id.Text + ".", StringComparison.Ordinal));
    }

    /// <summary>Lifts the immutable flags of an image, so that root can remove it. Its owner stays root.</summary>
    internal void Lift(ImageId id)
    {
        if (_images.Find(id.Text) is not { Kind: EntryKind.Folder }) return;
        using var folder = _images.OpenFolder(id.Text);
        Lift(folder, Depth);
    }

    public void Dispose() => _images.Dispose();

    private static void Fasten(LinuxFolder folder, int depth)
    {
        FileSeal.Close(folder);
        foreach (var entry in folder.List(NamesPerFolder))
        {
            if (entry.Kind == EntryKind.File)
            {
                using var file = folder.OpenFile(entry.Name, OpenFor.Reading);
                FileSeal.Close(file);
                FileSeal.TrySetImmutable(file, isOn: true);
            }
            else if (entry.Kind == EntryKind.Folder && depth > 1)
            {
                using var below = folder.OpenFolder(entry.Name);
                Fasten(below, depth - 1);
            }
        }

        FileSeal.TrySetImmutable(folder, isOn: true);
    }

    private static void Lift(LinuxFolder folder, int depth)
    {
        FileSeal.TrySetImmutable(folder, isOn: false);
        foreach (var entry in folder.List(NamesPerFolder))
        {
            if (entry.Kind == EntryKind.File)
            {
                using var file = folder.OpenFile(entry.Name, OpenFor.Reading);
                FileSeal.TrySetImmutable(file, isOn: false);
            }
            else if (entry.Kind == EntryKind.Folder && depth > 1)
            {
                using var below = folder.OpenFolder(entry.Name);
                Lift(below, depth - 1);
            }
        }
    }
}
