// Checks of each PC's user and store.
using System.Globalization;
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Stores;
using BootConsole.Stores;

namespace BootConsole.Server.Health;

/// <summary>Checks of all PCs, few programs for many of them.</summary>
internal sealed class StoreChecks(Services services, ServerTree tree, ServerFacts facts)
{
    private const int NamesOfOneCall = 200;
    private const string Rebuild = "'bootserver doctor --rebuild' mends it.";
    private const UnixFileMode AddOnly = WholeFile.PrivateFolder | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.StickyBit;

    /// <summary>The PCs' users: there, with their stores as homes, and not locked.</summary>
    internal async Task<IReadOnlyList<Finding>> AccountsAsync(CatalogueFile catalogue, CancellationToken cancel)
    {
        var pcs = catalogue.Read(rows => rows.Pcs());
        var (users, passwords) = (await EntriesAsync("passwd", pcs, cancel), await EntriesAsync("shadow", pcs, cancel));
        List<Finding> faults = [];
        foreach (var pc in pcs)
        {
            if (!users.TryGetValue(pc.Account, out var user)) faults.Add(Finding.Fault("users", $"The user {pc.Account} of {pc.Name} is missing: it cannot come in.", Rebuild));
            else if (user[5] != tree.Store(pc.Name)) faults.Add(Finding.Fault("users", $"The home of {pc.Account} is {PlainText.Of(user[5])}: sshd would shut {pc.Name} in there.", $"usermod --home {tree.Store(pc.Name)} {pc.Account}"));
            else if (passwords.TryGetValue(pc.Account, out var password) && password[1].StartsWith('!')) faults.Add(Finding.Fault("users", $"The user {pc.Account} is locked: {pc.Name} cannot come in.", $"usermod -p '*' {pc.Account}"));
        }

        return faults.Count > 0 ? faults : [Finding.Ok("users", $"All {pcs.Count} PCs have their users.")];
    }

    /// <summary>The PCs' stores: owners, permissions, and what they are told of their contracts.</summary>
    internal async Task<IReadOnlyList<Finding>> FoldersAsync(CatalogueFile catalogue, CancellationToken cancel)
    {
        var (pcs, contracts) = catalogue.Read(rows => (rows.Pcs(), rows.Contracts().ToDictionary(contract => contract.Name)));
        var users = facts.IsSystem ? await EntriesAsync("passwd", pcs, cancel) : [];
        List<Finding> faults = [];
        foreach (var pc in pcs)
        {
            uint? user = facts.IsSystem ? users.TryGetValue(pc.Account, out var entry) ? uint.Parse(entry[2], CultureInfo.InvariantCulture) : null : FileOwnership.Self;
            if (user is not { } owner) continue;
            faults.AddRange(Parts(pc, contracts[pc.Contract], owner).Select(part => (part.Path, What: Wrong(part.Path, part.Mode, part.User))).Where(part => part.What is not null)
                .Select(part => Finding.Fault("stores", $"{part.Path} {part.What}.", Rebuild)));
        }

        return faults.Count > 0 ? faults : [Finding.Ok("stores", $"The stores of all {pcs.Count} PCs are as they should be.")];
    }

    /// <summary>The PCs' space: whether the file system holds them to it, and to what their contracts say.</summary>
    internal async Task<IReadOnlyList<Finding>> SpaceAsync(CatalogueFile catalogue, CancellationToken cancel)
    {
        var (pcs, contracts) = catalogue.Read(rows => (rows.Pcs(), rows.Contracts().ToDictionary(contract => contract.Name)));
        var limited = pcs.Count(pc => contracts[pc.Contract].SpaceBytes is not null);
        if (!facts.IsSystem) return [Finding.Ok("quota", limited == 0 ? "No contract limits space." : "Space is counted, not enforced: the PCs of a private server share one user.")];
        var terms = new StoreTerms(services.Programs, tree, facts.IsSystem);
        var standing = await terms.StandingAsync(cancel);
        if (!standing.IsEnforced) return [limited == 0 ? Finding.Ok("quota", "No contract limits space.") : Finding.Warning("quota", $"Space is counted, not enforced: {standing.WhyNot}.", standing.Remedy)];
        var inForce = await terms.LimitsAsync(cancel);
        List<Finding> faults = [];
        foreach (var pc in pcs.Where(pc => Directory.Exists(tree.Store(pc.Name))))
        {
            var (due, found) = (terms.LimitOf(pc, contracts[pc.Contract]), inForce.GetValueOrDefault(pc.Account, SpaceLimit.None));
            if (due != found) faults.Add(Finding.Fault("quota", $"The file system holds {pc.Account} to {found} instead of {due}.", Rebuild));
        }

        return faults.Count > 0 ? faults : [Finding.Ok("quota", $"The file system holds PCs to their contracts' space: {limited} of {pcs.Count} have a limit.")];
    }

    private IEnumerable<(string Path, UnixFileMode Mode, uint User)> Parts(Pc pc, Contract contract, uint owner)
    {
        var store = tree.Store(pc.Name);
        var root = facts.IsSystem ? FileOwnership.Root : owner;
        var top = facts.IsSystem ? WholeFile.OpenFolder : WholeFile.PrivateFolder;
        yield return (store, top, root);
        yield return (Path.Combine(store, StoreNames.Shared.Text), top, root);
        yield return (Path.Combine(store, StoreNames.Contract.Text), WholeFile.ReadableByAll, root);
        foreach (var part in (StorePath[])[StoreNames.Leases, StoreNames.Keys, StoreNames.Bad, StoreNames.Runs]) yield return (Path.Combine(store, part.Text), WholeFile.PrivateFolder, owner);
        var addsOnly = facts.IsSystem && !contract.AllowsDeletion;
        yield return (Path.Combine(store, StoreNames.Images.Text), addsOnly ? AddOnly : WholeFile.PrivateFolder, addsOnly ? root : owner);
    }

    private static string? Wrong(string path, UnixFileMode mode, uint user)
    {
        if (FileOwnership.Of(path) is not { } found) return "is missing";
        if (found.User != user) return $"belongs to user {found.User} instead of {user}";
        return found.Mode != mode ? $"has mode {found.Octal} instead of 0{Convert.ToString((int)mode, 8)}" : null;
    }

    private async Task<Dictionary<string, string[]>> EntriesAsync(string kind, IReadOnlyList<Pc> pcs, CancellationToken cancel)
    {
        Dictionary<string, string[]> entries = [];
        foreach (var names in pcs.Select(pc => pc.Account).Chunk(NamesOfOneCall))
        {
            // It ends with 2 when a name is missing, and prints the others.
            var result = await services.Programs.RunAsync(new ProgramCall("getent", [kind, .. names]), cancel);
            foreach (var line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)) entries[line.Split(':')[0]] = line.Split(':');
        }

        return entries;
    }
}
