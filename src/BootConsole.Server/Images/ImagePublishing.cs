// Images of one PC that others may read: in their shared/, root's, never written by any PC (docs/format.md, "Published images").
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Sealing;
using BootConsole.Stores;
using BootConsole.Stores.Directories;

namespace BootConsole.Server.Images;

/// <summary>Publishes images and takes them back.</summary>
internal sealed class ImagePublishing(ServerImages server)
{
    /// <summary>Publishes an image for a PC.</summary>
    /// <param name="image">The image, finished.</param>
    /// <param name="pc">The PC that shall read it.</param>
    /// <param name="name">The folder in its <c>shared/</c>.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="RefusedFault">The PC has it already, in another folder.</exception>
    internal async Task<CopiedImage> PublishAsync(StoredImage image, Pc pc, string name, CancellationToken cancel)
    {
        if (!StorePath.IsPart(name)) throw new UsageFault("the name of the place is not allowed") { Found = PlainText.Of(name), Expected = "A-Z a-z 0-9 . _ -, not beginning with . or -" };
        foreach (var other in Folders(pc.Name).Where(other => other != name && File.Exists(PathOf(pc.Name, other, image))))
            throw new RefusedFault("the image is published for this PC already") { Which = $"{pc.Name}: {image.Name}", Found = $"shared/{other}", Remedy = $"Take that place ('--name {other}'), or unpublish it there first." };
        using (var store = LinuxFolder.Open(server.Tree.Store(pc.Name)))
        {
            Make(store, StoreNames.Shared.Text);
            using var shared = store.OpenFolder(StoreNames.Shared.Text);
            Make(shared, name);
        }

        var copied = await new ImageCopy(server, CopyManner.Links).RunAsync(image, Folder(pc.Name, name), cancel);
        server.Catalogue.Change("image published", $"{image.Pc}/{image.Name}", _ => { });
        return copied;
    }

    /// <summary>Takes a published image back; what other published images need stays.</summary>
    /// <param name="name">The image's id.</param>
    /// <param name="pc">The PC that could read it.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The folders of <c>shared/</c> that it was in.</returns>
    internal async Task<IReadOnlyList<string>> UnpublishAsync(ImageId name, Pc pc, CancellationToken cancel)
    {
        List<string> found = [.. Folders(pc.Name).Where(folder => File.Exists(Path.Combine(Folder(pc.Name, folder), StoreNames.Manifest(name).Text)))];
        HashSet<string> touched = [];
        foreach (var folder in found)
        {
            var path = Folder(pc.Name, folder);
            using (var seals = new SealedFolders(path))
            {
                foreach (var entry in Directory.EnumerateDirectories(Path.Combine(path, StoreNames.Images.Text)).Select(Path.GetFileName))
                {
                    if (!ImageId.TryParse(entry, out var lifted)) continue;
                    seals.Lift(lifted);
                    touched.Add(lifted.Text);
                }
            }

            await using (var store = DirectoryStore.Open(path, StoreAccess.Write)) await new ImageRemoval(store, server.Processes).DeleteAsync(name, cancel);
            server.Catalogue.Change("image unpublished", $"{pc.Name}/{name}", _ => { });
        }

        // Further names of the same files lie in stores, and have lost their flags with these.
        foreach (var image in server.Catalogue.Read(session => session.StoredImages()).Where(image => image.Sealed is not null && touched.Contains(image.Name)))
        {
            using var seals = new SealedFolders(server.Tree.Store(image.Pc));
            if (ImageId.TryParse(image.Name, out var id)) seals.Fasten(id);
        }

        return found;
    }

    private IEnumerable<string> Folders(string pc)
    {
        var shared = Path.Combine(server.Tree.Store(pc), StoreNames.Shared.Text);
        return Directory.Exists(shared) ? [.. Directory.EnumerateDirectories(shared).Select(Path.GetFileName).OfType<string>().Where(StorePath.IsPart).Order(StringComparer.Ordinal)] : [];
    }

    private string Folder(string pc, string name) => Path.Combine(server.Tree.Store(pc), StoreNames.Shared.Text, name);

    private string PathOf(string pc, string name, StoredImage image) => Path.Combine(Folder(pc, name), StoreNames.Images.Text, image.Name, "image.json");

    private static void Make(LinuxFolder above, string name)
    {
        if (above.Find(name) is null) above.MakeFolder(name);
    }
}
