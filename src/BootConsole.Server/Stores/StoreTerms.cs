// What a contract comes to in a store: its PC is told (contract.json), and its user is held to the space (quota). Always both, so that they never differ.
using BootConsole.Host;
using BootConsole.Images;
using BootConsole.Server.Accounts;
using BootConsole.Server.Catalogue;
using BootConsole.Stores;

namespace BootConsole.Server.Stores;

/// <summary>Puts contracts into force in stores.</summary>
/// <param name="programs">Runs the programs for quotas.</param>
/// <param name="tree">The server.</param>
/// <param name="isSystem">True where every PC has a user of its own; the PCs of a private server share one, and nobody can be held to a part of its space.</param>
internal sealed class StoreTerms(IProgramRunner programs, ServerTree tree, bool isSystem)
{
    // The parts of a store in which its PC can write.
    private static readonly string[] Parts = [.. ((StorePath[])[StoreNames.Images, StoreNames.Leases, StoreNames.Keys, StoreNames.Bad, StoreNames.Runs]).Select(part => part.Text)];

    private readonly SpaceQuota _quota = new(programs, tree.Stores);

    /// <summary>Tells a PC of its contract, and holds its user to it.</summary>
    /// <param name="pc">The PC; its user and its store exist.</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="use">What it has stored.</param>
    /// <param name="now">The server's time.</param>
    /// <param name="cancel">Gives it up.</param>
    internal async Task ApplyAsync(Pc pc, Contract contract, StoreUse use, DateTimeOffset now, CancellationToken cancel)
    {
        ContractFile.Write(tree.Store(pc.Name), pc, contract, use, now);
        await HoldAsync(pc, contract, cancel);
    }

    /// <summary>Holds a PC's user to the contract's space, by what is root's in its store now. To be called when files have changed hands.</summary>
    internal async Task HoldAsync(Pc pc, Contract contract, CancellationToken cancel)
    {
        // A contract without a limit takes away that of the one before.
        if (isSystem && (await _quota.FindAsync(cancel)).IsEnforced) await _quota.SetAsync(pc.Account, LimitOf(pc, contract), cancel);
    }

    /// <summary>Takes a user's limits away, before the user goes: its number may be given to another one.</summary>
    internal async Task ReleaseAsync(string account, CancellationToken cancel)
    {
        if (!isSystem || !(await _quota.FindAsync(cancel)).IsEnforced || await new SystemAccounts(programs).HomeAsync(account, cancel) is null) return;
        await _quota.SetAsync(account, SpaceLimit.None, cancel);
    }

    /// <summary>Whether the file system holds PCs to their space.</summary>
    internal Task<QuotaStanding> StandingAsync(CancellationToken cancel) => _quota.FindAsync(cancel);

    /// <summary>The limits in force, by user.</summary>
    internal Task<IReadOnlyDictionary<string, SpaceLimit>> LimitsAsync(CancellationToken cancel) => _quota.LimitsAsync(cancel);

    /// <summary>The limits that a PC's user shall have now.</summary>
    internal SpaceLimit LimitOf(Pc pc, Contract contract) => contract.SpaceBytes is null ? SpaceLimit.None : SpaceLimit.Of(contract, RootsShare.Of(tree.Store(pc.Name), Parts));
}
