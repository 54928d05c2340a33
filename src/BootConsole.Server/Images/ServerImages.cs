// The images of all stores, as the commands see them: looked through, found by what a person says, opened.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Jobs;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Stores;
using BootConsole.Stores;
using BootConsole.Stores.Directories;

namespace BootConsole.Server.Images;

/// <summary>An open server, for work on images.</summary>
internal sealed class ServerImages : IDisposable
{
    private readonly Services _services;
    private readonly StoreTerms _terms;

    internal ServerImages(ServerTree tree, Services services)
    {
        (Tree, _services, Catalogue) = (tree, services, tree.OpenCatalogue(services));
        _terms = new StoreTerms(services.Programs, tree, tree.ReadFacts().IsSystem);
        (Pcs, Contracts) = Catalogue.Read(session => (session.Pcs(), session.Contracts().ToDictionary(contract => contract.Name)));
    }

    /// <summary>The server's folder.</summary>
    internal ServerTree Tree { get; }

    /// <summary>Its catalogue.</summary>
    internal CatalogueFile Catalogue { get; }

    /// <summary>All PCs, by name.</summary>
    internal IReadOnlyList<Pc> Pcs { get; }

    /// <summary>All contracts, by name.</summary>
    internal IReadOnlyDictionary<string, Contract> Contracts { get; }

    /// <summary>The server's time.</summary>
    internal DateTimeOffset Now => _services.Clock.GetUtcNow();

    /// <summary>The processes of this machine.</summary>
    internal IProcessTable Processes { get; } = new ProcessTable();

    /// <summary>The PC of a name.</summary>
    /// <exception cref="UsageFault">There is none.</exception>
    internal Pc Pc(string name) => Pcs.FirstOrDefault(pc => string.Equals(pc.Name, name, StringComparison.OrdinalIgnoreCase)) ?? Catalogue.Read(session => session.Pc(name));

    /// <summary>The contract of a PC.</summary>
    internal Contract ContractOf(Pc pc) => Contracts[pc.Contract];

    /// <summary>What jobs need; nothing on the server ever compresses.</summary>
    internal JobContext MakeContext() => new() { MakeTransform = _ => throw new InvalidOperationException("the server has no keys and decodes nothing"), Processes = Processes, Clock = _services.Clock };

    /// <summary>Brings the catalogue up to what lies in stores.</summary>
    internal Task<IReadOnlyList<ScannedStore>> ScanAsync(IReadOnlyList<Pc> pcs, ScanDepth depth, CancellationToken cancel) =>
        new StoreScan(Tree, Catalogue, _services.Clock, (pc, use) => _terms.ApplyAsync(pc, ContractOf(pc), use, Now, cancel)).RunAsync(pcs, depth, cancel);

    /// <summary>Holds a PC to its space after files of its store became root's.</summary>
    internal Task HoldAsync(Pc pc, CancellationToken cancel) => _terms.HoldAsync(pc, ContractOf(pc), cancel);

    /// <summary>A PC's store, to be read: what it gives out cannot write, so no file of root's comes to lie in it.</summary>
    internal IReadStore OpenForReading(string pc) => new FolderView(DirectoryStore.Open(Tree.Store(pc), StoreAccess.Read), StorePath.Top);

    /// <summary>A PC's store, to remove from it.</summary>
    internal DirectoryStore OpenForDeleting(string pc) => DirectoryStore.Open(Tree.Store(pc), StoreAccess.Write);

    /// <summary>Finds the images that a person means: an id, the beginning of one, the name in it, each also as <c>PC/…</c>.</summary>
    /// <exception cref="RefusedFault">None or several fit.</exception>
    internal IReadOnlyList<StoredImage> Find(IReadOnlyList<string> texts)
    {
        var all = Catalogue.Read(session => session.StoredImages()).Where(image => image.State != "deleted").ToList();
        return [.. texts.Select(text => Only(text, all)).Distinct()];
    }

    public void Dispose() => Catalogue.Dispose();

    private static StoredImage Only(string text, List<StoredImage> all)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (pc, name) = slash < 0 ? (null, text) : (text[..slash], text[(slash + 1)..]);
        var own = all.Where(image => pc is null || image.Pc == pc).ToList();
        var exact = own.Where(image => image.Name == name).ToList();
        var fitting = exact.Count > 0 || name.Length == 0 ? exact : own.Where(image => image.Name.StartsWith(name, StringComparison.Ordinal) || image.Name.EndsWith("_" + name, StringComparison.Ordinal)).ToList();
        return fitting switch
        {
            [var one] => one,
            [] => throw new RefusedFault("there is no such image on the server") { Which = PlainText.Of(text), Remedy = "'bootserver images list --all' lists what is there." },
            _ => throw new RefusedFault("several images fit") { Which = PlainText.Of(text), Found = string.Join(", ", fitting.Take(5).Select(image => $"{image.Pc}/{image.Name}")), Expected = "one image", Remedy = "Name it with its PC: PC/IMAGE." },
        };
    }
}
