// The stores of PCs as folders of the server: who owns what in them (docs/bootserver.md, "The server's folder").
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Catalogue;
using BootConsole.Stores;

namespace BootConsole.Server.Stores;

/// <summary>Makes and removes the folders of stores.</summary>
/// <param name="programs">Runs <c>install</c>, <c>rm</c> and the programs for quotas.</param>
/// <param name="tree">The server.</param>
/// <param name="isSystem">True where every PC has a user of its own; false where all are the server's owner.</param>
internal sealed class StoreFolders(IProgramRunner programs, ServerTree tree, bool isSystem)
{
    private readonly StoreTerms _terms = new(programs, tree, isSystem);

    /// <summary>Writes down what the PCs of a contract are told, holds them to its space, and lets them remove images or not, after the contract was changed.</summary>
    internal static async Task RefreshAsync(CommandSession session, CatalogueFile catalogue, string contract)
    {
        var (changed, pcs) = catalogue.Read(rows => (rows.Contract(contract), rows.Pcs().Where(pc => pc.Contract == contract).Select(pc => (Pc: pc, Use: rows.UseOf(pc.Id))).ToList()));
        var folders = new StoreFolders(session.Services.Programs, session.Tree, session.Tree.ReadFacts().IsSystem);
        foreach (var (pc, use) in pcs) await folders.MakeAsync(pc, changed, use, session.Services.Clock.GetUtcNow(), session.Cancel);
    }

    /// <summary>Makes a PC's store, or brings it in line with the PC's contract.</summary>
    /// <param name="pc">The PC; its user exists.</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="use">What it has stored.</param>
    /// <param name="now">The server's time.</param>
    /// <param name="cancel">Gives it up.</param>
    internal async Task MakeAsync(Pc pc, Contract contract, StoreUse use, DateTimeOffset now, CancellationToken cancel)
    {
        var store = tree.Store(pc.Name);
        // sshd shuts a user into a folder that root alone can write.
        await FolderAsync(store, "0755", "root", "root", cancel);
        await FolderAsync(Path.Combine(store, StoreNames.Shared.Text), "0755", "root", "root", cancel);
        foreach (var part in (StorePath[])[StoreNames.Leases, StoreNames.Keys, StoreNames.Bad, StoreNames.Runs]) await FolderAsync(Path.Combine(store, part.Text), "0700", pc.Account, pc.Account, cancel);
        // Where deletion is forbidden the folder of images is root's: with the sticky bit the PC can add to it, and remove or rename only what is its own. What is sealed is not.
        var images = Path.Combine(store, StoreNames.Images.Text);
        if (contract.AllowsDeletion) await FolderAsync(images, "0700", pc.Account, pc.Account, cancel);
        else await FolderAsync(images, "1770", "root", pc.Account, cancel);
        await _terms.ApplyAsync(pc, contract, use, now, cancel);
    }

    /// <summary>What lies in a PC's store: the names of its images' folders.</summary>
    internal IReadOnlyList<string> Images(string pc) => Path.Combine(tree.Store(pc), StoreNames.Images.Text) is var folder && Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))] : [];

    /// <summary>Removes a PC's store with all its images. The PC has no session any more.</summary>
    internal async Task RemoveAsync(string pc, CancellationToken cancel)
    {
        var store = tree.Store(pc);
        if (!Directory.Exists(store)) return;
        // Sealed files may be immutable; on file systems without that flag there is none to lift.
        await programs.RunAsync(new ProgramCall("chattr", "-R", "-f", "-i", store), cancel);
        await RunAsync("rm", cancel, "-rf", "--one-file-system", "--", store);
    }

    /// <summary>Puts a PC's store aside, under a name that no PC can have.</summary>
    /// <returns>Where it is now.</returns>
    internal async Task<string> PutAsideAsync(string pc, DateTimeOffset now, CancellationToken cancel)
    {
        var aside = $"{tree.Store(pc)}.removed-{now:yyyyMMdd'T'HHmmss'Z'}";
        Directory.Move(tree.Store(pc), aside);
        // The number of its user may be given to another one day.
        if (isSystem) await RunAsync("chown", cancel, "-R", "-P", "--no-dereference", "root:root", "--", aside);
        return aside;
    }

    private async Task FolderAsync(string path, string mode, string owner, string group, CancellationToken cancel)
    {
        string[] owners = isSystem ? ["-o", owner, "-g", group] : [];
        await RunAsync("install", cancel, ["-d", "-m", isSystem ? mode : "0700", .. owners, "--", path]);
    }

    private async Task RunAsync(string program, CancellationToken cancel, params string[] arguments)
    {
        var result = await programs.RunAsync(new ProgramCall(program, arguments) { Limit = TimeSpan.FromHours(6) }, cancel);
        if (!result.Succeeded) throw new HostFault($"{program} failed") { Which = arguments[^1], Found = result.Error.Trim(), Remedy = "Run this as root (or as the owner of a private server), and see whether the file system is mounted read-only or full." };
    }
}
