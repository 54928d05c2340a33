// doctor --rebuild: writes again what can be made from the catalogue, the keys and the stores. Images and keys are never touched.
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Accounts;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Certificates;
using BootConsole.Server.Images;
using BootConsole.Server.Stores;

namespace BootConsole.Server.Setup;

/// <summary>Brings a server back in line with its catalogue, after a restored copy, an update of the program, or a hand that slipped.</summary>
internal sealed class ServerRepair(Services services, ServerTree tree, ServerFacts facts, string program)
{
    /// <summary>Does it. Each step leaves what is right already.</summary>
    /// <returns>The stores whose images could not be looked at.</returns>
    internal async Task<IReadOnlyList<ScannedStore>> MakeAsync(CancellationToken cancel)
    {
        var setup = new ServerSetup(services, tree, facts, program);
        await setup.OwnAsync(cancel);
        // While a former authority is trusted, PCs that know it alone must still know the server: its certificate stays as it is.
        if (AuthorityLines.Read(tree.HostAuthorities).Count == 1) await setup.SignHostKeysAsync(cancel);
        setup.WriteConfigurations();
        using var catalogue = tree.OpenCatalogue(services);
        await new RevocationList(tree, services.Programs).WriteAsync(catalogue, cancel);
        var (pcs, contracts, uses) = catalogue.Read(rows => (rows.Pcs(), rows.Contracts().ToDictionary(contract => contract.Name), rows.Uses()));
        var (accounts, stores) = (new SystemAccounts(services.Programs), new StoreFolders(services.Programs, tree, facts.IsSystem));
        foreach (var pc in pcs)
        {
            if (facts.IsSystem) await accounts.AddAsync(pc.Account, tree.Store(pc.Name), cancel);
            await stores.MakeAsync(pc, contracts[pc.Contract], uses[pc.Name], services.Clock.GetUtcNow(), cancel);
            LinuxNames.SetMode(Path.Combine(tree.Store(pc.Name), StoreNames.Contract.Text), WholeFile.ReadableByAll);
        }

        // What the catalogue remembers of images is a cache of the manifests: a restored copy knows nothing of what came after it.
        using var images = new ServerImages(tree, services);
        return [.. (await images.ScanAsync(images.Pcs, ScanDepth.Everything, cancel)).Where(store => store.Trouble.Length > 0)];
    }
}
