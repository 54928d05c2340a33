// Checks of the machine and of the server's folder: programs, owners, catalogue, space, clock, copies.
using BootConsole.Core;
using BootConsole.Host;
using BootConsole.Server.Accounts;
using BootConsole.Server.Catalogue;
using BootConsole.Server.Copies;
using BootConsole.Server.Setup;

namespace BootConsole.Server.Health;

/// <summary>Checks that need nothing but the file system and the catalogue.</summary>
internal sealed class MachineChecks(Services services, ServerTree tree, ServerFacts facts, string program)
{
    private const long LeastBytes = 1L << 30;
    private const int LeastPercent = 10;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5), OldCopy = TimeSpan.FromDays(2);

    /// <summary>The programs that the server needs.</summary>
    internal IEnumerable<Finding> Tools()
    {
        var missing = ServerSetup.MissingTools(facts.IsSystem);
        if (missing.Count == 0) yield return Finding.Ok("programs", "All programs are installed.");
        foreach (var (name, package) in missing) yield return Finding.Fault("programs", $"{name} is not installed.", $"apt-get install {package}");
    }

    /// <summary>Owners and permissions of the tree, and of what lies above it.</summary>
    internal async Task<IReadOnlyList<Finding>> TreeAsync(CancellationToken cancel)
    {
        List<Finding> faults = [];
        if (facts.IsSystem)
            foreach (var path in (string[])[tree.Root, program])
                if (PathRules.Objection(path) is var (where, what)) faults.Add(Finding.Fault("owners", $"sshd trusts no path that others can change: {where}: {what}.", $"chown root:root {where} && chmod go-w {where}"));
        var account = facts.IsSystem ? await new ServerAccount(services.Programs).FindAsync(facts.Account, cancel) : new AccountNumbers(facts.Account, FileOwnership.Self, FileOwnership.SelfGroup);
        if (account is null) return [.. faults, Finding.Fault("owners", $"The user {facts.Account} is missing: sshd cannot ask anybody.", "'bootserver doctor --rebuild' makes it.")];
        foreach (var (path, mode, isAccounts) in new ServerSetup(services, tree, facts, program).Folders().Append((tree.Catalogue, WholeFile.Private, true)).Append((tree.OracleLog, WholeFile.Private, true)))
            if (Wrong(path, mode, facts.IsSystem && !isAccounts ? FileOwnership.Root : account.User) is { } what) faults.Add(Finding.Fault("owners", $"{path} {what}.", "'bootserver doctor --rebuild' mends it; find out who changed it."));
        return faults.Count > 0 ? faults : [Finding.Ok("owners", "The server's folders belong to whom they should.")];
    }

    /// <summary>Every page of the catalogue.</summary>
    internal static Finding Catalogue(CatalogueFile catalogue)
    {
        var wrong = catalogue.Check();
        return wrong.Count == 0
            ? Finding.Ok("catalogue", $"The catalogue is whole: {catalogue.Read(rows => rows.Pcs().Count)} PCs.")
            : Finding.Fault("catalogue", $"The catalogue is damaged: {PlainText.Of(wrong[0])}{(wrong.Count > 1 ? $", and {wrong.Count - 1} more" : "")}.", "Put a copy in its place (docs/bootserver.md, \"Copies\").");
    }

    /// <summary>Room where stores and catalogue are.</summary>
    internal Finding Space()
    {
        using var folder = LinuxFolder.Open(tree.Stores);
        var space = folder.FindSpace();
        var words = $"{ByteSize.Format(space.Free)} of {ByteSize.Format(space.Total)} are free for stores.";
        if (space.IsReadOnly) return Finding.Fault("space", "The file system of the stores is read-only.", "See the system's log for why, and mount it for writing.");
        if (space.Free < LeastBytes) return Finding.Fault("space", words, "Delete images ('bootserver images prune'), or enlarge the file system.");
        return space.Free < space.Total / 100 * LeastPercent ? Finding.Warning("space", words, "Delete images ('bootserver images prune'), or enlarge the file system.") : Finding.Ok("space", words);
    }

    /// <summary>The clock against what the catalogue has seen: contracts are judged by it.</summary>
    internal Finding Clock(CatalogueFile catalogue)
    {
        var now = services.Clock.GetUtcNow();
        var last = catalogue.Read(rows => rows.Events(1)).Select(change => change.Time).DefaultIfEmpty(now).Single();
        return last > now + Skew
            ? Finding.Fault("clock", $"The clock shows {now:yyyy-MM-dd HH:mm} UTC, and the catalogue was changed at {last:yyyy-MM-dd HH:mm} UTC: contracts are judged by a wrong clock.", "Set the clock, and let it follow a time server ('timedatectl set-ntp true').")
            : Finding.Ok("clock", $"The clock shows {now:yyyy-MM-dd HH:mm} UTC.");
    }

    /// <summary>The newest copy of catalogue and keys.</summary>
    internal Finding Copies()
    {
        const string remedy = "Enable the daily timer: systemctl enable --now bootserver-daily.timer (or run 'bootserver copy').";
        var newest = ServerCopies.All(tree) is [.., var last] ? last : null;
        if (newest is null) return Finding.Warning("copies", "There is no copy of catalogue and keys.", remedy);
        var age = services.Clock.GetUtcNow() - newest.Made;
        return age > OldCopy ? Finding.Warning("copies", $"The newest copy of catalogue and keys is of {newest.Made:yyyy-MM-dd HH:mm} UTC.", remedy) : Finding.Ok("copies", $"The newest copy of catalogue and keys is of {newest.Made:yyyy-MM-dd HH:mm} UTC.");
    }

    private static string? Wrong(string path, UnixFileMode mode, uint user)
    {
        if (FileOwnership.Of(path) is not { } found) return "is missing";
        if (found.User != user) return $"belongs to user {found.User} instead of {user}";
        return found.Mode != mode ? $"has mode {found.Octal} instead of 0{Convert.ToString((int)mode, 8)}" : null;
    }
}
